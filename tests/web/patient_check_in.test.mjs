/** The patient's way before the waiting room: date of birth, check-in one question a page, and what the room waits for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { agreed, consentOf, itemOf, mayJoin, openItems, pagesOf, straightIn, valueOf } from "../../web_client/js/patient/check_in.js";
import { step } from "../../web_client/js/patient/machine.js";
import { initialState, stageWordsOf } from "../../web_client/js/patient/state.js";
import { after, example, failed, found, types } from "./patient_rig.mjs";

const NOW = Date.parse("2026-11-22T14:31:00.000Z"); // the examples' server_time
const fresh = (more = {}) => initialState({ heard: true, code: "sample-code", token: null, startedAt: null, language: "en", now: NOW, ...more });
const view = (more = {}) => ({ type: "viewed", answer: { ok: { ...example("invitation_view"), server_time: "2026-11-22T14:31:00.000Z", ask_birth_date: false, ...more } }, now: NOW });
const item = (kind, more = {}) => ({ key: kind, kind, state: "open", title: {}, url: "", answer: {}, ...more });
const consent = { version: "2", texts: { en: "Limits.", es: "Límites." } };
const ALL = ["location", "callback", "consent", "reason"].map((kind) => item(kind));

/** A snapshot of somebody on the way, with these items. */
function snapshot({ items = ALL, identity = "not_asked", role = "patient", phase = "arrived", opens_at = "2026-11-22T14:00:00.000Z", gated = true } = {}) {
  const one = example("snapshot_waiting");
  const check_in = gated ? { complete: items.every((each) => each.state !== "open"), items, consent } : null;
  return { type: "snapshot", now: NOW, snapshot: { ...one, me: { ...one.me, phase, role, identity }, visit: { ...one.visit, opens_at }, check_in, next: null, messages: [] } };
}

const redeemed = [{ type: "start_tapped" }, { type: "redeemed", answer: { ok: example("redeemed") } }];
const started = [view(), ...redeemed, { type: "link", status: "connected" }];
const checked = (options) => [...started, snapshot(options), { type: "captured", result: found }];
const asked = (options) => [...checked(options), { type: "continue_tapped" }];
const typed = (name, value) => ({ type: "typed", name, value });

test("the page begins in the language that was booked, unless the person chose another", () => {
  assert.equal(step(fresh(), view({ language: "es" }))[0].language, "es");
  assert.equal(step(fresh({ languageChosen: true }), view({ language: "es" }))[0].language, "en");
  assert.equal(step(fresh(), view({ language: null }))[0].language, "en");
  assert.equal(after(fresh(), { type: "language_chosen", language: "es" }, view({ language: "en" }))[0].language, "es");
});

test("a clinic that asks for the date of birth asks before the devices are opened", () => {
  const [state, effects] = after(fresh(), view({ ask_birth_date: true }), ...redeemed);
  assert.deepEqual([state.screen, types(effects)], ["confirm", ["connect", "keepSession"]]);
  const [going, more] = after(state, { type: "link", status: "connected" }, snapshot({ identity: "not_asked" }));
  assert.deepEqual([going.screen, types(more)], ["devices", ["capture"]], "this device was not to be asked");
  assert.equal(after(fresh(), view({ ask_birth_date: true, role: "interpreter" }), ...redeemed)[0].screen, "devices", "guests are never asked");
});

const confirming = [view({ ask_birth_date: true }), ...redeemed, { type: "link", status: "connected" }, snapshot({ identity: "asked" })];
const born = (year, month, day) => [typed("birth.year", year), typed("birth.month", month), typed("birth.day", day), { type: "confirm_tapped" }];

test("the date is sent as the wire has it, once", () => {
  const [state, effects] = after(fresh(), ...confirming, ...born("1961", "4", " 30"));
  assert.deepEqual(effects, [{ type: "confirm", birth_date: "1961-04-30" }]);
  assert.deepEqual(step(state, { type: "confirm_tapped" })[1], []);
  assert.equal(step(state, snapshot({ identity: "asked" }))[0].busy, "confirm", "a snapshot on the way changes nothing");
  const [on, more] = after(state, { type: "confirmed", ack: { ok: {} } }, snapshot({ identity: "confirmed" }));
  assert.deepEqual([on.screen, on.draft, types(more)], ["devices", {}, ["capture"]]);
});

for (const [year, month, day] of [["61", "4", "30"], ["1961", "13", "1"], ["1961", "2", "30"], ["", "", ""], ["2961", "1", "1"], ["1961", "x", "1"]]) {
  test(`"${year}-${month}-${day}" is said to be no date, and is not sent`, () => {
    const [state, effects] = after(fresh(), ...confirming, ...born(year, month, day));
    assert.deepEqual([state.wrong, effects, state.busy], [{ field: "birth", key: "confirm.notADate" }, [], null]);
    assert.equal(state.draft["birth.year"], year, "what was typed stays");
  });
}

test("a wrong date says how many tries are left; the last one leads on, with kind words first", () => {
  const [asked] = after(fresh(), ...confirming, ...born("1961", "4", "29"));
  const [wrong] = step(asked, { type: "confirmed", ack: failed("birth_date_wrong", { tries_left: 4 }) });
  assert.deepEqual([wrong.screen, wrong.busy, wrong.wrong, wrong.draft["birth.day"]], ["confirm", null, { field: "birth", key: "confirm.wrong", n: 4 }, "29"]);
  const [last] = step(asked, { type: "confirmed", ack: failed("birth_date_wrong", { tries_left: 0 }) });
  assert.equal(last.unsure, true);
  const [told] = step(last, snapshot({ identity: "staff_checks" }));
  assert.equal(told.screen, "confirm", "the words stay until they are read");
  const [on, effects] = step(told, { type: "unsure_tapped" });
  assert.deepEqual([on.screen, on.unsure, types(effects)], ["devices", false, ["capture"]]);
  assert.equal(step(last, { type: "unsure_tapped" })[0].screen, "devices", "also before the snapshot of it has come");
});

for (const [phase, screen, words] of [["waiting", "waiting", "nobody"], ["on_hold", "visit", "letIn"], ["in_visit", "visit", "nobody"], ["left", "ended", "nobody"]]) {
  test(`a device that takes over while the patient is ${phase} is asked first, and then goes to ${screen}`, () => {
    const [state, effects] = after(fresh(), view({ ask_birth_date: true }), ...redeemed, { type: "link", status: "connected" }, snapshot({ identity: "asked", phase }));
    assert.deepEqual([state.screen, effects], ["confirm", [{ type: "media", media: null }]]);
    const sent = after(state, ...born("1961", "4", "30"))[0];
    assert.deepEqual([step(sent, snapshot({ identity: "asked", phase }))[0].screen, sent.busy], ["confirm", "confirm"]);
    const [on] = after(sent, { type: "confirmed", ack: { ok: {} } }, snapshot({ identity: "confirmed", phase }));
    assert.deepEqual([on.screen, on.draft, on.busy, stageWordsOf(on)], [screen, {}, null, words]);
    const [unsure] = after(sent, { type: "confirmed", ack: failed("birth_date_wrong", { tries_left: 0 }) }, snapshot({ identity: "staff_checks", phase }));
    assert.equal(unsure.screen, "confirm", "the words stay until they are read");
    assert.equal(step(unsure, { type: "unsure_tapped" })[0].screen, screen);
  });
}

test("let in again, a later hold is a hold like any other", () => {
  const [held] = after(fresh(), ...started, snapshot({ phase: "on_hold" }));
  assert.equal(held.moved, true);
  const [again] = after(held, snapshot({ phase: "in_visit" }), snapshot({ phase: "on_hold" }));
  assert.deepEqual([again.moved, stageWordsOf(again)], [false, "onHold"]);
});

test("a date that was lost on the way keeps what was typed, and says so", () => {
  const [state] = after(fresh(), ...confirming, ...born("1961", "4", "30"), { type: "confirmed", ack: failed("offline") });
  assert.deepEqual([state.notice, state.busy, state.draft["birth.year"]], ["offline", null, "1961"]);
});

test("Join stands on the device check only where nothing comes between", () => {
  const of = (options) => after(fresh(), ...checked(options))[0];
  assert.equal(straightIn(of({ items: [] })), true);
  assert.equal(straightIn(of({ gated: false, role: "interpreter" })), true);
  assert.equal(straightIn(of({})), false);
  assert.equal(straightIn(of({ items: [], opens_at: "2026-11-22T15:00:00.000Z" })), false);
  assert.deepEqual(types(step(of({ items: [] }), { type: "join_tapped" })[1]), ["wakeAudio", "join"]);
});

test("the check-in begins at the first open question; what staff waived is none", () => {
  const items = [item("location", { state: "done", answer: { state: "NY", address: "1 Sample Street" } }), item("reason", { state: "waived" }), item("callback"), item("consent")];
  const [state] = after(fresh(), ...asked({ items }));
  assert.deepEqual([state.screen, state.page, pagesOf(state).length], ["checkin", "callback", 3]);
  const [back] = step(state, { type: "back_tapped" });
  assert.deepEqual([back.page, valueOf(back, itemOf(back), "state"), valueOf(back, itemOf(back), "address")], ["location", "NY", "1 Sample Street"]);
  assert.equal(step(back, { type: "back_tapped" })[0].screen, "devices");
});

test("a reload in the middle of the check-in goes back to it, and to the camera only when the room is open", () => {
  const items = [item("location", { state: "done", answer: { state: "NY", address: "1 Sample Street" } }), item("callback")];
  const reload = (options) => after(fresh({ token: "t" }), { type: "opened" }, { type: "link", status: "connected" }, snapshot(options))[0];
  const [later, now] = ["2026-11-24T14:00:00.000Z", "2026-11-22T14:00:00.000Z"];
  const back = reload({ items, opens_at: later });
  assert.deepEqual([back.screen, back.page, back.busy], ["checkin", "callback", null]);
  assert.equal(reload({ items, opens_at: now }).screen, "devices");
  assert.equal(reload({ opens_at: later }).screen, "devices", "nothing was answered yet");
});

test("each answer is saved as it is given, and leads to the next page", () => {
  const [state, effects] = after(fresh(), ...asked(), typed("location.state", "NY"), typed("location.address", " 1 Sample\nStreet "), { type: "continue_tapped" });
  assert.deepEqual(effects, [{ type: "answer", item: "location", answer: { state: "NY", address: "1 Sample Street" } }]);
  assert.deepEqual(step(state, { type: "continue_tapped" })[1], [], "once");
  const [next] = step(state, { type: "answered", item: "location", ack: { ok: {} } });
  assert.deepEqual([next.page, next.busy, next.wrong], ["callback", null, null]);
});

test("an answer that can not be taken is said at its field, and nothing typed is lost", () => {
  const [state] = after(fresh(), ...asked(), typed("location.address", "1 Sample Street"), { type: "continue_tapped" }, { type: "answered", item: "location", ack: failed("invalid_answer", { field: "state", reason: "…" }) });
  assert.deepEqual([state.page, state.wrong, valueOf(state, itemOf(state), "address")], ["location", { field: "location.state", key: "checkin.wrong.state" }, "1 Sample Street"]);
  const [later] = step(state, snapshot());
  assert.equal(valueOf(later, itemOf(later), "address"), "1 Sample Street", "nor by a snapshot");
});

test("an answer that was lost on the way stays on its page and says so", () => {
  const [state] = after(fresh(), ...asked(), { type: "continue_tapped" }, { type: "answered", item: "location", ack: failed("timeout") });
  assert.deepEqual([state.page, state.notice, state.busy], ["location", "timeout", null]);
});

test("an answer that stands already is not sent again", () => {
  const items = [item("callback", { state: "done", answer: { phone: "555-0142" } }), item("reason")];
  const [state] = after(fresh(), ...asked({ items }), { type: "back_tapped" });
  assert.deepEqual([step(state, { type: "continue_tapped" })[0].page, step(state, { type: "continue_tapped" })[1]], ["reason", []]);
  assert.deepEqual(types(after(state, typed("callback.phone", "555-0143"), { type: "continue_tapped" })[1]), ["answer"]);
});

test("the number to call stands in its field only where it was answered", () => {
  const [state] = after(fresh(), ...asked({ items: [item("callback")] }));
  assert.deepEqual([state.snapshot.visit.callback_known, valueOf(state, itemOf(state), "phone")], [true, ""]);
});

test("consent names the version and the language of the text that was shown, and a new version is asked anew", () => {
  const items = [item("consent", { state: "done", answer: { version: "1", language: "en" } }), item("reason")];
  const [state] = after(fresh(), ...asked({ items }), { type: "back_tapped" }, { type: "language_chosen", language: "es" });
  assert.deepEqual([consentOf(state), agreed(state, itemOf(state))], [{ version: "2", language: "es", text: "Límites." }, false]);
  assert.deepEqual(step(state, { type: "continue_tapped" })[1], [{ type: "answer", item: "consent", answer: { version: "2", language: "es" } }]);
  const only = { ...state, snapshot: { ...state.snapshot, check_in: { ...state.snapshot.check_in, consent: { version: "2", texts: { en: "Limits." } } } } };
  assert.deepEqual(consentOf(only), { version: "2", language: "en", text: "Limits." });
});

test("an item of the portal's is passed, keeps the room shut, and opens it when the portal has reported", () => {
  const form = item("external", { key: "insurance" });
  const [state] = after(fresh(), ...asked({ items: [form] }));
  const [last, effects] = step(state, { type: "continue_tapped" });
  assert.deepEqual([last.page, effects, mayJoin(last), openItems(last).map((one) => one.key)], ["ready", [], false, ["insurance"]]);
  assert.deepEqual(step(last, { type: "join_tapped" }), [last, []]);
  assert.equal(step(last, { type: "item_tapped", item: "insurance" })[0].page, "insurance");
  const [open] = step(last, snapshot({ items: [{ ...form, state: "done" }] }));
  assert.deepEqual([open.page, mayJoin(open), types(step(open, { type: "join_tapped" })[1])], ["ready", true, ["wakeAudio", "join"]]);
});

test("a question that staff waive under the patient's hands makes way for the next", () => {
  const [state] = after(fresh(), ...asked());
  const rest = ALL.map((one) => (one.key === "location" ? { ...one, state: "waived" } : one));
  assert.equal(step(state, snapshot({ items: rest }))[0].page, "callback");
  const late = after(state, { type: "continue_tapped" }, { type: "answered", item: "location", ack: failed("item_unknown") })[0];
  assert.deepEqual([late.page, late.notice], ["callback", null]);
});

test("days before the visit: check-in without a camera that stays on, and a countdown until the room opens", () => {
  const opens_at = "2026-11-22T14:31:05.000Z";
  const [state, effects] = after(fresh(), ...asked({ items: [], opens_at, phase: "preparing" }));
  assert.deepEqual([state.screen, state.page, mayJoin(state), state.devices.status, types(effects)], ["checkin", "ready", false, "idle", ["releaseDevices", "endNetworkTest"]]);
  const [open] = step(state, { type: "tick", now: NOW + 5000 });
  assert.equal(mayJoin(open), true);
  const [waiting, more] = after(open, { type: "join_tapped" }, snapshot({ items: [], phase: "waiting" }));
  assert.deepEqual([waiting.screen, types(more).includes("capture")], ["waiting", true], "the camera comes back with the waiting room");
});

test("what the server refuses at the door of the waiting room leads to where it can be mended", () => {
  const [joining] = after(fresh(), ...checked({ items: [] }), { type: "join_tapped" });
  const incomplete = step({ ...joining, snapshot: snapshot().snapshot }, { type: "joined", ack: failed("check_in_incomplete", { items: "location" }) })[0];
  assert.deepEqual([incomplete.screen, incomplete.page, incomplete.wants, incomplete.notice], ["checkin", "location", null, null]);
  assert.equal(step(joining, { type: "joined", ack: failed("too_early") })[0].page, "ready");
  assert.equal(step(joining, { type: "joined", ack: failed("identity_needed") })[0].screen, "confirm");
});

test("a tap before the first snapshot goes where that snapshot leads", () => {
  const [early, effects] = after(fresh(), ...started, { type: "captured", result: found }, { type: "join_tapped" });
  assert.deepEqual([early.busy, types(effects)], ["join", ["wakeAudio", "join"]]);
  assert.deepEqual(types(step(early, snapshot({ items: [] }))[1]), ["join"]);
  const [asked] = step(early, snapshot());
  assert.deepEqual([asked.screen, asked.page, asked.busy, asked.wants], ["checkin", "location", null, null]);
});

test("a companion is led past the open questions, and may go in without them", () => {
  const [state] = after(fresh(), ...asked({ role: "companion" }));
  assert.deepEqual([state.screen, state.page, mayJoin(state)], ["checkin", "location", true]);
  assert.deepEqual(pagesOf(state).map((one) => one.kind), ["location", "callback", "reason"], "consent is the patient's own");
});
