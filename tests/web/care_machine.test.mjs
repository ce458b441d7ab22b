/** The care team's machine: every event on every screen where it means something. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TAPS, step } from "../../web_client/js/care/machine.js";
import { bannerOf, counterpart, fullOf, initialState, knocking, patientName, selectedRow, stageWordsOf, waitingOutside } from "../../web_client/js/care/state.js";
import { waitOf } from "../../web_client/js/care/waits.js";

const example = (name) => JSON.parse(readFileSync(new URL(`../wire/${name}.json`, import.meta.url), "utf8"));
const NOW = Date.parse("2026-11-22T14:31:00.000Z");
const fresh = (more = {}) => initialState({ token: null, held: null, language: "en", sound: true, alerts: "default", now: NOW, ...more });
const after = (state, ...events) => {
  let effects = [];
  for (const event of events) [state, effects] = step(state, event);
  return [state, effects];
};
const types = (effects) => effects.map((effect) => effect.type);
const failed = (code, more = {}) => ({ error: { code, ...more } });

/** The example's snapshot, with changes to the visit and to single patients. */
const snapshot = (visit, patients = {}) => {
  const one = example("snapshot_care");
  const current = visit === null ? null : { ...one.visit, ...visit };
  const queue = one.queue.map((row) => ({ ...row, ...(patients[row.visit]?.row ?? {}), patient: { ...row.patient, ...(patients[row.visit] ?? {}) } }));
  return { type: "snapshot", now: NOW, snapshot: { ...one, visit: current, queue } };
};
const waitingFirst = { v1: { phase: "waiting", waiting_since: "2026-11-22T14:30:00.000Z", row: { may: ["admit"], phase: "open", with: [] } } };
const idle = snapshot(null, waitingFirst);
const signedIn = [{ type: "sign_in_tapped", username: "u", password: "p" }, { type: "signed_in", answer: { ok: example("signed_in") } }, { type: "link", status: "connected" }];
const queue = [...signedIn, idle];
const preview = [...queue, { type: "row_chosen", visit: "v1" }];
const captured = { type: "captured", result: { problem: null, camera: true, microphone: true } };
const visiting = [...preview, { type: "admit_tapped", visit: "v1", participant: "p1" }, captured, snapshot({}), { type: "answered", name: "visit.admit", ack: { ok: {} } }];

test("signing in: the token is kept, the socket connects", () => {
  const [asked, effects] = step(fresh(), signedIn[0]);
  assert.deepEqual([asked.busy, types(effects)], [true, ["signIn", "wakeAudio"]]);
  assert.deepEqual(step(asked, signedIn[0])[1], [], "once, however often it is tapped");
  const [state, more] = step(asked, signedIn[1]);
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
  for (const [event, failing] of [[{ type: "sign_out_tapped" }, null], [{ type: "ended", code: "session_expired" }, { code: "session_expired" }]]) {
    const [state, effects] = after(fresh(), ...queue, event);
    assert.deepEqual([state.screen, state.token, state.snapshot, state.failing], ["signin", null, null, failing]);
    assert.deepEqual(types(effects), ["closeMedia", "disconnect", "releaseDevices", "forgetToken", "keepVisit", "keepAwake"]);
  }
});

test("rows are shown in the server's order", () => {
  const [state] = after(fresh(), ...queue);
  assert.deepEqual(state.snapshot.queue.map((row) => row.visit), ["v1", "v2"]);
});

test("choosing a row opens it; going back closes it", () => {
  const [open] = after(fresh(), ...preview);
  assert.deepEqual([open.screen, selectedRow(open).patient.name], ["preview", "Sample Patient"]);
  const [back] = step(open, { type: "back_tapped" });
  assert.deepEqual([back.screen, back.selected], ["queue", null]);
});

test("a row that is gone closes its preview", () => {
  const gone = snapshot(null);
  gone.snapshot.queue = gone.snapshot.queue.slice(1);
  assert.equal(after(fresh(), ...preview, gone)[0].screen, "queue");
});

test("arrow keys move between rows and stop at the ends", () => {
  const [state] = after(fresh(), ...queue);
  const focus = (from, by) => step(state, { type: "row_moved", from, by })[1][0].visit;
  assert.deepEqual([focus("v1", 1), focus("v2", 1), focus("v1", -1), focus(null, 1)], ["v2", "v2", "v1", "v1"]);
});

test("an arrival is told once: tone, notification, sentence, flash", () => {
  const before = snapshot(null, { ...waitingFirst, v2: { phase: "arrived", waiting_since: null } });
  const [state, effects] = after(fresh(), ...signedIn, before, idle);
  assert.deepEqual([types(effects), state.arrived, state.arrivals], [["notify", "chime"], "Second Patient", ["v2"]]);
  const [again, none] = step(state, idle);
  assert.deepEqual([none, again.arrivals], [[], ["v2"]]);
  assert.deepEqual(step(again, { type: "row_chosen", visit: "v2" })[0].arrivals, []);
  assert.deepEqual(types(after(fresh({ sound: false }), ...signedIn, before, idle)[1]), ["notify"]);
  const left = snapshot(null, { ...waitingFirst, v2: { phase: "left", waiting_since: null } });
  assert.deepEqual(step(again, left)[0].arrivals, [], "who waits no more is not new");
});

test("the first snapshot after a reload announces nobody", () => {
  assert.deepEqual(after(fresh({ token: "t" }), { type: "opened" }, idle)[1], []);
});

test("Admit asks the server and for the camera at the same moment, once", () => {
  const [state, effects] = after(fresh(), ...preview, { type: "admit_tapped", visit: "v1", participant: "p1" });
  assert.deepEqual(effects, [{ type: "request", name: "visit.admit", argument: { visit: "v1", participant: "p1" } }, { type: "capture" }, { type: "wakeAudio" }]);
  assert.deepEqual(step(state, { type: "admit_tapped", visit: "v1", participant: "p1" })[1], []);
});

test("the visit begins with the snapshot, and does not wait for the own camera", () => {
  const [state, effects] = after(fresh(), ...preview, { type: "admit_tapped", visit: "v1", participant: "p1" }, snapshot({}));
  assert.deepEqual([state.screen, state.devices.asking, types(effects)], ["visit", true, ["media", "keepAwake", "keepVisit"]]);
  assert.equal(counterpart(state).name, "Sample Patient");
});

test("the own camera's failure does not end the visit, and can be tried again", () => {
  const [state] = after(fresh(), ...visiting, { type: "captured", result: { problem: "busy", camera: false, microphone: true } });
  assert.deepEqual([state.screen, state.devices.problem], ["visit", "busy"]);
  assert.deepEqual(types(step(state, { type: "device_fix_tapped" })[1]), ["capture"]);
  assert.equal(step(state, { type: "track_ended" })[0].devices.problem, "failed");
});

test("of two who admit, the second learns who was first, and the camera goes off", () => {
  const [state, effects] = after(fresh(), ...preview, { type: "admit_tapped", visit: "v1", participant: "p1" }, { type: "answered", name: "visit.admit", ack: failed("already_admitted", { by: "Nurse Sample" }) });
  assert.deepEqual([state.screen, state.failing, state.asked, types(effects)], ["preview", { code: "already_admitted", by: "Nurse Sample" }, null, ["releaseDevices"]]);
  assert.equal(step(state, { type: "failure_closed" })[0].failing, null);
});

test("A asks before it admits, and only where this person may", () => {
  const [state] = after(fresh(), ...queue);
  const [asked] = step(state, { type: "admit_key", visit: "v1" });
  assert.equal(asked.question.kind, "admit");
  assert.deepEqual(types(step(asked, { type: "confirmed" })[1]), ["request", "capture", "wakeAudio"]);
  const barred = snapshot(null, { v1: { row: { may: [] } } });
  assert.equal(after(fresh(), ...signedIn, barred, { type: "admit_key", visit: "v1" })[0].question, null);
});

test("End and Remove ask first", () => {
  const [state] = after(fresh(), ...visiting);
  const [ending, none] = step(state, { type: "end_tapped", visit: "v1" });
  assert.deepEqual([ending.question.kind, none], ["end", []]);
  assert.deepEqual(step(ending, { type: "confirmed" })[1], [{ type: "request", name: "visit.end", argument: { visit: "v1" } }]);
  assert.equal(step(ending, { type: "dismissed" })[0].question, null);
  const [removing] = step(state, { type: "remove_tapped", visit: "v1", participant: "p1", name: "Sample Patient" });
  assert.deepEqual(step(removing, { type: "confirmed" })[1], [{ type: "request", name: "visit.remove", argument: { visit: "v1", participant: "p1" } }]);
  assert.deepEqual(step(state, { type: "confirmed" }), [state, []], "nothing was asked");
});

test("Leave goes out, and the visit can be entered again", () => {
  const [state] = after(fresh(), ...visiting);
  assert.deepEqual(step(state, { type: "leave_tapped" })[1], [{ type: "request", name: "visit.leave", argument: { visit: "v1" } }]);
  const [out, effects] = step(state, snapshot(null));
  assert.deepEqual([out.screen, out.selected, out.held], ["preview", "v1", null]);
  assert.deepEqual(types(effects), ["closeMedia", "releaseDevices", "keepVisit", "keepAwake"]);
  assert.equal(step(out, { type: "enter_tapped", visit: "v1" })[1][0].name, "visit.enter");
});

test("the visit's end leads to the list", () => {
  const over = snapshot(null);
  over.snapshot.queue = over.snapshot.queue.slice(1);
  assert.equal(after(fresh(), ...visiting, over)[0].screen, "queue");
});

test("open in another window: this one says so and takes over by a tap", () => {
  const elsewhere = snapshot({ elsewhere: true, media: null });
  const [state, effects] = after(fresh(), ...visiting, elsewhere);
  assert.deepEqual([state.screen, types(effects)], ["preview", ["closeMedia", "releaseDevices", "keepVisit", "keepAwake"]]);
  assert.deepEqual(step(state, { type: "use_here_tapped" })[1][0], { type: "request", name: "visit.enter", argument: { visit: "v1" } });
});

test("a reload of the window that held the visit takes it back by itself, once", () => {
  const elsewhere = snapshot({ elsewhere: true, media: null });
  const [state, effects] = after(fresh({ token: "t", held: "v1" }), { type: "opened" }, elsewhere);
  assert.deepEqual(types(effects), ["request", "capture", "wakeAudio"]);
  assert.deepEqual(step(state, elsewhere)[1], []);
  assert.deepEqual(after(fresh({ token: "t" }), { type: "opened" }, elsewhere)[1], [], "another window waits for a tap");
});

test("a patient who left and came back is let in from within the visit, with the camera as it is", () => {
  const outside = snapshot({ others: [] }, { v1: { phase: "waiting", waiting_since: "2026-11-22T14:30:50.000Z", row: { may: ["admit", "end"] } } });
  const [state] = after(fresh(), ...visiting, outside);
  assert.equal(knocking(state).patient.id, "p1");
  assert.equal(patientName(state), "Sample Patient");
  assert.equal(waitingOutside(state), 0, "the line of the one in v2 is lost");
  const [asked, effects] = step(state, { type: "admit_tapped", visit: "v1", participant: "p1" });
  assert.deepEqual(types(effects), ["request"]);
  assert.equal(step(asked, { type: "answered", name: "visit.admit", ack: { ok: {} } })[0].asked, null);
});

test("in the visit: mute, camera, sound, picture", () => {
  const [state] = after(fresh(), ...visiting);
  assert.deepEqual(step(state, { type: "mute_tapped" })[1], [{ type: "mute", muted: true }, { type: "keepVisit", visit: "v1", muted: true, cameraOff: false }, { type: "devices", visit: "v1", microphone: false, camera: true }]);
  assert.deepEqual(step(state, { type: "camera_tapped" })[1], [{ type: "camera", off: true }, { type: "keepVisit", visit: "v1", muted: false, cameraOff: true }, { type: "devices", visit: "v1", microphone: true, camera: false }]);
  const [blocked] = step(state, { type: "sound_blocked" });
  assert.deepEqual(types(step(blocked, { type: "sound_tapped" })[1]), ["playSound"]);
  const [shown] = step(state, { type: "picture_shown" });
  assert.equal(shown.pictureShown, true);
  assert.equal(step(shown, { type: "measured", stats: { stalledFor: 3 } })[0].pictureStalled, true);
});

test("a reload into the visit keeps mute and camera off; another visit does not inherit them", () => {
  const reload = fresh({ token: "t", held: "v1", muted: true, cameraOff: true });
  const online = { type: "link", status: "connected" };
  const [back, effects] = after(reload, { type: "opened" }, online, snapshot({ elsewhere: true, media: null }), captured);
  assert.deepEqual([back.muted, effects], [true, [{ type: "mute", muted: true }, { type: "camera", off: true }]]);
  assert.deepEqual(step(back, snapshot({}))[1].at(-1), { type: "devices", visit: "v1", microphone: false, camera: false });
  const [over] = after(reload, { type: "opened" }, online, idle);
  assert.deepEqual([over.held, over.muted, over.cameraOff], [null, false, false]);
});

test("a camera or a microphone that is missing is asked for by its button, and the other stays", () => {
  for (const [kind, asked, tap] of [["camera", "camera", "camera_tapped"], ["microphone", "audio", "mute_tapped"]]) {
    const result = { problem: "blocked", camera: true, microphone: true, [kind]: false };
    const [state] = after(fresh(), ...visiting, { type: "captured", result });
    assert.equal(bannerOf(state), "device");
    assert.deepEqual(step(state, { type: tap })[1], [{ type: "captureOne", kind: asked }]);
  }
});

test("what stands where the patient's picture would be", () => {
  const mate = (more) => snapshot({ others: [{ ...example("snapshot_care").visit.others[0], camera: true, ...more }] });
  const meeting = (more, ...events) => after(fresh(), ...visiting, mate(more), ...events)[0];
  const frozen = [{ type: "picture_shown" }, { type: "measured", stats: { stalledFor: 3 } }];
  const both = (state) => [stageWordsOf(state), bannerOf(state)];
  assert.deepEqual(both(meeting({})), ["comingIn", null]);
  assert.deepEqual(both(meeting({ camera: null }, { type: "tick", now: NOW + 10_000 })), ["noPicture", null]);
  assert.deepEqual(both(meeting({ camera: false }, ...frozen)), ["otherCameraOff", null]);
  assert.deepEqual(both(meeting({}, ...frozen)), [null, "noPicture"]);
  assert.deepEqual(both(meeting({ connected: false }, ...frozen)), [null, "otherDrop"]);
  assert.deepEqual(both(step(meeting({}), { type: "link", status: "reconnecting" })[0]), [null, "drop"]);
  assert.deepEqual(both(after(meeting({}), snapshot({ others: [] }))[0]), ["nobody", null]);
});

test("a visit that takes nobody else says who is in it; to the front desk it says nothing", () => {
  const [state] = after(fresh(), ...signedIn, snapshot(null, { v1: { row: { may: ["end"] } } }));
  assert.deepEqual(fullOf(state, state.snapshot.queue[0]), ["Dr. Sample Provider"]);
  assert.deepEqual(fullOf(state, state.snapshot.queue[1]), []);
  const [inside] = after(fresh(), ...visiting);
  assert.deepEqual(fullOf(inside, inside.snapshot.queue[0]), []);
  const desk = { ...state, snapshot: { ...state.snapshot, me: { ...state.snapshot.me, role: "front_desk" } } };
  assert.deepEqual(fullOf(desk, desk.snapshot.queue[0]), []);
});

test("tone, alerts, language, clock and statuses are kept", () => {
  assert.deepEqual(types(step(fresh(), { type: "tone_tapped" })[1]), ["wakeAudio", "keepSound"]);
  assert.deepEqual(types(step(fresh(), { type: "alerts_tapped" })[1]), ["askForAlerts"]);
  assert.equal(step(fresh(), { type: "alerts_answered", alerts: "granted" })[0].alerts, "granted");
  assert.equal(step(fresh(), { type: "language_chosen", language: "es" })[0].language, "es");
  assert.equal(step(fresh(), { type: "tick", now: 7 })[0].now, 7);
  assert.equal(step(fresh(), { type: "media", status: "connected" })[0].media, "connected");
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

test("waits are counted in whole minutes and graded at 10 and 20", () => {
  const since = "2026-11-22T14:00:00.000Z";
  const at = (minutes, seconds = 0) => waitOf(since, Date.parse(since) + minutes * 60_000 + seconds * 1000);
  assert.equal(waitOf(null, NOW), null);
  assert.deepEqual(at(0, 59), { minutes: 0, grade: "ok" });
  assert.deepEqual(at(9, 59), { minutes: 9, grade: "ok" });
  assert.deepEqual(at(10), { minutes: 10, grade: "long" });
  assert.deepEqual(at(19, 59), { minutes: 19, grade: "long" });
  assert.deepEqual(at(20), { minutes: 20, grade: "very_long" });
  assert.deepEqual(at(-1), { minutes: 0, grade: "ok" }, "a clock that is a little wrong");
});
