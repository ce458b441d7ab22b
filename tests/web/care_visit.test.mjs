/** The care team's machine at the door of a visit and in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { step } from "../../web_client/js/care/machine.js";
import { bannerOf, counterpart, fullOf, isFull, knocking, patientName, stageWordsOf } from "../../web_client/js/care/in_visit.js";
import { isTakenOver } from "../../web_client/js/care/row_facts.js";
import { waitingOutside } from "../../web_client/js/care/queue.js";
import { NOW, admitted, after, answered, asked, captured, change, example, failed, fresh, idle, preview, queue, signedIn, snapshot, types, visiting } from "./care_rig.mjs";

const tap = { type: "admit_tapped", visit: "v1", participant: "p1" };
const admit = (confirmed = []) => ({ type: "request", name: "visit.admit", argument: { visit: "v1", participant: "p1", confirmed } });
const checked = (...checks) => change("v1", { checks });

test("Admit asks the server and for the camera at the same moment, once", () => {
  const [state, effects] = after(fresh(), ...preview, tap);
  assert.deepEqual(effects, [admit(), { type: "capture" }, { type: "wakeAudio" }]);
  assert.deepEqual(step(state, tap)[1], []);
});

test("Admit under name and date of birth confirms them; only what is asked is confirmed", () => {
  assert.deepEqual(after(fresh(), ...preview, checked("identity"), tap)[1][0], admit(["identity"]));
  const [state] = after(fresh(), ...queue, checked("identity"), tap);
  assert.equal(state.dialog.kind, "admit", "where they are not on the screen a dialog shows them");
});

test("a date of birth that this device never told is asked for in a dialog, also from the open row", () => {
  const [state, none] = after(fresh(), ...preview, change("v1", { checks: ["identity"] }, { identity: "staff_checks" }), tap);
  assert.deepEqual([state.dialog.kind, none], ["admit", []]);
  assert.deepEqual(step(state, { type: "dialog_sent", values: {} })[1][0], admit(["identity"]));
});

test("another device that took the place and has not told the date of birth is named where the picture would be", () => {
  const onHold = { ...example("snapshot_care").visit.others[0], phase: "on_hold" };
  const [state] = after(fresh(), ...visiting, snapshot({ others: [onHold] }, { v1: { phase: "on_hold", identity: "asked" } }));
  assert.equal(stageWordsOf(state), "takenOver");
  assert.deepEqual(["on_hold", "waiting", "in_visit"].map((phase) => isTakenOver({ patient: { phase, identity: "asked" } })), [true, true, false]);
});

test("a patient outside the licences is asked about first", () => {
  const [state, none] = after(fresh(), ...preview, checked("identity", "licence"), tap);
  assert.deepEqual([state.dialog.kind, state.dialog.checks, none], ["admit", ["identity", "licence"], []]);
  const [sent, effects] = step(state, { type: "dialog_sent", values: {} });
  assert.deepEqual([effects[0], types(effects)], [admit(["identity", "licence"]), ["request", "capture", "wakeAudio"]]);
  assert.deepEqual(step(sent, { type: "dialog_sent", values: {} })[1], [], "once");
  assert.equal(step(sent, snapshot({}))[0].dialog, null);
});

test("what the server still wants confirmed is asked, in either form", () => {
  for (const checks of ["identity,licence", ["identity", "licence"]]) {
    const [state, effects] = after(fresh(), ...preview, tap, answered("visit.admit", { visit: "v1", participant: "p1" }, failed("confirmation_needed", { checks })));
    assert.deepEqual([state.dialog.checks, state.asked, state.failing, types(effects)], [["identity", "licence"], null, null, ["releaseDevices"]]);
    assert.deepEqual(step(state, { type: "dialog_sent", values: {} })[1][0], admit(["identity", "licence"]));
  }
});

test("a guest is admitted without checks", () => {
  const [state] = after(fresh(), ...preview, change("v1", { checks: ["identity", "licence"], guests: example("snapshot_care").queue.rows[0].guests }));
  assert.deepEqual(step(state, { ...tap, participant: "g1" })[1][0].argument, { visit: "v1", participant: "g1", confirmed: [] });
});

test("A asks before it admits, and only where this person may", () => {
  const [state] = after(fresh(), ...queue);
  const [asking] = step(state, { type: "admit_key", visit: "v1" });
  assert.deepEqual([asking.dialog.kind, asking.dialog.name], ["admit", "Sample Patient"]);
  assert.deepEqual(types(step(asking, { type: "dialog_sent", values: {} })[1]), ["request", "capture", "wakeAudio"]);
  const barred = snapshot(null, { v1: { row: { may: [] } } });
  assert.equal(after(fresh(), ...signedIn, barred, { type: "admit_key", visit: "v1" })[0].dialog, null);
});

test("the visit begins with the snapshot, and does not wait for the own camera", () => {
  const [state, effects] = after(fresh(), ...preview, tap, snapshot({}, { v1: { row: { handed_to: null } } }));
  assert.deepEqual([state.screen, state.devices.asking, types(effects).slice(0, 3)], ["visit", true, ["media", "keepAwake", "keepVisit"]]);
  assert.equal(counterpart(state).name, "Sample Patient");
});

test("a visit with five in it takes nobody else", () => {
  const [one] = example("snapshot_care").queue.rows;
  const row = { ...one, with: ["Dr. Sample Provider", "Sample Nurse", "Dr. Other", "Dr. Fourth"] };
  assert.deepEqual([isFull(row), isFull({ ...row, with: [] }), isFull({ ...row, patient: { ...row.patient, phase: "on_hold" } })], [true, false, false]);
});

test("the own camera's failure does not end the visit, and can be tried again", () => {
  const [state] = after(fresh(), ...visiting, { type: "captured", result: { problem: "busy", camera: false, microphone: true } });
  assert.deepEqual([state.screen, state.devices.problem], ["visit", "busy"]);
  assert.deepEqual(types(step(state, { type: "device_fix_tapped" })[1]), ["capture"]);
});

test("a camera that died in the visit is asked for once without a tap, then told, and not told any more when it gives again", () => {
  const dead = { type: "track_dead", kind: "camera" };
  const [mending, effects] = after(fresh(), ...visiting, dead);
  assert.deepEqual([mending.devices.problem, effects], [null, [{ type: "captureOne", kind: "camera" }]]);
  const [told, more] = after(mending, captured, dead);
  assert.deepEqual([told.devices.problem, told.devices.camera, types(more)], ["failed", false, ["devices", "request"]]);
  const [back] = step(told, { type: "track_alive", kind: "camera" });
  assert.deepEqual([back.devices.problem, back.devices.camera], [null, true]);
});

test("of two who admit, the second learns who was first, and the camera goes off", () => {
  const [state, effects] = after(fresh(), ...preview, tap, answered("visit.admit", { visit: "v1", participant: "p1" }, failed("already_admitted", { by: "Nurse Sample" })));
  assert.deepEqual([state.screen, state.failing, state.asked, types(effects)], ["preview", { code: "already_admitted", by: "Nurse Sample" }, null, ["releaseDevices"]]);
  assert.equal(step(state, { type: "failure_closed" })[0].failing, null);
});

test("an admission after which no visit comes is given up: the camera goes off, and the next one can be let in", () => {
  const [asking] = after(fresh(), ...preview, tap, answered("visit.admit", { visit: "v1", participant: "p1" }, { ok: {} }), { type: "tick", now: NOW + 9000 });
  assert.deepEqual([asking.asked, step(asking, tap)], ["v1", [asking, []]]);
  const [state, effects] = step(asking, { type: "tick", now: NOW + 10_000 });
  assert.deepEqual([state.asked, state.devices.asking, state.failing, types(effects)], [null, false, { code: "timeout" }, ["releaseDevices"]]);
  assert.deepEqual(asked(step(state, tap)[1]), ["visit.admit"]);
});

test("Hold and Back to waiting name the person; Take off hold admits again, with the camera as it is", () => {
  const [state] = after(fresh(), ...visiting);
  for (const what of ["hold", "return"]) {
    assert.deepEqual(step(state, { type: `${what}_tapped`, visit: "v1", participant: "p1" })[1], [{ type: "request", name: `visit.${what}`, argument: { visit: "v1", participant: "p1" } }]);
  }
  const onHold = { ...example("snapshot_care").visit.others[0], phase: "on_hold" };
  const [held] = step(state, snapshot({ others: [onHold] }));
  assert.deepEqual([counterpart(held), stageWordsOf(held)], [null, "heldAlone"]);
  assert.deepEqual(types(step(held, tap)[1]), ["request"]);
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
  over.snapshot.queue = { full: false, rows: [], gone: ["v1"] };
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
  assert.deepEqual(asked(effects), ["presence.active", "visit.enter"]);
  assert.deepEqual(step(state, elsewhere)[1], []);
  assert.deepEqual(asked(after(fresh({ token: "t" }), { type: "opened" }, elsewhere)[1]), ["presence.active"], "another window waits for a tap");
});

test("a patient who left and came back is let in from within the visit, with the camera as it is", () => {
  const outside = snapshot({ others: [] }, { v1: { phase: "waiting", waiting_since: "2026-11-22T14:30:50.000Z", row: { may: ["admit", "end"], guests: [] } } });
  const [state] = after(fresh(), ...visiting, outside);
  assert.deepEqual(knocking(state).map((one) => one.id), ["p1"]);
  assert.equal(patientName(state), "Sample Patient");
  assert.equal(waitingOutside(state), 0, "the line of the one in v2 is lost");
  const [asking, effects] = step(state, tap);
  assert.deepEqual(types(effects), ["request"]);
  assert.equal(step(asking, admitted)[0].asked, null);
});

test("an invited guest at the door is announced in the visit to those who may let them in", () => {
  const [state] = after(fresh(), ...visiting);
  assert.deepEqual(knocking(state).map((one) => one.name), ["Sample Interpreter"]);
  assert.equal(bannerOf(state), "knocking");
});

const silentDoor = { v1: { row: { guests: [] } } };
const meeting = (...events) => after(fresh(), ...visiting, snapshot({}, silentDoor), ...events)[0];

test("in the visit: mute, camera, sound, picture", () => {
  const state = meeting();
  assert.deepEqual(step(state, { type: "mute_tapped" })[1], [{ type: "mute", muted: true }, { type: "keepVisit", visit: "v1", muted: true, cameraOff: false }, { type: "devices", visit: "v1", microphone: false, camera: true, screen: false, paused: false }]);
  assert.deepEqual(step(state, { type: "camera_tapped" })[1], [
    { type: "camera", off: true }, { type: "keepVisit", visit: "v1", muted: false, cameraOff: true }, { type: "devices", visit: "v1", microphone: true, camera: false, screen: false, paused: false },
    { type: "request", name: "visit.modality", argument: { visit: "v1", modality: "audio", reason: "chosen" } },
  ]);
  const [blocked] = step(state, { type: "sound_blocked" });
  assert.deepEqual(types(step(blocked, { type: "sound_tapped" })[1]), ["playSound"]);
});

test("a picture that waits for the sound, and a screen that is shared, are told to the others", () => {
  const [weak, told] = step(meeting(), { type: "weak_network", weak: true });
  assert.deepEqual(told, [
    { type: "devices", visit: "v1", microphone: true, camera: true, screen: false, paused: true },
    { type: "request", name: "visit.modality", argument: { visit: "v1", modality: "audio", reason: "network" } },
  ]);
  assert.equal(step(weak, { type: "camera_tapped" })[1].find(({ type }) => type === "devices").paused, false, "there is nothing to wait");
  const [sharing, effects] = after(meeting(), { type: "share_tapped" }, { type: "screen_shared" });
  assert.deepEqual(effects, [{ type: "devices", visit: "v1", microphone: true, camera: true, screen: true, paused: false }]);
  assert.equal(step(sharing, snapshot(null))[0].scene.sharing, "off");
});

test("how this person takes part is told with the reason", () => {
  const [, effects] = after(fresh(), ...visiting.slice(0, -3), snapshot({}), { type: "captured", result: { problem: "no_camera", camera: false, microphone: true } });
  assert.deepEqual(effects.at(-1).argument, { visit: "v1", modality: "audio", reason: "device" });
});

test("a reload into the visit keeps mute and camera off; another visit does not inherit them", () => {
  const reload = fresh({ token: "t", held: "v1", muted: true, cameraOff: true });
  const online = { type: "link", status: "connected" };
  const [back, effects] = after(reload, { type: "opened" }, online, snapshot({ elsewhere: true, media: null }), captured);
  assert.deepEqual([back.muted, effects], [true, [{ type: "mute", muted: true }, { type: "camera", off: true }]]);
  assert.deepEqual(step(back, snapshot({}))[1].find((effect) => effect.type === "devices"), { type: "devices", visit: "v1", microphone: false, camera: false, screen: false, paused: false });
  const [over] = after(reload, { type: "opened" }, online, idle);
  assert.deepEqual([over.held, over.muted, over.cameraOff], [null, false, false]);
});

test("a camera or a microphone that is missing is asked for by its button, and the other stays", () => {
  for (const [kind, wanted, button] of [["camera", "camera", "camera_tapped"], ["microphone", "audio", "mute_tapped"]]) {
    const state = meeting({ type: "captured", result: { problem: "blocked", camera: true, microphone: true, [kind]: false } });
    assert.equal(bannerOf(state), "device");
    assert.deepEqual(step(state, { type: button })[1], [{ type: "captureOne", kind: wanted }]);
  }
});

test("what stands where the patient's picture would be", () => {
  const mate = (more) => snapshot({ others: [{ ...example("snapshot_care").visit.others[0], camera: true, ...more }] }, silentDoor);
  const frozen = [{ type: "picture_shown", key: "p1" }, { type: "stalled", stalled: ["p1"] }];
  const both = (state) => [stageWordsOf(state), bannerOf(state)];
  assert.deepEqual(both(meeting(mate({}))), ["comingIn", null]);
  assert.deepEqual(both(meeting(mate({ camera: null }), { type: "tick", now: NOW + 10_000 })), ["noPicture", null]);
  assert.deepEqual(both(meeting(mate({ camera: false }), ...frozen)), ["otherCameraOff", null]);
  assert.deepEqual(both(meeting(mate({}), ...frozen)), [null, "noPicture"]);
  assert.deepEqual(both(meeting(mate({ paused: true }), ...frozen)), [null, "otherPaused"]);
  assert.deepEqual(both(meeting(mate({}), frozen[0], { type: "weak_network", weak: true })), [null, "weak"]);
  assert.deepEqual(both(meeting(mate({ connected: false }), ...frozen)), [null, "otherDrop"]);
  assert.deepEqual(both(meeting(mate({}), { type: "link", status: "reconnecting" })), [null, "drop"]);
  assert.deepEqual(both(meeting(snapshot({ others: [] }, silentDoor))), ["nobody", null]);
});

test("a visit that takes nobody else says who is in it; to the front desk it says nothing", () => {
  const [state] = after(fresh(), ...signedIn, snapshot(null, { v1: { row: { may: ["end"] } } }));
  assert.deepEqual(fullOf(state, state.rows.get("v1")), ["Dr. Sample Provider"]);
  assert.deepEqual(fullOf(state, state.rows.get("v2")), []);
  assert.deepEqual(fullOf(meeting(), meeting().rows.get("v1")), []);
  const desk = { ...state, snapshot: { ...state.snapshot, me: { ...state.snapshot.me, role: "front_desk" } } };
  assert.deepEqual(fullOf(desk, desk.rows.get("v1")), []);
});
