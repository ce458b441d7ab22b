/** Sound before picture: when the own picture gets small, when it waits, when it comes back, and how long after a return that failed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SOUND_AND_PICTURE, judge, onLostLine, wayOut } from "../../web_client/js/media/sound_first.js";

const NONE = { available_bps: null, loss: null, target_bps: null, rtt_s: null, heard: null };
const wide = { ...NONE, available_bps: 900_000, loss: 0, rtt_s: 0.05 };
const narrow = { ...wide, available_bps: 90_000, rtt_s: 0.4 };
const drowning = { ...wide, loss: 0.3, rtt_s: 0.5 };
const talking = { ...SOUND_AND_PICTURE, best_s: 0.05 };
const waiting = { ...SOUND_AND_PICTURE, picture: "none", best_s: 0.05 };

/** One reading a second; says at which second the picture became what. */
function run(ways, before = talking, from = 0) {
  const turns = [];
  let state = before;
  for (const [n, way] of ways.entries()) {
    const next = judge(state, way, (from + n) * 1000);
    if (next.picture !== state.picture) turns.push([from + n, next.picture]);
    state = next;
  }
  return { state, turns };
}
const times = (n, way) => Array(n).fill(way);

test("an estimate that is narrow for 5 s lets the picture wait; a dip of 4 s does not", () => {
  assert.deepEqual(run(times(6, narrow)).turns, [[5, "none"]]);
  assert.deepEqual(run([...times(5, narrow), wide, ...times(5, narrow), wide]).turns, []);
  assert.deepEqual(run(times(60, wide)).turns, []);
});

test("119 kbit/s is narrow, 120 is not", () => {
  assert.deepEqual(run(times(10, { ...narrow, available_bps: 119_000 })).turns, [[5, "none"]]);
  assert.deepEqual(run(times(10, { ...narrow, available_bps: 120_000 })).turns, []);
});

test("a low estimate on a line without a queue or loss is one that climbs", () => {
  assert.deepEqual(run(times(60, { ...wide, available_bps: 60_000 })).turns, []);
  assert.deepEqual(run(times(60, { ...wide, available_bps: 60_000, loss: 0.3 })).turns[0], [5, "none"]);
  assert.deepEqual(run(times(60, { ...NONE, available_bps: 60_000 })).turns[0], [5, "none"], "nothing else is known");
  assert.deepEqual(run(times(60, { ...narrow, rtt_s: 0.6 }), SOUND_AND_PICTURE).turns[0], [5, "none"], "full from the beginning");
});

test("sound that drowns in a full queue makes the picture small at once, whatever the estimate says, and then wait", () => {
  assert.deepEqual(run([...times(3, wide), ...times(9, drowning)]).turns, [[4, "small"], [8, "none"]]);
  assert.deepEqual(run([wide, drowning, wide, drowning, ...times(20, wide)]).turns, [], "one reading is no sign");
});

test("a line on which nothing is heard of the other end any more is full: the picture gets small, and then waits", () => {
  const heard = (n) => ({ ...wide, heard: n });
  const ways = [...[1, 2, 3, 4].map(heard), ...times(10, heard(4))];
  assert.deepEqual(run(ways).turns, [[8, "small"], [12, "none"]]);
  assert.deepEqual(run([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4].map(heard)).turns, [], "each third second is enough");
  assert.deepEqual(run([...ways, ...[5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map(heard)]).turns.at(-1), [23, "small"]);
});

test("loss by chance is no reason: a smaller picture would save no sound", () => {
  assert.deepEqual(run(times(60, { ...wide, loss: 0.4 })).turns, []);
  assert.deepEqual(run([wide, ...times(60, { ...wide, rtt_s: 0.6 })]).turns, [], "nor is a long way that loses nothing");
});

test("a small picture grows after 8 s that are well; each growth that fails doubles the wait", () => {
  const { state } = run([...times(3, wide), drowning, drowning]);
  assert.equal(state.picture, "small");
  assert.deepEqual(run(times(20, wide), state, 5).turns, [[13, "full"]]);
  const again = run([...times(9, wide), drowning, drowning, ...times(30, wide)], state, 5);
  assert.deepEqual(again.turns, [[13, "full"], [15, "small"], [32, "full"]]);
  assert.deepEqual(run(times(60, { ...wide, rtt_s: 0.4 }), state, 5).turns, [], "not while the queue stands");
});

test("a picture that waits comes back small after 10 s that are well; a queue starts the wait anew", () => {
  assert.deepEqual(run(times(20, { ...wide, available_bps: 90_000 }), waiting).turns, [[10, "small"], [19, "full"]], "what the estimate says while nothing is sent means nothing");
  assert.deepEqual(run([...times(8, wide), { ...wide, rtt_s: 0.4 }, ...times(11, wide)], waiting).turns, [[19, "small"]]);
  assert.deepEqual(run(times(11, { ...wide, loss: 0.3 }), waiting).turns, [[10, "small"]], "loss by chance does not keep it away");
});

test("each return that fails doubles the wait: 10, 20, 40, 60, 60 s; one that lasts a minute begins anew", () => {
  let [state, at] = [waiting, 0];
  const waits = [];
  for (let n = 0; n < 5; n++) {
    const back = run(times(70, wide), state, at).turns[0][0];
    waits.push(back - at);
    ({ state } = run([...times(back - at + 1, wide), ...times(4, drowning)], state, at));
    assert.equal(state.picture, "none");
    at = back + 5;
  }
  assert.deepEqual(waits, [10, 20, 40, 60, 60]);
  const lasting = run([...times(61, wide), ...times(61, wide), ...times(6, narrow), ...times(11, wide)], state, at);
  assert.deepEqual(lasting.turns.map(([second, picture]) => [second - at, picture]), [[60, "small"], [69, "full"], [127, "none"], [138, "small"]]);
});

test("after a return the estimate has 15 s to climb before it counts; drowning counts at once", () => {
  const back = { ...SOUND_AND_PICTURE, picture: "small", best_s: 0.05, cameBackAt: 0 };
  assert.deepEqual(run(times(25, narrow), back).turns, [[20, "none"]]);
  assert.deepEqual(run(times(6, drowning), back).turns, [[3, "none"]]);
});

test("a line that is lost to a full queue is no other line: its shortest way still counts", () => {
  const { state } = run([...times(3, wide), drowning]);
  assert.notEqual(state.drownsSince, null);
  assert.deepEqual(run(times(9, drowning), onLostLine(state), 4).turns, [[5, "small"], [9, "none"]]);
});

test("on another line the shortest way is another one before long", () => {
  const longer = { ...wide, rtt_s: 0.4 };
  assert.deepEqual(run([...times(90, longer), ...times(20, { ...longer, loss: 0.3 })]).turns, []);
});

test("a queue that is full loses now more, now less: it drowns the sound all the same", () => {
  const less = { ...drowning, loss: 0.05 };
  assert.deepEqual(run([drowning, less, drowning, less, less, less, less]).turns, [[1, "small"], [5, "none"]].map(([n, what]) => [n, what]));
  assert.deepEqual(run(times(20, less)).turns, []);
});

test("without an estimate heavy loss counts, while the encoder gives way", () => {
  const lossy = (target_bps) => ({ ...NONE, loss: 0.2, target_bps });
  assert.deepEqual(run([900, 700, 500, 400, 300, 200, 150].map((k) => lossy(k * 1000))).turns, [[6, "none"]]);
  assert.deepEqual(run(times(20, lossy(900_000))).turns, [], "an encoder that stays where it is copes");
  assert.deepEqual(run(times(20, { ...NONE, loss: 0.1, target_bps: 50_000 })).turns, []);
  assert.deepEqual(run(times(6, { ...NONE, loss: 0.2 })).turns, [[5, "none"]]);
  assert.deepEqual(run(times(30, { ...NONE, loss: 0.2 }), waiting).turns, [], "and keeps the picture away");
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
  assert.deepEqual(read(entries), { available_bps: 250_000, loss: 0.02, target_bps: 200_000, rtt_s: 0.09, heard: null });
  assert.deepEqual(read(entries.toReversed()).loss, 0.02);
  assert.deepEqual(read(entries.slice(2)), { available_bps: null, loss: 0.02, target_bps: 200_000, rtt_s: 0.09, heard: null });
  assert.deepEqual(read([entries[3]]).loss, 0.5);
  const report = (timestamp, roundTripTime) => ({ type: "remote-inbound-rtp", kind: "video", timestamp, roundTripTime });
  assert.equal(read([report(2, 0.6), { ...entries[1], responsesReceived: 7 }]).heard, 9);
  assert.equal(read([report(2, 0.6), report(1, 0.9)]).rtt_s, 0.6, "of reports the last");
  assert.equal(read([report(2, 0.03), entries[1]]).rtt_s, 0.04, "of check and report the longer");
  assert.deepEqual(read([]), NONE);
});
