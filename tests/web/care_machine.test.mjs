/** The care team's machine outside of a visit: signing in and out, the list, what is open, the sign-off of an idle screen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TAPS, step } from "../../web_client/js/care/machine.js";
import { hasSound, selectedRow, signOffIn } from "../../web_client/js/care/state.js";
import { waitOf } from "../../web_client/js/care/waits.js";
import { NOW, after, answered, asked, change, example, failed, fresh, idle, preview, queue, signedIn, snapshot, types } from "./care_rig.mjs";

test("signing in: the token is kept, the socket connects", () => {
  const [busy, effects] = step(fresh(), signedIn[0]);
  assert.deepEqual([busy.busy, types(effects)], [true, ["signIn", "wakeAudio"]]);
  assert.deepEqual(step(busy, signedIn[0])[1], [], "once, however often it is tapped");
  const [state, more] = step(busy, signedIn[1]);
  assert.deepEqual([state.screen, more], ["queue", [{ type: "keepToken", token: "sample-token" }, { type: "connect", token: "sample-token" }]]);
});

test("a refused sign-in stays and says why", () => {
  const [wrong] = after(fresh(), signedIn[0], { type: "signed_in", answer: failed("sign_in_failed") });
  assert.deepEqual([wrong.screen, wrong.failing, wrong.busy], ["signin", { code: "sign_in_failed" }, false]);
  const [many] = after(fresh(), signedIn[0], { type: "signed_in", answer: failed("too_many_attempts", { retry_after_s: 42 }) });
  assert.deepEqual(many.failing, { code: "too_many_attempts", seconds: 42 });
});

test("a reload keeps the session; without one nothing connects", () => {
  assert.deepEqual(after(fresh({ token: "t" }), { type: "opened" })[1], [{ type: "connect", token: "t" }]);
  assert.equal(fresh({ token: "t" }).screen, "queue");
  assert.deepEqual(after(fresh(), { type: "opened" })[1], []);
});

test("signing out, and being signed out, let go of everything", () => {
  const gone = ["closeMedia", "disconnect", "releaseDevices", "forgetToken", "keepVisit", "keepAwake"];
  const cases = [[{ type: "sign_out_tapped" }, null, ["signOut", ...gone]], [{ type: "ended", code: "session_expired" }, { code: "session_expired" }, gone], [{ type: "ended", code: "idle" }, { code: "idle" }, gone]];
  for (const [event, failing, effects] of cases) {
    const [state, done] = after(fresh(), ...preview, event);
    assert.deepEqual([state.screen, state.token, state.snapshot, state.failing, state.rows.size, state.shown], ["signin", null, null, failing, 0, []]);
    assert.deepEqual(types(done), effects);
  }
});

test("choosing a row opens it and tells the server once; going back closes it", () => {
  const [open, effects] = after(fresh(), ...preview);
  assert.deepEqual([open.screen, selectedRow(open).patient.name], ["preview", "Sample Patient"]);
  assert.deepEqual(effects, [{ type: "request", name: "visit.look", argument: { visit: "v1" } }]);
  assert.deepEqual(asked(step(open, { type: "row_chosen", visit: "v1" })[1]), [], "the same one again is no new look");
  assert.deepEqual(asked(step(open, { type: "row_chosen", visit: "v2" })[1]), ["visit.look"]);
  const [back] = step(open, { type: "back_tapped" });
  assert.deepEqual([back.screen, back.selected], ["queue", null]);
  assert.deepEqual(asked(step(back, { type: "row_chosen", visit: "v1" })[1]), ["visit.look"], "another opening is another look");
});

test("a row that is gone closes its preview and cannot be chosen", () => {
  const gone = change("v2", {});
  gone.snapshot.queue = { full: false, rows: [], gone: ["v1"] };
  const [state] = after(fresh(), ...preview, gone);
  assert.equal(state.screen, "queue");
  assert.deepEqual(step(state, { type: "row_chosen", visit: "v1" }), [state, []]);
});

test("arrow keys move between the rows that are shown and stop at the ends", () => {
  const [state] = after(fresh(), ...queue);
  const focus = (of, from, by) => step(of, { type: "row_moved", from, by })[1][0].id;
  assert.deepEqual([focus(state, "v1", 1), focus(state, "v2", 1), focus(state, "v1", -1), focus(state, null, 1)], ["row-v2", "row-v2", "row-v1", "row-v1"]);
  const [found] = step(state, { type: "filter_changed", filter: { text: "second" } });
  assert.equal(focus(found, null, 1), "row-v2");
});

test("a refusal goes with the next request that works, with another row, and after a while", () => {
  const [state] = after(fresh(), ...preview, answered("visit.hold", {}, failed("wrong_state")));
  const code = (event) => step(state, event)[0].failing?.code ?? null;
  assert.equal(code(answered("message.read", {}, { ok: {} })), "wrong_state", "what the page asks by itself is no sign");
  assert.deepEqual([code(answered("visit.hold", {}, { ok: {} })), code({ type: "row_chosen", visit: "v2" })], [null, null]);
  assert.deepEqual([14_999, 15_000].map((ms) => code({ type: "tick", now: NOW + ms })), ["wrong_state", null]);
});

test("the tone is each person's own on this computer", () => {
  const [state] = after(fresh(), ...queue);
  assert.ok(hasSound(state));
  const [off, effects] = step(state, { type: "tone_tapped" });
  assert.deepEqual([hasSound(off), effects.at(-1)], [false, { type: "keepSilent", silent: ["sample.provider"] }]);
  assert.deepEqual(step(off, { type: "tone_tapped" })[1].at(-1), { type: "keepSilent", silent: [] });
  assert.ok(hasSound(after(fresh({ silent: ["sample.nurse"] }), ...queue)[0]));
});

test("the server is told of a person at most once a minute, and of every one", () => {
  const [state, first] = after(fresh(), ...queue);
  assert.deepEqual(asked(first), ["presence.active"], "opening the page is something that a person does");
  const at = (s) => NOW + s * 1000;
  const [soon, none] = after(state, { type: "active", now: at(5) });
  assert.deepEqual(asked(none), []);
  assert.deepEqual(asked(after(soon, { type: "tick", now: at(59) })[1]), []);
  const [told, later] = after(soon, { type: "tick", now: at(60) });
  assert.deepEqual(asked(later), ["presence.active"], "the key of the fifth second is not lost");
  assert.deepEqual(asked(after(told, { type: "tick", now: at(200) })[1]), [], "nobody did anything since");
  assert.deepEqual(asked(after(told, { type: "active", now: at(200) })[1]), ["presence.active"]);
  const [cut] = after(told, { type: "link", status: "reconnecting" }, { type: "active", now: at(300) });
  assert.deepEqual(asked(after(cut, { type: "link", status: "connected" }, { type: "tick", now: at(301) })[1]), ["presence.active"]);
});

test("a minute before the sign-off the page asks, and any key answers", () => {
  const [state] = after(fresh(), ...queue);
  const at = (s) => ({ type: "tick", now: NOW + s * 1000 });
  assert.equal(signOffIn(after(state, at(839))[0]), null);
  const [asking] = after(state, at(850));
  assert.equal(signOffIn(asking), 50);
  const [stays, effects] = step(asking, { type: "active", now: NOW + 851_000 });
  assert.deepEqual([signOffIn(stays), asked(effects)], [null, ["presence.active"]]);
  const [inside] = after(fresh(), ...signedIn, snapshot({ elsewhere: true, media: null }), at(850));
  assert.equal(signOffIn(inside), null, "nobody in a visit is asked");
  const [out] = step(inside, { ...idle, now: NOW + 851_000 });
  assert.equal(signOffIn(out), null, "a long visit is no idleness");
});

test("alerts, language, clock, front and statuses are kept", () => {
  assert.deepEqual(types(step(fresh(), { type: "alerts_tapped" })[1]), ["askForAlerts"]);
  assert.equal(step(fresh(), { type: "alerts_answered", alerts: "granted" })[0].alerts, "granted");
  assert.equal(step(fresh(), { type: "language_chosen", language: "es" })[0].language, "es");
  assert.equal(step(fresh(), { type: "tick", now: 7 })[0].now, 7);
  assert.equal(step(fresh(), { type: "media", status: "connected" })[0].media, "connected");
  assert.equal(step(fresh(), { type: "front", front: false })[0].front, false);
});

test("the call list: tomorrow first, any day then, drawn anew after a call or a note", () => {
  const [state, effects] = after(fresh(), ...queue, { type: "readiness_tapped" });
  assert.deepEqual([state.readiness, effects], [{ day: "2026-11-23", list: null }, [{ type: "request", name: "readiness.list", argument: { day: "2026-11-23" } }]]);
  const [other] = step(state, { type: "readiness_day", day: "2026-11-25" });
  const list = { ...example("call_list"), day: "2026-11-23" };
  assert.equal(step(other, answered("readiness.list", { day: "2026-11-23" }, { ok: list }))[0].readiness.list, null, "an answer about another day");
  const [shown] = step(state, answered("readiness.list", { day: "2026-11-23" }, { ok: list }));
  assert.equal(shown.readiness.list, list);
  assert.deepEqual(asked(step(shown, { type: "note_kept", visit: "v9", text: "x" })[1]), ["note.keep"]);
  assert.deepEqual(asked(step(shown, answered("note.keep", {}, { ok: {} }))[1]), ["readiness.list"]);
  assert.equal(step(shown, { type: "readiness_closed" })[0].readiness, null);
  assert.deepEqual(step(state, { type: "readiness_day", day: "" }), [state, []], "the field was emptied");
});

test("messages: canned or free, cleared when they went, said when they did not", () => {
  const [state] = after(fresh(), ...preview);
  const send = (more) => step(state, { type: "message_sent", visit: "v1", participant: "p1", ...more })[1];
  assert.deepEqual(send({ text: " Hello " })[0].argument, { visit: "v1", participant: "p1", text: "Hello" });
  assert.deepEqual(send({ canned: "soon" })[0].argument, { visit: "v1", participant: "p1", canned: "soon" });
  assert.deepEqual(send({ text: "  " }), []);
  const went = answered("message.send", { visit: "v1", participant: "p1", text: "Hello" }, { ok: {} });
  assert.deepEqual(step(state, went)[1], [{ type: "clear", id: "message-p1", text: "Hello" }]);
  const [refused, none] = step(state, { ...went, ack: failed("wrong_state") });
  assert.deepEqual([refused.failing, none], [{ code: "wrong_state" }, []]);
  assert.deepEqual(step(state, { type: "message_tapped", participant: "p1" })[1], [{ type: "focus", id: "message-p1" }]);
});

test("a message that is sent by a double tap is one message; other words, another person, a refusal or some seconds make it two", () => {
  const [state] = after(fresh(), ...preview);
  const soon = { type: "message_sent", visit: "v1", participant: "p1", canned: "soon" };
  const [sent] = step(state, soon);
  assert.deepEqual(step(sent, soon), [sent, []]);
  for (const other of [{ ...soon, canned: "late" }, { ...soon, participant: "g1" }]) assert.deepEqual(asked(step(sent, other)[1]), ["message.send"]);
  const [refused] = step(sent, answered("message.send", { visit: "v1", participant: "p1", canned: "soon" }, failed("offline")));
  assert.deepEqual(asked(step(refused, soon)[1]), ["message.send"]);
  assert.deepEqual(asked(after(sent, { type: "tick", now: NOW + 4000 }, soon)[1]), ["message.send"]);
});

test("what a patient wrote is read when it is open in front, delivered when it stands there, and told once", () => {
  const wrote = { id: "m9", participant: "p1", at: "2026-11-22T14:30:59.000Z", from_staff: false, name: "Sample Patient", text: "Hi", canned: "", delivered: false, read: false };
  const news = change("v1", { messages: [wrote] });
  const marks = (effects) => effects.filter((effect) => effect.name === "message.read").map((effect) => effect.argument);
  const mark = { visit: "v1", participant: "p1", message: "m9" };
  const [state, effects] = after(fresh(), ...preview, news);
  assert.deepEqual(marks(effects), [{ ...mark, read: true }]);
  assert.deepEqual(marks(step(state, news)[1]), [], "while the answer is under way");
  assert.deepEqual(marks(after(fresh(), ...preview, { type: "front", front: false }, news)[1]), [{ ...mark, read: false }]);
  assert.deepEqual(marks(after(fresh(), ...queue, news)[1]), [{ ...mark, read: false }], "the list tells of it");
  assert.deepEqual(marks(after(fresh(), ...queue, news, { type: "row_chosen", visit: "v1" })[1]), [{ ...mark, read: true }]);
  const [cut] = after(state, { type: "link", status: "reconnecting" });
  assert.deepEqual(marks(step(cut, { type: "link", status: "connected" })[1]), [{ ...mark, read: true }], "the first one may have been lost");
  assert.deepEqual(step(state, answered("message.read", mark, failed("wrong_state")))[0].failing, null);
});

test("a tap on a screen that does not show its button changes nothing", () => {
  for (const screen of ["signin", "queue", "preview", "visit"]) {
    const state = { ...fresh(), screen };
    for (const [type, screens] of Object.entries(TAPS)) {
      if (!screens.includes(screen)) assert.deepEqual(step(state, { type }), [state, []], `${type} on ${screen}`);
    }
  }
});

test("an event that nobody knows is a fault", () => assert.throws(() => step(fresh(), { type: "no_such_event" }), /no_such_event/));

test("waits are counted in whole minutes and graded by the clinic", () => {
  const since = "2026-11-22T14:00:00.000Z";
  const clinic = { amber_minutes: 10, red_minutes: 20 };
  const at = (minutes, seconds = 0, of = clinic) => waitOf(since, Date.parse(since) + minutes * 60_000 + seconds * 1000, of);
  assert.equal(waitOf(null, NOW, clinic), null);
  assert.deepEqual(at(0, 59), { minutes: 0, grade: "ok" });
  assert.deepEqual(at(9, 59), { minutes: 9, grade: "ok" });
  assert.deepEqual(at(10), { minutes: 10, grade: "long" });
  assert.deepEqual(at(20), { minutes: 20, grade: "very_long" });
  assert.deepEqual(at(6, 0, { amber_minutes: 2, red_minutes: 5 }), { minutes: 6, grade: "very_long" });
  assert.deepEqual(at(-1), { minutes: 0, grade: "ok" }, "a clock that is a little wrong");
});
