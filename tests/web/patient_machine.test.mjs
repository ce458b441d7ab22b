/** The patient's machine: every event on every screen where it means something. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TAPS, step } from "../../web_client/js/patient/machine.js";
import { bannerOf, counterpart, doorOpened, initialState, serverNow, stageWordsOf, stuck } from "../../web_client/js/patient/state.js";

const example = (name) => JSON.parse(readFileSync(new URL(`../wire/${name}.json`, import.meta.url), "utf8"));
const NOW = Date.parse("2026-11-22T14:10:00.000Z");
const fresh = (more = {}) => initialState({ heard: true, code: "sample-code", token: null, startedAt: null, language: "en", now: NOW, ...more });
const view = (more = {}) => ({ type: "viewed", answer: { ok: { ...example("invitation_view"), ...more } }, now: NOW });
const failed = (code, more = {}) => ({ error: { code, ...more } });
const snapshot = (phase, { visit = "open", ...more } = {}) => {
  const one = example("snapshot_visit");
  return { type: "snapshot", now: NOW, snapshot: { ...one, me: { ...one.me, phase }, visit: { ...one.visit, phase: visit, started_at: null }, others: phase === "in_visit" ? one.others : [], ...more } };
};
const found = { problem: null, camera: true, microphone: true, cameras: [], microphones: [], cameraId: "c", microphoneId: "m" };
const nothing = { ...found, camera: false, microphone: false, problem: "blocked" };

/** @returns the state after these events, and the effects of the last */
function after(state, ...events) {
  let effects = [];
  for (const event of events) [state, effects] = step(state, event);
  return [state, effects];
}
const dead = (kind) => ({ type: "track_dead", kind });
const types = (effects) => effects.map((effect) => effect.type);
const started = [view(), { type: "start_tapped" }, { type: "redeemed", answer: { ok: example("redeemed") } }];
const checked = [...started, { type: "link", status: "connected" }, snapshot("arrived"), { type: "captured", result: found }];
const waiting = [...checked, { type: "join_tapped" }, snapshot("waiting")];
const visiting = [...waiting, snapshot("in_visit", { visit: "in_progress" })];

test("a link without a code names what is missing", () => {
  const [state, effects] = step(fresh({ code: "" }), { type: "opened" });
  assert.deepEqual([state.screen, state.why, effects], ["error", "no_code", []]);
});

test("opening a link only looks: nothing is redeemed without a tap", () => {
  assert.deepEqual(step(fresh(), { type: "opened" })[1], [{ type: "view", code: "sample-code" }]);
  assert.deepEqual(after(fresh(), { type: "opened" }, view())[1], []);
});

test("a tab that holds a session connects by itself", () => {
  assert.deepEqual(step(fresh({ token: "t" }), { type: "opened" })[1], [{ type: "connect", token: "t" }]);
});

for (const [answer, screen, why] of [["open", "start", null], ["check_in", "start", null], ["early", "early", null], ["ended", "expired", "ended"], ["cancelled", "expired", "cancelled"], ["rescheduled", "expired", "rescheduled"]]) {
  test(`a link that is ${answer} leads to ${screen}`, () => {
    const [state] = step(fresh(), view({ state: answer }));
    assert.deepEqual([state.screen, state.why, state.busy], [screen, why, null]);
  });
}

test("an unknown link still names the clinic", () => {
  const clinic = example("invitation_view").clinic;
  const [state] = step(fresh(), { type: "viewed", answer: { ...failed("invitation_unknown"), clinic }, now: NOW });
  assert.deepEqual([state.screen, state.why, state.clinic], ["error", "unknown", clinic]);
});

test("no network at the door offers to try again", () => {
  const [down] = step(fresh(), { type: "viewed", answer: failed("offline"), now: NOW });
  assert.deepEqual([down.screen, down.why], ["error", "offline"]);
  const [again, effects] = step(down, { type: "retry_tapped" });
  assert.deepEqual([again.screen, again.busy, types(effects)], ["start", "view", ["view"]]);
});

test("the door opens by the server's clock, not by the phone's", () => {
  const slow = NOW - 3_600_000;
  const early = { ...view({ state: "early" }), now: slow };
  early.answer.ok.visit = { ...early.answer.ok.visit, check_in_opens_at: "2026-11-22T14:10:05.000Z" };
  const [state] = step(fresh({ now: slow }), early);
  assert.equal(serverNow(state), NOW);
  assert.equal(step(state, { type: "tick", now: slow + 4000 })[0].screen, "early");
  assert.equal(step(state, { type: "tick", now: slow + 5000 })[0].screen, "start");
});

test("the device test before the door opens needs no session and ends where it began", () => {
  const [testing, effects] = after(fresh(), view({ state: "early" }), { type: "test_tapped" });
  assert.deepEqual([testing.screen, testing.testing, types(effects)], ["devices", true, ["capture"]]);
  assert.deepEqual(step(testing, { type: "join_tapped" }), [testing, []]);
  const [back, more] = step(testing, { type: "back_tapped" });
  assert.deepEqual([back.screen, types(more)], ["early", ["releaseDevices"]]);
});

test("Start redeems once, however often it is tapped", () => {
  const [state, effects] = after(fresh(), view(), { type: "start_tapped" });
  assert.deepEqual(types(effects), ["wakeAudio", "redeem"]);
  assert.deepEqual(step(state, { type: "start_tapped" })[1], []);
});

test("a redeemed link keeps the session, connects and asks for the devices", () => {
  const [state, effects] = after(fresh(), ...started);
  assert.deepEqual([state.screen, state.token, types(effects)], ["devices", "sample-token", ["connect", "capture", "keepSession"]]);
  assert.deepEqual(effects.at(-1).session, { code: "sample-code", token: "sample-token", startedAt: null, picture: true, muted: false, cameraOff: false });
});

for (const [code, screen, why] of [["link_ended", "expired", "ended"], ["invitation_unknown", "error", "unknown"], ["too_early", "early", null]]) {
  test(`redeeming answered by ${code} leads to ${screen}`, () => {
    const [state] = after(fresh(), view(), { type: "start_tapped" }, { type: "redeemed", answer: failed(code, { opens_at: "2026-11-22T15:00:00.000Z" }) });
    assert.deepEqual([state.screen, state.why], [screen, why]);
  });
}

for (const code of ["offline", "too_many_attempts", "storage_failed"]) {
  test(`redeeming answered by ${code} stays at Start and says so`, () => {
    const [state] = after(fresh(), view(), { type: "start_tapped" }, { type: "redeemed", answer: failed(code) });
    assert.deepEqual([state.screen, state.notice, state.busy], ["start", code, null]);
  });
}

test("devices: found, refused, slow, sound only, another one chosen", () => {
  const [asking] = after(fresh(), ...started);
  assert.equal(asking.devices.status, "asking");
  assert.equal(step(asking, { type: "capture_slow" })[0].devices.slow, true);
  const [ready, effects] = step(asking, { type: "captured", result: found });
  assert.deepEqual([ready.devices.status, types(effects)], ["ready", ["mute", "camera", "testNetwork"]]);
  assert.equal(step(ready, { type: "capture_slow" })[0], ready);
  const [refused] = step(asking, { type: "captured", result: nothing });
  assert.deepEqual([refused.devices.status, refused.devices.problem], ["failed", "blocked"]);
  assert.deepEqual(step(refused, { type: "sound_only_tapped" })[1][0], { type: "capture", picture: false });
  assert.deepEqual(step(refused, { type: "retry_tapped" })[1], [{ type: "capture", picture: true }]);
  assert.deepEqual(step(ready, { type: "device_chosen", cameraId: "c2" })[1][0], { type: "capture", picture: true, cameraId: "c2", microphoneId: "m" });
  assert.deepEqual(types(step(refused, { type: "copy_link_tapped" })[1]), ["copyLink"]);
  assert.equal(step(refused, { type: "link_copied" })[0].notice, "copied");
  const [heard] = step(ready, { type: "heard" });
  assert.equal(heard.devices.heard, true);
  assert.equal(step(heard, { type: "heard" })[0], heard);
});

test("Join asks for the waiting room; only the server's word brings the patient there", () => {
  const [joining, effects] = after(fresh(), ...checked, { type: "join_tapped" });
  assert.deepEqual([joining.screen, types(effects)], ["devices", ["wakeAudio", "join"]]);
  assert.deepEqual(step(joining, { type: "join_tapped" })[1], []);
  assert.equal(step(joining, { type: "joined", ack: { ok: {} } })[0].screen, "devices");
  assert.equal(step(joining, snapshot("waiting"))[0].screen, "waiting");
});

test("Join with nothing but ears is possible", () => {
  const [state, effects] = after(fresh(), ...started, { type: "captured", result: nothing }, { type: "join_tapped" });
  assert.deepEqual([state.busy, types(effects)], ["join", ["wakeAudio", "join"]]);
  assert.deepEqual(types(step(state, snapshot("waiting"))[1]), ["media", "keepAwake"]);
});

test("a Join that was refused says why; one that was lost is said again", () => {
  const [joining] = after(fresh(), ...checked, { type: "join_tapped" });
  const [refused] = step(joining, { type: "joined", ack: failed("wrong_state") });
  assert.deepEqual([refused.notice, refused.busy], ["wrong_state", null]);
  const [lost] = step(joining, { type: "joined", ack: failed("offline") });
  assert.deepEqual(types(step(lost, snapshot("arrived"))[1]), ["join"]);
});

test("while waiting the page asks every 15 s whether the place is kept", () => {
  const [state] = after(fresh(), ...waiting);
  assert.deepEqual(step(state, { type: "tick", now: NOW + 14_000 })[1], []);
  assert.deepEqual(types(step(state, { type: "tick", now: NOW + 15_000 })[1]), ["check"]);
  assert.equal(step(state, { type: "checked", ack: { ok: {} }, now: NOW + 16_000 })[0].checkedAt, NOW + 16_000);
  assert.equal(step(state, { type: "checked", ack: failed("timeout"), now: NOW + 16_000 })[0].checkedAt, state.checkedAt);
});

test("a lost connection keeps the screen", () => {
  for (const events of [waiting, visiting]) {
    const [before] = after(fresh(), ...events);
    const [state, effects] = step(before, { type: "link", status: "reconnecting" });
    assert.deepEqual([state.screen, state.link, effects], [before.screen, "reconnecting", []]);
  }
});

test("admission begins the visit, with a tone and a clock", () => {
  const [state, effects] = after(fresh(), ...visiting);
  assert.deepEqual([state.screen, state.startedAt], ["visit", NOW]);
  assert.deepEqual(types(effects), ["media", "chime", "keepAwake", "keepSession", "devices"]);
  assert.equal(counterpart(state).name, "Dr. Sample Provider");
});

test("the clock of the visit is the server's where it tells", () => {
  const told = snapshot("in_visit", { visit: "in_progress" });
  told.snapshot.visit.started_at = "2026-11-22T14:30:30.000Z"; // 30 s before the snapshot's server_time
  assert.equal(after(fresh(), ...waiting, told)[0].startedAt, NOW - 30_000);
});

test("a reload in the visit comes back to it without a tap, and asks for the devices by itself", () => {
  const [state, effects] = after(fresh({ token: "t", startedAt: NOW - 60_000 }), { type: "opened" }, snapshot("in_visit", { visit: "in_progress" }));
  assert.deepEqual([state.screen, state.startedAt, state.busy], ["visit", NOW - 60_000, null]);
  assert.deepEqual(types(effects), ["media", "keepAwake", "capture"]);
});

test("a reload at the devices, in the waiting room, and after leaving come back there", () => {
  for (const [phase, screen] of [["arrived", "devices"], ["waiting", "waiting"], ["left", "ended"]]) {
    assert.equal(after(fresh({ token: "t" }), { type: "opened" }, snapshot(phase))[0].screen, screen);
  }
});

test("Leave is not End: the patient may join again", () => {
  const [left, effects] = after(fresh(), ...visiting, { type: "leave_tapped" });
  assert.deepEqual([left.screen, left.why, types(effects)], ["ended", "left", ["leave", "releaseDevices", "keepAwake", "closeMedia", "keepSession"]]);
  assert.deepEqual(types(step(left, snapshot("in_visit"))[1]), ["leave"], "a Leave that was lost is said again");
  const [again, more] = step(left, { type: "rejoin_tapped" });
  assert.deepEqual(types(more), ["wakeAudio", "join", "capture"]);
  assert.equal(step(again, snapshot("waiting"))[0].screen, "waiting");
});

test("a place that was lost with the line is taken again by a page that never left", () => {
  assert.deepEqual(types(after(fresh(), ...waiting, snapshot("left"))[1]), ["join", "media"]);
});

test("the end of the visit is a good end for those who were in it, an expired link for others", () => {
  assert.deepEqual([after(fresh(), ...visiting, { type: "ended", code: "link_ended" })[0].screen], ["ended"]);
  assert.deepEqual([after(fresh(), ...checked, { type: "ended", code: "link_ended" })[0].screen], ["expired"]);
  const [state, effects] = after(fresh(), ...visiting, snapshot("in_visit", { visit: "ended" }));
  assert.deepEqual([state.screen, state.why], ["ended", "over"]);
  assert.deepEqual(types(effects), ["closeMedia", "disconnect", "releaseDevices", "forgetSession", "keepAwake"]);
  assert.equal(step(state, { type: "rejoin_tapped" })[0], state, "over is over");
  assert.equal(after(fresh(), ...waiting, snapshot("waiting", { visit: "cancelled" }))[0].why, "cancelled");
});

test("removal closes everything and names no way back", () => {
  for (const last of [{ type: "ended", code: "removed" }, snapshot("removed")]) {
    const [state, effects] = after(fresh(), ...visiting, last);
    assert.deepEqual([state.screen, state.why, types(effects).includes("forgetSession")], ["error", "removed", true]);
  }
});

test("replaced by another device: Try again takes the visit back here", () => {
  for (const code of ["replaced", "session_replaced"]) {
    const [state, effects] = after(fresh(), ...visiting, { type: "ended", code });
    assert.deepEqual([state.screen, types(effects).includes("releaseDevices")], ["replaced", true]);
    const [back, more] = step(state, { type: "retry_tapped" });
    assert.deepEqual(types(more), ["wakeAudio", "redeem"]);
    assert.equal(after(back, { type: "redeemed", answer: { ok: example("redeemed") } }, snapshot("in_visit"))[0].screen, "visit");
  }
});

test("a session that ran out in the visit is renewed once, without a tap", () => {
  const [state, effects] = after(fresh(), ...visiting, { type: "ended", code: "session_expired" });
  assert.deepEqual([state.screen, types(effects)], ["visit", ["redeem"]]);
  const [renewed] = step(state, { type: "redeemed", answer: { ok: example("redeemed") } });
  assert.equal(renewed.screen, "visit");
  const [given] = step(renewed, { type: "ended", code: "unauthorized" });
  assert.deepEqual([given.screen, given.busy], ["start", "view"]);
});

test("a dead session at the door looks at the link again", () => {
  const [state, effects] = after(fresh({ token: "old" }), { type: "opened" }, { type: "ended", code: "unauthorized" });
  assert.deepEqual([state.screen, state.token], ["start", null]);
  assert.ok(types(effects).includes("view") && types(effects).includes("forgetSession"));
});

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

test("a server that can not be reached is said after 5 s, with another try", () => {
  for (const events of [[...checked, { type: "join_tapped" }], [...visiting, { type: "leave_tapped" }, { type: "rejoin_tapped" }]]) {
    const [waits] = after(fresh(), ...events);
    assert.equal(stuck(step(waits, { type: "tick", now: NOW + 4000 })[0]), false);
    const [state] = step(waits, { type: "tick", now: NOW + 5000 });
    assert.equal(stuck(state), true);
    const [again, effects] = step(state, { type: "reach_tapped" });
    assert.deepEqual([stuck(again), effects], [false, [{ type: "connect", token: "sample-token" }]]);
  }
  const [resuming] = after(fresh({ token: "t" }), { type: "opened" }, { type: "tick", now: NOW + 5000 });
  assert.deepEqual([resuming.screen, stuck(resuming), types(step(resuming, { type: "reach_tapped" })[1])], ["start", true, ["connect"]]);
  const [still] = after(fresh(), ...waiting, { type: "tick", now: NOW + 60_000 });
  assert.equal(stuck(still), false);
});

test("the device test notices that the door has opened, and Start goes on with the camera as it is", () => {
  const early = view({ state: "early" });
  early.answer.ok.visit = { ...early.answer.ok.visit, check_in_opens_at: "2026-11-22T14:10:05.000Z" };
  const [testing] = after(fresh(), early, { type: "test_tapped" }, { type: "captured", result: found });
  assert.deepEqual([doorOpened(testing), step(testing, { type: "start_tapped" })], [false, [testing, []]]);
  const [open] = step(testing, { type: "tick", now: NOW + 5000 });
  assert.equal(doorOpened(open), true);
  const [tapped, effects] = step(open, { type: "start_tapped" });
  assert.deepEqual(types(effects), ["wakeAudio", "redeem"]);
  const [going, more] = step(tapped, { type: "redeemed", answer: { ok: example("redeemed") } });
  assert.deepEqual([going.screen, going.testing, types(more)], ["devices", false, ["connect", "keepSession"]]);
  const [refused] = step(tapped, { type: "redeemed", answer: failed("offline") });
  assert.deepEqual([refused.screen, refused.notice], ["devices", "offline"]);
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

test("the media status is kept, the language is kept and stored", () => {
  assert.equal(step(fresh(), { type: "media", status: "connected" })[0].media, "connected");
  const [state, effects] = step(fresh(), { type: "language_chosen", language: "es" });
  assert.deepEqual([state.language, effects], ["es", [{ type: "language", language: "es" }]]);
});

test("a tap on a screen that does not show its button changes nothing", () => {
  for (const screen of ["start", "early", "expired", "replaced", "confirm", "devices", "checkin", "waiting", "visit", "ended", "error"]) {
    const state = { ...fresh(), screen };
    for (const [type, screens] of Object.entries(TAPS)) {
      if (!screens.includes(screen)) assert.deepEqual(step(state, { type }), [state, []], `${type} on ${screen}`);
    }
  }
});

test("an event that nobody knows is a fault", () => assert.throws(() => step(fresh(), { type: "no_such_event" }), /no_such_event/));

test("no step changes the state that it was given", () => {
  let state = Object.freeze(fresh());
  for (const event of [{ type: "opened" }, ...visiting, { type: "mute_tapped" }, { type: "leave_tapped" }, { type: "rejoin_tapped" }]) {
    state = Object.freeze(step(state, event)[0]);
  }
});

for (const [state, screen, why] of [["rescheduled", "expired", "rescheduled"], ["cancelled", "expired", "cancelled"], ["ended", "ended", "over"], ["open", "ended", "over"]]) {
  test(`a link that ends while the page is open, and then says ${state}, leads to ${screen} (${why})`, () => {
    const [closed, effects] = after(fresh(), ...waiting, { type: "ended", code: "link_ended" });
    assert.deepEqual(effects.at(-1), { type: "look", code: "sample-code" });
    const [told, more] = step(closed, { type: "looked", answer: { ok: { ...example("invitation_view"), state } } });
    assert.deepEqual([told.screen, told.why, more], [screen, why, []]);
  });
}

test("why a link has ended is asked also where Start is refused, and a lost answer leaves the words that stand", () => {
  const [closed, effects] = after(fresh(), view(), { type: "start_tapped" }, { type: "redeemed", answer: failed("link_ended") });
  assert.equal(types(effects).at(-1), "look");
  assert.equal(step(closed, { type: "looked", answer: failed("offline") })[0], closed);
});
