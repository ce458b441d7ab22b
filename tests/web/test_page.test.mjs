/** The test page's machine, and the figures it reports. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readEcho, reportOf } from "../../web_client/js/test/figures.js";
import { initialState, step } from "../../web_client/js/test/machine.js";

const NOW = 1_790_000_000_000;
const fresh = initialState({ language: "en", clinic: null, now: NOW });
const found = { problem: null, camera: true, microphone: true };
const after = (...events) => {
  let [state, effects] = [fresh, []];
  for (const event of events) [state, effects] = step(state, event);
  return [state, effects];
};
const types = (effects) => effects.map(({ type }) => type);
const calling = [{ type: "start_tapped" }, { type: "captured", result: found }];
const told = [...calling, { type: "media", status: "connected" }, { type: "heard" }, { type: "result", result: "good", details: null }];

test("Start asks for the devices, and with them the call begins", () => {
  const [asking, first] = after({ type: "start_tapped" });
  assert.deepEqual([asking.screen, asking.asking, types(first)], ["devices", "asking", ["capture"]]);
  const [state, effects] = after(...calling);
  assert.deepEqual([state.screen, state.running, types(effects)], ["sound", true, ["call"]]);
});

test("a second tap on Start asks once", () => assert.deepEqual(after({ type: "start_tapped" }, { type: "start_tapped" })[1], []));

test("one of the two is enough for a call, neither is a problem to mend", () => {
  const only = { problem: "no_camera", camera: false, microphone: true };
  assert.equal(after({ type: "start_tapped" }, { type: "captured", result: only })[0].screen, "sound");
  const [state, effects] = after({ type: "start_tapped" }, { type: "captured", result: { problem: "blocked", camera: false, microphone: false } });
  assert.deepEqual([state.screen, state.problem, state.asking, effects], ["devices", "blocked", "done", []]);
  const [again, more] = step(state, { type: "again_tapped" });
  assert.deepEqual([again.asking, again.problem, types(more)], ["asking", null, ["stop", "capture"]]);
});

test("the time of the test runs from the first connection, not from a later one", () => {
  const [up] = after(...calling, { type: "media", status: "connected" });
  const [later] = step(step(up, { type: "tick", now: NOW + 3000 })[0], { type: "media", status: "reconnecting" });
  assert.equal(step(later, { type: "media", status: "connected" })[0].connectedAt, NOW);
});

test("the result leads to the end, and the call goes on until the person has said what they heard", () => {
  const [state] = after(...told);
  assert.deepEqual([state.screen, state.result, state.running], ["ended", "good", true]);
  for (const works of [true, false]) {
    const [judged, effects] = step(state, { type: "sound_judged", works });
    assert.deepEqual([judged.soundWorks, judged.running, types(effects)], [works, false, ["stop"]]);
  }
});

test("a call that is over keeps its result", () => {
  const [state, effects] = after(...told, { type: "over" });
  assert.deepEqual([state.screen, state.result, state.running, types(effects)], ["ended", "good", false, ["stop"]]);
});

test("Try again begins with nothing of the last time", () => {
  const [state, effects] = after(...told, { type: "again_tapped" });
  assert.deepEqual([state.result, state.heard, state.connectedAt, state.screen, types(effects)], [null, false, null, "devices", ["stop", "capture"]]);
});

test("late news of a call that is none any more changes nothing", () => {
  assert.equal(after({ type: "captured", result: found })[0], fresh);
  assert.equal(after({ type: "result", result: "poor", details: null })[0], fresh);
});

test("an event that no one knows is a fault", () => assert.throws(() => step(fresh, { type: "coffee" }), /coffee/));

// The figures.

const stats = ({ lost = 0, received = 0, bytes = 0, extra = {} } = {}) =>
  new Map(
    Object.entries({
      picture: { type: "inbound-rtp", kind: "video", packetsLost: lost, packetsReceived: received, bytesReceived: bytes, jitter: 0.004, framesPerSecond: 24 },
      sound: { type: "inbound-rtp", kind: "audio", packetsLost: -1, packetsReceived: 0, bytesReceived: 0, jitter: 0.5 },
      other: { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
      pair: { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.035, ...extra },
      sent: { type: "outbound-rtp", kind: "video", framesSent: 10, qualityLimitationReason: "bandwidth" },
    }),
  );

test("a reading sums up what comes back, and takes nothing of what did not", () => {
  assert.deepEqual(readEcho(stats({ lost: 2, received: 98, bytes: 1000 }), NOW), {
    at: NOW, lost: 2, received: 98, bytes: 1000, jitter_ms: 4, rtt_ms: 35, frames_per_s: 24, available_kbps: null, allotted: null, pixels: 0, limited: "network",
  });
  assert.equal(readEcho(stats({ extra: { availableOutgoingBitrate: 900_000 } }), NOW).available_kbps, 900);
});

test("without a reading nothing is claimed", () => {
  assert.ok(Object.values(reportOf([])).every((value) => value === null));
  const one = reportOf([readEcho(stats(), NOW)]);
  assert.deepEqual([one.loss, one.kbps, one.rtt_ms], [null, null, 35]);
});

test("loss counts from the third second on, the rate is that of the last three", () => {
  const at = (second, more) => readEcho(stats(more), NOW + 1000 * second);
  const report = reportOf([
    at(0), at(1, { lost: 40, received: 60, bytes: 100_000 }), at(3, { lost: 50, received: 150, bytes: 200_000 }),
    at(5, { lost: 51, received: 200, bytes: 300_000 }), at(8, { lost: 52, received: 248, bytes: 600_000 }),
  ]);
  assert.deepEqual([report.loss, report.kbps], [0.02, 800]);
});

test("where the browser does not tell the rate that is possible, what its encoder was given stands for it", () => {
  const at = (second, allotted, { width = 640, ...extra } = {}) => {
    const sent = { type: "outbound-rtp", kind: "video", framesSent: 10, totalEncodedBytesTarget: allotted, frameWidth: width, frameHeight: 240 };
    return readEcho(new Map([...stats({ bytes: 1000 * second, extra }), ["sent", sent]]), NOW + 1000 * second);
  };
  const report = reportOf([at(0, 0), at(5, 100_000), at(8, 550_000)]);
  assert.deepEqual([report.kbps, report.available_kbps, report.limited], [8, 1200, null]);
  assert.equal(reportOf([at(5, 100_000), at(8, 550_000, { availableOutgoingBitrate: 900_000 })]).available_kbps, 900);
  const small = (allotted) => reportOf([at(0, 0), at(3, allotted, { width: 320 })]);
  assert.deepEqual([small(187_500).available_kbps, small(187_500).limited], [null, "none"], "500 kbit/s: its size holds it");
  assert.deepEqual([small(75_000).available_kbps, small(75_000).limited], [200, null], "200 kbit/s: the line holds it");
});

test("a short call counts all of its loss", () => {
  const readings = [0, 1, 2].map((second) => readEcho(stats({ lost: second, received: 9 * second }), NOW + 1000 * second));
  assert.equal(reportOf(readings).loss, 0.1);
});
