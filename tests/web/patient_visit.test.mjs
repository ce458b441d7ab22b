/** The patient's machine in the visit: own microphone and camera, and what is said of the others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { step } from "../../web_client/js/patient/machine.js";
import { bannerOf, stageWordsOf, unheard } from "../../web_client/js/patient/state.js";
import { NOW, after, checked, dead, example, found, fresh, snapshot, started, types, visiting, waiting } from "./patient_rig.mjs";

test("in the visit: mute, camera, flip, corner, sound", () => {
  const [state] = after(fresh(), ...visiting);
  assert.deepEqual(step(state, { type: "mute_tapped" })[1][0], { type: "mute", muted: true });
  assert.deepEqual(step(state, { type: "camera_tapped" })[1][0], { type: "camera", off: true });
  assert.deepEqual(types(step(state, { type: "flip_tapped" })[1]), ["flip"]);
  const corners = new Set();
  let moved = state;
  for (let n = 0; n < 4; n += 1) {
    corners.add(moved.corner);
    moved = step(moved, { type: "corner_tapped" })[0];
  }
  assert.deepEqual([corners.size, moved.corner], [4, state.corner]);
  const [blocked] = step(state, { type: "sound_blocked" });
  assert.deepEqual([blocked.soundBlocked, types(step(blocked, { type: "sound_tapped" })[1])], [true, ["playSound"]]);
});

test("a camera that was never given is asked for by its button, and the sound stays; so it is with the microphone", () => {
  for (const [missing, kind, tap] of [["camera", "camera", "camera_tapped"], ["microphone", "audio", "mute_tapped"]]) {
    const [state] = after(fresh(), ...started, { type: "captured", result: { ...found, [missing]: false } }, { type: "join_tapped" }, snapshot("in_visit"));
    assert.deepEqual(step(state, { type: tap })[1][0], { type: "captureOne", kind });
    const [asking] = step({ ...state, devices: { ...state.devices, status: "asking" } }, { type: tap });
    assert.ok(asking.muted || asking.cameraOff, "while the question stands, the tap only closes");
  }
});

test("who is not heard in the visit reads so, unless they muted themselves or are still being asked", () => {
  const [mute] = after(fresh(), ...started, { type: "link", status: "connected" }, snapshot("arrived"), { type: "captured", result: { ...found, microphone: false, problem: "no_microphone" } }, { type: "join_tapped" }, snapshot("in_visit"));
  assert.equal(unheard(mute), true);
  const [asking, effects] = step(mute, { type: "mute_tapped" });
  assert.deepEqual(effects, [{ type: "captureOne", kind: "audio" }]);
  assert.equal(unheard(step(asking, { type: "captured", result: found })[0]), false);
  const [heard] = after(fresh(), ...visiting);
  assert.deepEqual([unheard(heard), unheard(step(heard, { type: "mute_tapped" })[0])], [false, false]);
});

test("sound only is kept over a reload, and is offered where a camera fails", () => {
  const [state, effects] = after(fresh(), ...started, { type: "sound_only_tapped" });
  assert.equal(effects.find((one) => one.type === "keepSession").session.picture, false);
  const session = effects.find((one) => one.type === "keepSession").session;
  const [, asked] = after(fresh(session), { type: "opened" }, snapshot("waiting"));
  assert.deepEqual(asked.find((one) => one.type === "capture"), { type: "capture", picture: false });
  const [failing] = after(state, { type: "captured", result: found }, { type: "join_tapped" }, snapshot("in_visit"), { type: "camera_tapped" }, { type: "captured", result: { ...found, camera: false, problem: "blocked" } });
  assert.deepEqual([failing.deviceLost, failing.devices.problem, failing.devices.microphone], [true, "blocked", true]);
  assert.deepEqual(step(failing, { type: "sound_only_tapped" })[1][0], { type: "capture", picture: false });
});

test("mute and camera off are kept over a reload, and stand before anything is sent", () => {
  const [, effects] = after(fresh(), ...visiting, { type: "mute_tapped" }, { type: "camera_tapped" });
  const { session } = effects.find((one) => one.type === "keepSession");
  assert.deepEqual([session.muted, session.cameraOff], [true, true]);
  const reload = [{ type: "opened" }, { type: "link", status: "connected" }, snapshot("in_visit", { visit: "in_progress" }), { type: "captured", result: found }];
  assert.deepEqual(after(fresh(session), ...reload)[1], [{ type: "mute", muted: true }, { type: "camera", off: true }, { type: "devices", microphone: false, camera: false, screen: false, paused: false }, { type: "modality", modality: "audio", reason: "chosen" }]);
});

test("the others are told what this page sends: after each connection, at each change, and not while the question stands", () => {
  const said = (effects) => effects.filter((one) => one.type === "devices").map(({ microphone, camera }) => [microphone, camera]);
  const [state, effects] = after(fresh(), ...visiting);
  assert.deepEqual(said(effects), [[true, true]]);
  assert.deepEqual(said(step(state, { type: "mute_tapped" })[1]), [[false, true]]);
  assert.deepEqual(said(step(state, { type: "tick", now: NOW + 1000 })[1]), []);
  const [down, none] = step(state, { type: "link", status: "reconnecting" });
  assert.deepEqual([said(none), said(step(down, { type: "link", status: "connected" })[1])], [[], [[true, true]]]);
  const [ended, told] = after(state, dead("camera"), dead("camera"));
  assert.deepEqual(said(told), [[true, false]]);
  assert.deepEqual(said(step(ended, { type: "device_fix_tapped" })[1]), []);
});

test("a device that the system took away is asked for once without a tap, and then by one", () => {
  const [mending, asked] = after(fresh(), ...visiting, { type: "captured", result: { ...found, camera: false, problem: "no_camera" } }, dead("audio"));
  assert.deepEqual([mending.devices.microphone, asked], [true, [{ type: "captureOne", kind: "audio" }]]);
  const [lost] = step(mending, dead("audio"));
  assert.deepEqual([lost.deviceLost, lost.devices.problem, lost.devices.microphone], [true, null, false], "what was wrong before is not the cause");
  const [fixing, effects] = step(lost, { type: "device_fix_tapped" });
  assert.deepEqual([fixing.deviceLost, types(effects)], [false, ["capture"]]);
  assert.equal(after(fresh(), ...checked, { type: "track_ended", kind: "camera" })[0].devices.problem, "failed");
});

test("what was lost in a phone call is asked for again when it is over, and said while it is not there", () => {
  const [lost, effects] = after(fresh(), ...visiting, dead("audio"), { type: "captured", result: { ...found, microphone: false, problem: "busy" } });
  assert.deepEqual([lost.deviceLost, lost.devices.problem, types(effects).includes("captureOne")], [true, "busy", false]);
  const [also, more] = after(lost, dead("camera"), { type: "captured", result: { ...found, microphone: false } });
  assert.deepEqual([also.deviceLost, also.devices.problem, types(more).includes("captureOne")], [true, "busy", false], "the camera is back, the microphone is not");
  const [again, asked] = step(also, { type: "interrupted" });
  assert.deepEqual([asked, again.mended], [[{ type: "captureOne", kind: "audio" }], ["audio"]]);
  const [back] = step(again, { type: "captured", result: found });
  assert.deepEqual([back.deviceLost, back.devices.problem], [false, null]);
  assert.deepEqual(step(back, { type: "interrupted" })[0].mended, []);
});

test("what gives something by itself again is lost no more", () => {
  const [lost] = after(fresh(), ...visiting, dead("audio"), dead("audio"));
  assert.deepEqual([lost.deviceLost, lost.devices.microphone], [true, false]);
  const [back] = step(lost, { type: "track_alive", kind: "audio" });
  assert.deepEqual([back.deviceLost, back.devices.microphone], [false, true]);
  assert.equal(step(back, { type: "track_alive", kind: "camera" })[0], back);
});

test("what stands where the other's picture would be", () => {
  const mate = (more) => ({ ...example("snapshot_visit").others[0], ...more });
  const meeting = (more, ...events) => after(fresh(), ...waiting, snapshot("in_visit", { others: [mate(more)] }), ...events)[0];
  const late = { type: "tick", now: NOW + 10_000 };
  const shown = [{ type: "picture_shown", key: mate({}).id }];
  const frozen = [...shown, { type: "stalled", stalled: [mate({}).id] }];
  assert.deepEqual([stageWordsOf(meeting({})), bannerOf(meeting({}))], ["comingIn", null]);
  assert.equal(stageWordsOf(meeting({ camera: null }, late)), "noPicture", "a promise does not last for ever");
  assert.equal(stageWordsOf(meeting({ camera: false }, ...frozen)), "otherCameraOff");
  assert.equal(bannerOf(meeting({ camera: false }, ...frozen)), null);
  assert.deepEqual([stageWordsOf(meeting({}, ...shown)), bannerOf(meeting({}, ...shown))], [null, null]);
  assert.deepEqual([stageWordsOf(meeting({}, ...frozen)), bannerOf(meeting({}, ...frozen))], [null, "noPicture"]);
  assert.deepEqual([stageWordsOf(meeting({ paused: true }, ...frozen)), bannerOf(meeting({ paused: true }, ...frozen))], ["otherPaused", null]);
  assert.equal(bannerOf(meeting({}, ...shown, { type: "weak_network", weak: true })), "weak");
  assert.deepEqual([stageWordsOf(meeting({ connected: false }, ...frozen)), bannerOf(meeting({ connected: false }, ...frozen))], [null, "otherDrop"]);
  const lost = meeting({ connected: false }, dead("audio"), dead("audio"));
  assert.deepEqual([stageWordsOf(lost), bannerOf(lost)], ["otherDrop", "device"]);
  const alone = after(meeting({}), snapshot("in_visit", { others: [] }))[0];
  assert.deepEqual([stageWordsOf(alone), alone.lastOther], ["steppedOut", "Dr. Sample Provider"]);
  assert.equal(stageWordsOf(after(fresh({ token: "t" }), { type: "link", status: "connected" }, snapshot("in_visit", { others: [] }))[0]), "nobody");
  assert.equal(stageWordsOf(step(alone, { type: "link", status: "reconnecting" })[0]), null, "said above already");
});

test("a picture that waits for the sound is no video visit, and the others are told", () => {
  const [weak, told] = after(fresh(), ...visiting, { type: "weak_network", weak: true });
  assert.deepEqual(told, [{ type: "devices", microphone: true, camera: true, screen: false, paused: true }, { type: "modality", modality: "audio", reason: "network" }]);
  assert.deepEqual(step(weak, { type: "weak_network", weak: false })[1].at(-1), { type: "modality", modality: "video", reason: "chosen" });
  assert.equal(bannerOf(step(weak, { type: "camera_tapped" })[0]), null, "without a camera nothing waits");
});

test("who is on hold has no picture, and none is promised from before", () => {
  const [shown] = after(fresh(), ...visiting, { type: "picture_shown", key: "sample-provider" });
  assert.deepEqual(shown.scene.pictures, ["sample-provider"]);
  assert.deepEqual(step(shown, snapshot("on_hold"))[0].scene.pictures, []);
  assert.deepEqual(step(shown, snapshot("in_visit", { others: [] }))[0].scene.pictures, []);
});
