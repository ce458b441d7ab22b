/** The patient's machine from the door to the end: every event on every screen where it means something. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TAPS, step } from "../../web_client/js/patient/machine.js";
import { counterpart, doorOpened, serverNow, stuck } from "../../web_client/js/patient/state.js";
import { NOW, after, checked, example, failed, found, fresh, nothing, snapshot, started, types, view, visiting, waiting } from "./patient_rig.mjs";

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
  for (const [copied, notice] of [[true, "copied"], [false, "uncopied"]]) assert.equal(step(refused, { type: "link_copied", copied })[0].notice, notice);
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

test("a question for devices that is never answered keeps nobody out, and its late answer is not wanted", () => {
  const [state, effects] = after(fresh(), ...started, { type: "link", status: "connected" }, snapshot("arrived"), { type: "capture_slow" }, { type: "join_tapped" });
  assert.deepEqual([state.busy, state.devices.status, types(effects)], ["join", "failed", ["releaseDevices", "wakeAudio", "join", "readiness"]]);
  assert.deepEqual(types(step(state, snapshot("waiting"))[1]).includes("capture"), false);
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
  assert.deepEqual(types(effects), ["media", "chime", "keepAwake", "keepTalk", "keepSession", "devices"]);
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
  assert.deepEqual(types(effects), ["media", "keepAwake", "capture", "keepTalk"]);
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
  assert.deepEqual(step(again, { type: "rejoin_tapped" }), [again, []], "a second tap asks for nothing more");
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

for (const code of ["offline", "garbled", "too_many_attempts"]) {
  test(`a session that can not be renewed because of ${code} is asked for again until it is there`, () => {
    const [state, effects] = after(fresh(), ...visiting, { type: "ended", code: "session_expired" }, { type: "redeemed", answer: failed(code) });
    assert.deepEqual([state.screen, state.notice, effects.map(({ type, after_ms }) => [type, after_ms > 0])], ["visit", null, [["redeem", true]]]);
    const [back, more] = step(state, { type: "redeemed", answer: { ok: example("redeemed") } });
    assert.deepEqual([back.screen, types(more)], ["visit", ["connect", "keepSession"]]);
  });
}

test("who leaves while the session is renewed is not led to the devices, and may come back", () => {
  const [left] = after(fresh(), ...visiting, { type: "ended", code: "session_expired" }, { type: "leave_tapped" }, { type: "redeemed", answer: failed("offline") });
  const [state, effects] = step(left, { type: "redeemed", answer: { ok: example("redeemed") } });
  assert.deepEqual([state.screen, types(effects)], ["ended", ["connect", "keepSession"]]);
  const [again] = after(left, { type: "rejoin_tapped" }, { type: "tick", now: NOW + 5000 }, { type: "reach_tapped" });
  assert.deepEqual([again.busy, stuck(again)], ["join", false]);
  assert.deepEqual(types(after(again, { type: "redeemed", answer: { ok: example("redeemed") } }, snapshot("left"))[1]).includes("join"), true);
});

test("a dead session at the door looks at the link again", () => {
  const [state, effects] = after(fresh({ token: "old" }), { type: "opened" }, { type: "ended", code: "unauthorized" });
  assert.deepEqual([state.screen, state.token], ["start", null]);
  assert.ok(types(effects).includes("view") && types(effects).includes("forgetSession"));
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
