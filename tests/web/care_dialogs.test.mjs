/** The care team's dialogs: what each asks of the server, and what becomes of the answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clockAt, instantsOf, nextDay } from "../../web_client/js/care/clinic_days.js";
import { step } from "../../web_client/js/care/machine.js";
import { ageOf, lostOf, reasonToCall } from "../../web_client/js/care/row_facts.js";
import { after, answered, asked, change, example, failed, fresh, preview, visiting } from "./care_rig.mjs";

const about = { visit: "v1", name: "Sample Patient" };
const open = (dialog, events = preview) => after(fresh(), ...events, { type: "dialog_opened", dialog });
const send = (dialog, values = {}, events = preview) => step(open(dialog, events)[0], { type: "dialog_sent", values });

const OVER_SOCKET = [
  [{ kind: "end", ...about }, {}, "visit.end", { visit: "v1" }],
  [{ kind: "no_show", ...about }, {}, "visit.no_show", { visit: "v1" }],
  [{ kind: "complete", ...about }, {}, "visit.complete", { visit: "v1" }],
  [{ kind: "remove", ...about, participant: "p1" }, {}, "visit.remove", { visit: "v1", participant: "p1" }],
  [{ kind: "hand_over", ...about }, { to: "sample.nurse" }, "visit.hand_over", { visit: "v1", to: "sample.nurse" }],
  [{ kind: "invite", ...about }, { role: "companion", name: " A B ", minutes: "30" }, "visit.invite", { visit: "v1", role: "companion", name: "A B", minutes: 30 }],
  [{ kind: "call", ...about, phone: "1", reason: "asked" }, { reason: "asked", result: "solved", note: "" }, "call.record", { visit: "v1", reason: "asked", result: "solved", note: "" }],
  [{ kind: "waive", visit: "v1", item: "location", title: "x" }, { reason: "urgent", note: " n " }, "checkin.waive", { visit: "v1", item: "location", reason: "urgent", note: "n" }],
  [{ kind: "late", visit: null, name: "" }, { minutes: "15" }, "queue.late", { minutes: 15 }],
  [{ kind: "late", ...about }, { minutes: "0" }, "queue.late", { minutes: 0, visit: "v1" }],
];

for (const [dialog, values, name, argument] of OVER_SOCKET) {
  test(`${dialog.kind} asks ${name}, once, and closes or shows when it is answered`, () => {
    const [state, effects] = send(dialog, values);
    assert.deepEqual(effects, [{ type: "request", name, argument }]);
    assert.deepEqual(step(state, { type: "dialog_sent", values })[1], []);
    const [refused] = step(state, answered(name, argument, failed("wrong_state")));
    assert.deepEqual([refused.dialog.failing, refused.failing], [{ code: "wrong_state" }, null], "said in the dialog, and what was typed stays");
    assert.deepEqual(step(refused, { type: "dialog_sent", values })[1], effects, "it can be sent again");
    const ok = { told: 3, url: "u", expires_at: "t" };
    const [done] = step(state, answered(name, argument, { ok }));
    assert.deepEqual(done.dialog?.answer ?? null, ["invite", "late"].includes(dialog.kind) ? ok : null);
  });
}

test("a dialog that was closed sends nothing, and a late answer does not open it", () => {
  const [state] = send({ kind: "call", ...about, phone: "1", reason: "asked" }, { reason: "asked", result: "solved", note: "" });
  const [closed] = step(state, { type: "dismissed" });
  assert.deepEqual(step(closed, { type: "dialog_sent", values: {} }), [closed, []]);
  assert.equal(step(closed, answered("call.record", {}, { ok: {} }))[0].dialog, null);
  assert.deepEqual(step(closed, answered("call.record", {}, failed("storage_failed")))[0].failing, { code: "storage_failed" }, "a refusal is said all the same");
});

test("Hand over and New appointment look up the colleagues", () => {
  const [state, effects] = open({ kind: "hand_over", ...about }, visiting);
  assert.deepEqual(asked(effects), ["staff.list"]);
  assert.equal(step(state, answered("staff.list", {}, { ok: example("colleagues") }))[0].colleagues.length, 2);
  assert.deepEqual(step(state, answered("staff.list", {}, failed("forbidden")))[0].colleagues, []);
  assert.deepEqual(asked(open({ kind: "book" })[1]), ["staff.list"]);
});

test("the visit's end closes what was asked in it", () => {
  const [state] = open({ kind: "end", ...about }, visiting);
  assert.equal(state.dialog.kind, "end");
  const [over] = step(state, { ...preview[3] });
  assert.deepEqual([over.screen, over.dialog], ["preview", null]);
});

const FORM = { name: " New Patient ", birth_date: "1990-02-03", phone: "555-0100", email: "", language: "es", provider: "sample.provider", date: "2026-11-24", time: "09:30", minutes: "20", reason: "Cough", interpreter: "on" };

test("booking goes over HTTP with the clinic's own clock time, and shows the link", () => {
  const [state, effects] = send({ kind: "book" }, FORM);
  assert.deepEqual(effects, [{ type: "call", name: "book", token: "sample-token", argument: {
    starts_at: "2026-11-24T09:30", minutes: 20, providers: ["sample.provider"], reason: "Cough",
    patient: { name: "New Patient", language: "es", phone: "555-0100", email: "", birth_date: "1990-02-03", interpreter: true, sms_opt_in: false },
  } }]);
  const [wrong] = step(state, answered("book", {}, failed("invalid_booking", { field: "patient.phone", reason: "…" })));
  assert.deepEqual(wrong.dialog.failing, { code: "invalid_booking", field: "patient.phone", reason: "…" });
  const ok = { id: "v9", links: { patient: "https://x/v#y" } };
  const [done] = step(state, answered("book", {}, { ok }));
  assert.equal(done.dialog.answer, ok);
  assert.deepEqual(step(done, { type: "copy_tapped", text: "t" })[1], [{ type: "copy", text: "t" }]);
  assert.equal(step(done, { type: "copied" })[0].dialog.copied, true);
  assert.deepEqual(send({ kind: "book" }, { ...FORM, provider: "", birth_date: "" })[1][0].argument.providers, []);
});

test("from the call list an appointment is moved or cancelled, and the list is drawn anew", () => {
  const listed = [...preview, { type: "readiness_tapped" }];
  for (const dialog of [{ kind: "reschedule", ...about, starts_at: "2026-11-23T14:30:00.000Z" }, { kind: "cancel", ...about }]) {
    const [state] = send(dialog, { date: "2026-11-24", time: "10:00" }, listed);
    assert.deepEqual(asked(step(state, answered(dialog.kind, {}, { ok: { links: { patient: "u" } } }))[1]), ["readiness.list"]);
  }
  assert.deepEqual(["America/New_York", "UTC"].map((zone) => clockAt(Date.parse("2026-11-23T05:05:00.000Z"), zone)), ["00:05", "05:05"]);
});

test("another time, and cancelling", () => {
  assert.deepEqual(send({ kind: "reschedule", ...about }, { date: "2026-11-24", time: "10:00" })[1][0], { type: "call", name: "reschedule", token: "sample-token", argument: { visit: "v1", starts_at: "2026-11-24T10:00" } });
  assert.deepEqual(send({ kind: "cancel", ...about })[1][0], { type: "call", name: "cancel", token: "sample-token", argument: { visit: "v1" } });
});

test("a clock time that does not exist, or comes twice, is not guessed", () => {
  const [skipped, none] = send({ kind: "book" }, { ...FORM, date: "2027-03-14", time: "02:30" });
  assert.deepEqual([skipped.dialog.failing.field, none], ["skipped", [{ type: "focus", id: "ask-date" }]], "whoever reads what is wrong stands in the field");
  const twice = { ...FORM, date: "2027-11-07", time: "01:30" };
  const [asking] = send({ kind: "book" }, twice);
  assert.deepEqual([asking.dialog.failing.field, asking.dialog.twice], ["fold", true]);
  assert.equal(step(asking, { type: "dialog_sent", values: { ...twice, fold: "1" } })[1][0].argument.fold, 1);
});

test("the password is changed over HTTP, and a weak one says why", () => {
  const [state, effects] = send({ kind: "password" }, { old: "a", new: "b" });
  assert.deepEqual(effects, [{ type: "call", name: "password", token: "sample-token", argument: { old: "a", new: "b" } }]);
  assert.deepEqual(step(state, answered("password", {}, failed("password_weak", { reason: "too_short" })))[0].dialog.failing, { code: "password_weak", reason: "too_short" });
  assert.deepEqual(step(state, answered("password", {}, { ok: {} }))[0].dialog.answer, {});
});

test("the clinic's clocks: once, twice, never", () => {
  const at = (day, time) => instantsOf(day, time, "America/New_York").map((one) => new Date(one).toISOString());
  assert.deepEqual(at("2026-11-22", "14:30"), ["2026-11-22T19:30:00.000Z"]);
  assert.deepEqual(at("2027-11-07", "01:30"), ["2027-11-07T05:30:00.000Z", "2027-11-07T06:30:00.000Z"]);
  assert.deepEqual(at("2027-03-14", "02:30"), []);
  assert.deepEqual(at("2027-03-14", "03:00"), ["2027-03-14T07:00:00.000Z"]);
  assert.deepEqual([at("", "14:30"), at("2026-11-22", "")], [[], []]);
  assert.equal(nextDay("2026-12-31"), "2027-01-01");
});

test("who is lost, since when, and whose phone only sleeps", () => {
  const [, row] = example("snapshot_care").queue.rows;
  const now = Date.parse("2026-11-22T14:30:50.000Z");
  assert.deepEqual(lostOf(row, now), { seconds: 20, asleep: false });
  assert.deepEqual(lostOf({ ...row, readiness: { device: "phone" } }, now), { seconds: 20, asleep: true });
  assert.equal(lostOf({ ...row, patient: { ...row.patient, connected: true } }, now), null);
  assert.equal(lostOf({ ...row, patient: { ...row.patient, phase: "left" } }, now), null);
});

test("ages are whole years", () => {
  assert.deepEqual([ageOf("1961-04-30", "2026-04-29"), ageOf("1961-04-30", "2026-04-30"), ageOf("2026-11-01", "2026-11-22")], [64, 65, 0]);
});

test("why a patient is rung is nobody's guess, unless they asked for it", () => {
  const row = example("snapshot_care").queue.rows[0];
  assert.deepEqual([reasonToCall(row), reasonToCall({ ...row, wishes: [] })], ["asked", ""]);
});

test("what is missing is said in the dialog, and the focus goes to it; a refusal's field as well", () => {
  const [state] = open({ kind: "waive", visit: "v1", item: "location", title: "x" });
  const [missing, effects] = step(state, { type: "dialog_incomplete", field: "reason_missing" });
  assert.deepEqual([missing.dialog.failing.field, effects], ["reason_missing", [{ type: "focus", id: "ask-reason" }]]);
  for (const [field, id] of [["patient.phone", "ask-phone"], ["starts_at", "ask-date"], ["providers", "ask-provider"]]) {
    const [sent] = send({ kind: "book" }, FORM);
    assert.deepEqual(step(sent, answered("book", {}, failed("invalid_booking", { field })))[1], [{ type: "focus", id }]);
  }
});

test("after a waived item the focus goes on to the next open one, else to the heading", () => {
  const items = (...open) => ({ complete: false, items: open.map((key) => ({ key, kind: "external", state: "open", title: {}, url: "", answer: {} })) });
  const focus = (...open) => {
    const [state] = send({ kind: "waive", visit: "v1", item: "location", title: "x" }, { reason: "urgent", note: "" }, [...preview, change("v1", { check_in: items(...open) })]);
    return step(state, answered("checkin.waive", {}, { ok: {} }))[1];
  };
  assert.deepEqual([focus("location", "reason"), focus("location")], [[{ type: "focus", id: "waive-v1-reason" }], [{ type: "focus", id: "items-v1" }]]);
});

test("one provider's patients alone are told of a delay, where that is chosen", () => {
  const told = (dialog, provider) => send(dialog, { minutes: "15", provider })[1][0].argument;
  assert.deepEqual(told({ kind: "late", visit: null, name: "" }, "dr"), { minutes: 15, provider: "dr" });
  assert.deepEqual(told({ kind: "late", visit: null, name: "" }, ""), { minutes: 15 });
});
