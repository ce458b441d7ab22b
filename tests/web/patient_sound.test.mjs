/** The speaker: a sound is played after the device check, and the person says whether it was heard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { samples, soundFile } from "../../web_client/js/media/test_sound.js";
import { step } from "../../web_client/js/patient/machine.js";
import { initialState } from "../../web_client/js/patient/state.js";
import { NOW, after, example, found, started, types, view } from "./patient_rig.mjs";

const fresh = (more = {}) => initialState({ code: "sample-code", token: null, startedAt: null, language: "en", now: NOW, ...more });
const snapshot = (phase, more = {}) => {
  const one = example("snapshot_visit");
  return { type: "snapshot", now: NOW, snapshot: { ...one, me: { ...one.me, phase }, visit: { ...one.visit, phase: "open", started_at: null }, others: [], ...more } };
};

const checked = [...started, { type: "link", status: "connected" }, snapshot("arrived"), { type: "captured", result: found }, { type: "heard" }];
const listening = [...checked, { type: "continue_tapped" }];
const reported = (effects) => effects.find(({ type }) => type === "readiness")?.report.speaker;

test("the way on from the devices leads to the speaker, and plays at once", () => {
  const [state, effects] = after(fresh(), ...listening);
  assert.deepEqual([state.screen, types(effects)], ["sound", ["wakeAudio", "testSound", "listDevices"]]);
});

test("who heard the sound goes straight in, and the care team is told that it works", () => {
  const [state, effects] = after(fresh(), ...listening, { type: "sound_heard_tapped" });
  assert.deepEqual(types(effects), ["keepHeard", "wakeAudio", "join", "readiness"]);
  assert.equal(reported(effects), "works");
  assert.equal(after(state, snapshot("waiting"))[0].screen, "waiting");
});

test("where a question is open, who heard the sound goes on to it", () => {
  const items = [{ key: "reason", kind: "reason", state: "open", answer: {} }];
  const open = snapshot("arrived", { check_in: { complete: false, items, consent: null } });
  const [state] = after(fresh(), ...listening, open, { type: "sound_heard_tapped" });
  assert.deepEqual([state.screen, state.page], ["checkin", "reason"]);
});

test("who heard it on an earlier day, in this browser, is not asked again, and nobody says that it was tested", () => {
  const [state, effects] = after(fresh({ heard: true }), ...checked, { type: "join_tapped" });
  assert.deepEqual([state.screen, state.reported.speaker, types(effects)], ["devices", "untested", ["wakeAudio", "join"]]);
});

test("a silent speaker keeps nobody out, and the care team is told", () => {
  const [silent, told] = after(fresh(), ...listening, { type: "sound_unheard_tapped" });
  assert.deepEqual([silent.sound.said, silent.screen, reported(told)], ["silent", "sound", "silent"]);
  assert.deepEqual(types(step(silent, { type: "play_tapped" })[1]), ["testSound"]);
  assert.deepEqual(types(step(silent, { type: "continue_tapped" })[1]), ["wakeAudio", "join"]);
  assert.equal(reported(step(silent, { type: "sound_heard_tapped" })[1]), "works", "mended");
});

test("another speaker is tried at once; one that does not start is not", () => {
  const [state, asked] = after(fresh(), ...listening, { type: "sound_unheard_tapped" }, { type: "speaker_chosen", speakerId: "s2" });
  assert.deepEqual(asked, [{ type: "speaker", speakerId: "s2" }]);
  assert.deepEqual(types(step(state, { type: "speaker_set", speakerId: "s2", taken: true })[1]), ["testSound"]);
  assert.deepEqual(step(state, { type: "speaker_set", speakerId: "", taken: false })[1], []);
});

test("a browser that plays nothing before a tap gets one", () => {
  const [state] = after(fresh(), ...listening, { type: "sound_refused" });
  assert.equal(state.sound.refused, true);
  assert.equal(step(state, { type: "play_tapped" })[0].sound.refused, false);
});

test("the test before the door opens ends with the sound, back at the countdown", () => {
  const times = { opens_at: "2026-11-22T15:00:00Z", check_in_opens_at: "2026-11-22T15:00:00Z" };
  const early = view({ state: "early", visit: { ...example("invitation_view").visit, ...times } });
  const [state] = after(fresh(), early, { type: "test_tapped" }, { type: "captured", result: found }, { type: "continue_tapped" });
  assert.deepEqual([state.screen, state.testing], ["sound", true]);
  const [back, effects] = step(state, { type: "sound_heard_tapped" });
  assert.deepEqual([back.screen, back.testing, types(effects)], ["early", false, ["keepHeard", "releaseDevices", "endNetworkTest"]]);
});

test("the network test goes on beside the sound", () => {
  const [, effects] = after(fresh(), ...listening);
  assert.ok(!types(effects).includes("endNetworkTest"));
  assert.ok(types(after(fresh(), ...listening, { type: "sound_heard_tapped" }, snapshot("waiting"))[1]).includes("endNetworkTest"));
});

test("the sound lasts one to two seconds, is loud, and is not cut off", async () => {
  const sound = samples();
  const peak = Math.max(...sound.map(Math.abs));
  assert.ok(peak > 0.7 && peak < 0.9);
  assert.ok(Math.abs(sound.at(-1)) < 0.05, "no click at the end");
  const file = new DataView(await soundFile().arrayBuffer());
  const seconds = file.getUint32(40, true) / file.getUint32(28, true);
  assert.ok(seconds >= 1 && seconds <= 2);
  assert.equal(file.byteLength, 44 + sound.length * 2);
});

const hearing = [...listening, { type: "echo_tapped" }];

test("who wants to hear themselves gets a test call with their session, and one alone", () => {
  const [state, effects] = after(fresh(), ...hearing);
  assert.deepEqual([state.sound.echo, effects.map(({ type }) => type)], ["calling", ["wakeAudio", "callEcho"]]);
  assert.equal(effects.at(-1).token, example("redeemed").token);
  const [came] = step(state, { type: "echo_came" });
  assert.equal(came.sound.echo, "speaking");
  assert.deepEqual(types(step(came, { type: "echo_tapped" })[1]), ["wakeAudio", "playEcho"]);
});

test("who heard themselves goes in by one tap: the call ends, and the care team is told", () => {
  const [state, effects] = after(fresh(), ...hearing, { type: "echo_came" }, { type: "sound_heard_tapped" });
  assert.ok(types(effects).includes("join"));
  assert.equal(effects.find(({ type }) => type === "readiness").report.echo, "works");
  assert.deepEqual(types(after(state, snapshot("waiting"))[1]).filter((type) => type === "endEcho"), ["endEcho"]);
});

test("who did not hear themselves is told what to do, may go on, and staff learn of it", () => {
  const [state, effects] = after(fresh(), ...hearing, { type: "echo_came" }, { type: "sound_unheard_tapped" });
  assert.deepEqual([state.screen, state.sound.echo, state.sound.said], ["sound", "speaking", null]);
  assert.equal(effects.find(({ type }) => type === "readiness").report.echo, "silent");
  assert.ok(types(step(state, { type: "continue_tapped" })[1]).includes("join"));
});

test("a call that is over, refused or not possible says so, and another may be tried", () => {
  for (const [code, told] of [["over", "over"], ["too_many_requests", "busy"], ["blocked", "failed"], ["draining", "failed"]]) {
    const [state, effects] = after(fresh(), ...hearing, { type: "echo_over", code });
    assert.deepEqual([state.sound.echo, types(effects)], [told, ["endEcho"]]);
    assert.ok(types(step(state, { type: "continue_tapped" })[1]).includes("join"));
    assert.ok(types(step(state, { type: "echo_tapped" })[1]).includes("callEcho"));
  }
  const [gone] = after(fresh(), ...listening, { type: "echo_over", code: "over" });
  assert.equal(gone.sound.echo, null);
});

test("whatever leads away from the screen ends the call", () => {
  for (const away of [{ type: "continue_tapped" }, { type: "ended", code: "session_replaced" }, { type: "ended", code: "link_ended" }, snapshot("in_visit")]) {
    const [state, effects] = after(fresh(), ...hearing, away);
    assert.ok(state.screen === "sound" || types(effects).includes("endEcho"), `${away.type} left the call open`);
  }
});
