/** Sound before picture: when the own picture waits, when it comes back, and how long after a return that failed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SOUND_AND_PICTURE, judge, wayOut } from "../../web_client/js/media/sound_first.js";

const NONE = { available_bps: null, loss: null, target_bps: null, rtt_s: null };
const wide = { ...NONE, available_bps: 900_000, loss: 0, rtt_s: 0.05 };
const narrow = { ...wide, available_bps: 90_000 };

/** One reading a second; says at which second the picture began to wait or came back. */
function run(ways, before = SOUND_AND_PICTURE, from = 0) {
  const turns = [];
  let state = before;
  for (const [n, way] of ways.entries()) {
    const next = judge(state, way, (from + n) * 1000);
    if (next.paused !== state.paused) turns.push([from + n, next.paused]);
    state = next;
  }
  return { state, turns };
}
const times = (n, way) => Array(n).fill(way);

test("a line that is narrow for 5 s lets the picture wait; a dip of 4 s does not", () => {
  assert.deepEqual(run(times(6, narrow)).turns, [[5, true]]);
  assert.deepEqual(run([...times(5, narrow), wide, ...times(5, narrow), wide]).turns, []);
  assert.deepEqual(run(times(60, wide)).turns, []);
});

test("119 kbit/s is narrow, 120 is not", () => {
  assert.deepEqual(run(times(10, { ...wide, available_bps: 119_000 })).turns, [[5, true]]);
  assert.deepEqual(run(times(10, { ...wide, available_bps: 120_000 })).turns, []);
});

test("after 10 good seconds the picture comes back; rough ones start the wait anew", () => {
  const { state } = run(times(6, narrow));
  assert.deepEqual(run(times(20, narrow), state, 6).turns, [[16, false]], "what the estimate says while nothing is sent means nothing");
  assert.deepEqual(run([...times(8, wide), { ...wide, loss: 0.2 }, ...times(11, wide)], state, 6).turns, [[25, false]]);
  assert.deepEqual(run([...times(8, wide), { ...wide, rtt_s: 2 }, ...times(11, wide)], state, 6).turns, [[25, false]]);
});

test("each return that fails doubles the wait: 10, 20, 40, 60, 60 s; one that lasts a minute begins anew", () => {
  const { turns, state } = run(times(400, narrow));
  const waits = turns.flatMap(([at, paused], index) => (paused ? [] : [at - turns[index - 1][0] - 1]));
  assert.deepEqual(waits.slice(0, 5), [10, 20, 40, 60, 60]);
  const back = { ...state, paused: false, since: -1, turnedAt: 400_000, failures: 4 };
  const lasting = run([...times(61, wide), ...times(20, narrow)], back, 400);
  assert.deepEqual(lasting.turns.map(([at, paused], index) => [paused, index === 0 ? 0 : at - lasting.turns[0][0]]), [[true, 0], [false, 11]]);
});

test("after a return the estimate has 5 s to climb before it counts", () => {
  const back = { ...SOUND_AND_PICTURE, turnedAt: 0 };
  assert.deepEqual(run(times(11, narrow), back, 0).turns, [[10, true]]);
});

test("without an estimate heavy loss counts, while the encoder gives way", () => {
  const lossy = (target_bps) => ({ ...NONE, loss: 0.2, target_bps });
  assert.deepEqual(run([900, 700, 500, 400, 300, 200, 150].map((k) => lossy(k * 1000))).turns, [[6, true]]);
  assert.deepEqual(run(times(20, lossy(900_000))).turns, [], "an encoder that stays where it is copes");
  assert.deepEqual(run(times(20, { ...NONE, loss: 0.1, target_bps: 50_000 })).turns, []);
  assert.deepEqual(run(times(6, { ...NONE, loss: 0.2 })).turns, [[5, true]]);
});

test("the way out is read from what the engines call it; a picture's last loss does not count while there is a voice", () => {
  const entries = [
    { type: "candidate-pair", nominated: false, availableOutgoingBitrate: 1 },
    { type: "candidate-pair", nominated: true, availableOutgoingBitrate: 250_000, currentRoundTripTime: 0.04 },
    { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.02, roundTripTime: 0.09 },
    { type: "remote-inbound-rtp", kind: "video", fractionLost: 0.5 },
    { type: "outbound-rtp", kind: "video", targetBitrate: 200_000 },
    { type: "outbound-rtp", kind: "audio", targetBitrate: 32_000 },
  ];
  const read = (list) => wayOut(new Map(list.map((one, index) => [index, one])));
  assert.deepEqual(read(entries), { available_bps: 250_000, loss: 0.02, target_bps: 200_000, rtt_s: 0.04 });
  assert.deepEqual(read(entries.toReversed()).loss, 0.02);
  assert.deepEqual(read(entries.slice(2)), { available_bps: null, loss: 0.02, target_bps: 200_000, rtt_s: 0.09 });
  assert.deepEqual(read([entries[3]]).loss, 0.5);
  assert.deepEqual(read([]), NONE);
});
