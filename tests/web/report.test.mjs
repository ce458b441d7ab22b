/** What a page reports of what it saw and heard (docs/protocol.md §3, `media.report`). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EMPTY_LOG, note } from "../../web_client/js/media/report.js";

const stats = (...entries) => new Map(entries.map((one, index) => [index, one]));
const picture = (more) => ({ type: "inbound-rtp", kind: "video", framesDecoded: 0, frameHeight: 480, framesPerSecond: 24, ...more });
const voice = (more) => ({ type: "inbound-rtp", kind: "audio", totalSamplesReceived: 0, concealedSamples: 0, ...more });
const pair = { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.0424 };

function reports(readings) {
  let log = EMPTY_LOG;
  return readings.map((one) => {
    const noted = note(log, one);
    log = noted.log;
    return noted.report;
  });
}

test("each fifth second makes a report, of the differences since the last one", () => {
  const at = (n) => stats(pair, picture({ framesDecoded: n * 24, freezeCount: n, totalFreezesDuration: n * 0.3 }), voice({ totalSamplesReceived: n * 48000, concealedSamples: n * 960, silentConcealedSamples: n * 480 }));
  const made = reports([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => at(n)));
  assert.deepEqual(made.map((one) => one !== null), [false, false, false, false, false, true, false, false, false, false, true]);
  assert.deepEqual(made[5], { rtt_ms: 42, freezes: 5, frozen_ms: 1500, concealed: 0.01, frames_per_s: 24, height: 480, limited: "none" });
  assert.deepEqual(made[10], made[5]);
});

test("its fields are those of the contract", () => {
  const contract = /`media\.report` \| `\{([^}]+)\}`/.exec(readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8"))[1];
  const [, ...fields] = [...contract.matchAll(/"(\w+)"/g)].map((match) => match[1]);
  assert.deepEqual(Object.keys(reports(Array(6).fill(stats(pair))).at(-1)), fields);
});

test("an engine that counts no freezes has its stalls counted; five seconds in a row are no freeze any more", () => {
  const made = (...frames) => reports(frames.map((n) => stats(picture({ framesDecoded: n })))).filter((one) => one !== null).map(({ freezes, frozen_ms }) => [freezes, frozen_ms]);
  assert.deepEqual(made(1, 20, 20, 20, 40, 60), [[1, 2000]]);
  assert.deepEqual(made(1, 1, 20, 20, 40, 60), [[2, 2000]]);
  assert.deepEqual(made(1, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20), [[1, 4000], [0, 1000]]);
  assert.deepEqual(made(0, 0, 0, 0, 0, 0), [[0, 0]], "nobody has sent anything yet");
});

test("of several pictures the largest is told, their freezes are summed, and a silent line has nothing made up", () => {
  const small = picture({ frameHeight: 180, framesPerSecond: 7, freezeCount: 0, totalFreezesDuration: 0 });
  const readings = Array(5).fill(stats(small, picture({ frameHeight: 720, framesPerSecond: 29.7, freezeCount: 0, totalFreezesDuration: 0 })));
  const last = stats({ ...small, freezeCount: 1, totalFreezesDuration: 0.5 }, picture({ frameHeight: 720, framesPerSecond: 29.7, freezeCount: 2, totalFreezesDuration: 1 }));
  assert.deepEqual(reports([...readings, last]).at(-1), { rtt_ms: null, freezes: 3, frozen_ms: 1500, concealed: 0, frames_per_s: 30, height: 720, limited: "none" });
});

test("somebody who leaves takes their sums along, and nothing becomes negative", () => {
  const both = stats(voice({ totalSamplesReceived: 9000, concealedSamples: 500 }), picture({ framesDecoded: 500, freezeCount: 3, totalFreezesDuration: 2 }));
  const { freezes, frozen_ms, concealed } = reports([...Array(5).fill(both), stats(voice({ totalSamplesReceived: 100 }))]).at(-1);
  assert.deepEqual([freezes, frozen_ms, concealed], [0, 0, 0]);
});

test("what holds the own picture down: the network before the processor, and nothing that is not sent", () => {
  const limited = (...reasons) => reports(Array(6).fill(stats(...reasons.map(([reason, active]) => ({ type: "outbound-rtp", kind: "video", active, qualityLimitationReason: reason }))))).at(-1).limited;
  assert.equal(limited(["cpu"], ["bandwidth"]), "network");
  assert.equal(limited(["cpu", true]), "cpu");
  assert.equal(limited(["bandwidth", false]), "none");
  assert.equal(limited(["other"]), "none");
});

test("where the path has no round trip the other end's is taken", () => {
  const made = reports(Array(6).fill(stats({ type: "candidate-pair", nominated: true }, { type: "remote-inbound-rtp", roundTripTime: 0.2 }))).at(-1);
  assert.equal(made.rtt_ms, 200);
});
