/** A microphone and a camera that say they are live: which readings mean that they are dead. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { UNWATCHED, judge, sourcesOf } from "../../web_client/js/media/dead_tracks.js";

/** One reading a second of a phone, where both give something until they are told otherwise. */
class Phone {
  at = 0;
  watch = UNWATCHED;
  facts = { visible: true, running: true, audio: {}, camera: {} };
  gives = { audio: true, camera: true };
  #counts = { audio: 0, camera: 0 };

  seconds(n, change = () => {}) {
    change(this);
    const seen = { audio: [], camera: [], interruptions: 0 };
    for (let i = 0; i < n; i++) {
      this.at += 1000;
      const sign = (kind) => {
        if (this.gives[kind]) this.#counts[kind] += 1;
        return { track: kind, wanted: true, ended: false, muted: false, counts: [this.#counts[kind], null], ...this.facts[kind] };
      };
      this.watch = judge(this.watch, { now: this.at, visible: this.facts.visible, running: this.facts.running, audio: sign("audio"), camera: sign("camera") });
      seen.audio.push(this.watch.audio.verdict);
      seen.camera.push(this.watch.camera.verdict);
      if (this.watch.interrupted) seen.interruptions += 1;
    }
    return seen;
  }
}

/** After how many seconds this one was first called dead. */
const deadAfter = (verdicts) => verdicts.indexOf("dead") + 1;
const silent = (phone) => (phone.gives.audio = false);
const still = (phone) => (phone.gives.camera = false);

test("what gives something is never dead, whatever its flags say", () => {
  const phone = new Phone();
  const seen = phone.seconds(60, () => (phone.facts.audio = { muted: true }));
  assert.ok(seen.audio.slice(1).every((verdict) => verdict === "gives"));
  assert.ok(seen.camera.slice(1).every((verdict) => verdict === "gives"));
});

test("a camera that stands still is dead after 5 s, a microphone of exact silence after 20: a noise gate is silent too", () => {
  const phone = new Phone();
  phone.seconds(5);
  const seen = phone.seconds(30, (one) => (silent(one), still(one)));
  assert.deepEqual([deadAfter(seen.camera), deadAfter(seen.audio)], [5, 20]);
  assert.deepEqual(phone.seconds(1, () => (phone.gives.audio = true)).audio, ["gives"]);
});

test("after a while out of sight, or a stopped AudioContext, silence is dead after 4 s more", () => {
  const phone = new Phone();
  phone.seconds(5);
  const hidden = phone.seconds(60, (one) => (silent(one), still(one), (one.facts.visible = false)));
  assert.deepEqual([new Set([...hidden.audio, ...hidden.camera]), hidden.interruptions], [new Set(["unknown"]), 0]);
  const seen = phone.seconds(10, () => (phone.facts.visible = true));
  assert.deepEqual([deadAfter(seen.audio), deadAfter(seen.camera), seen.interruptions], [5, 5, 1]);

  const called = new Phone();
  called.seconds(5);
  const stopped = called.seconds(10, (one) => (silent(one), (one.facts.running = false)));
  assert.deepEqual([deadAfter(stopped.audio), stopped.interruptions], [4, 1]);
});

test("a device that was asleep without a word is found out by the clock", () => {
  const phone = new Phone();
  phone.seconds(5);
  phone.at += 60_000;
  const seen = phone.seconds(5, (one) => (silent(one), still(one)));
  assert.deepEqual([seen.interruptions, deadAfter(seen.audio), deadAfter(seen.camera)], [1, 5, 5]);
});

test("a track that the browser mutes is dead after a second, not in the moment of a switch", () => {
  const phone = new Phone();
  phone.seconds(5);
  const muted = (one) => (silent(one), (one.facts.audio = { muted: true }));
  const seen = phone.seconds(1, muted);
  assert.deepEqual([seen.audio, seen.interruptions], [["gives"], 1]);
  assert.equal(deadAfter(phone.seconds(3).audio), 1);
});

test("nothing is judged while the person has muted it, and it is watched anew after that", () => {
  const phone = new Phone();
  phone.seconds(5);
  const muted = phone.seconds(60, (one) => (silent(one), (one.facts.audio = { wanted: false })));
  assert.ok(muted.audio.every((verdict) => verdict === "unknown"));
  assert.equal(deadAfter(phone.seconds(30, () => (phone.facts.audio = {})).audio), 20);
});

test("a track that ended is dead at once", () => {
  const phone = new Phone();
  phone.seconds(5);
  assert.deepEqual(phone.seconds(1, () => (phone.facts.camera = { ended: true })).camera, ["dead"]);
});

test("the fresh track is given its time, and is dead again when it gives nothing either", () => {
  const phone = new Phone();
  phone.seconds(5);
  phone.seconds(9, (one) => (still(one), (one.facts.visible = false)));
  assert.equal(phone.seconds(5, () => (phone.facts.visible = true)).camera.at(-1), "dead");
  assert.deepEqual(phone.seconds(6, () => (phone.facts.camera = { track: "fresh" })).camera, ["unknown", "unknown", "unknown", "unknown", "dead", "dead"]);
});

test("nothing is said of one that never gave anything, nor where nothing is counted", () => {
  const phone = new Phone();
  silent(phone);
  assert.ok(phone.seconds(60).audio.every((verdict) => verdict !== "dead"));
  const blind = new Phone();
  blind.seconds(5);
  assert.ok(blind.seconds(60, () => (blind.facts.camera = { counts: [null, null] })).camera.every((verdict) => verdict !== "dead"));
});

test("of what the browser counts, only the own microphone and camera count, not a shared screen", () => {
  const report = new Map([
    ["a", { type: "media-source", kind: "audio", trackIdentifier: "m", totalAudioEnergy: 0.25 }],
    ["s", { type: "media-source", kind: "video", trackIdentifier: "screen", frames: 900 }],
    ["v", { type: "media-source", kind: "video", trackIdentifier: "c", frames: 30 }],
  ]);
  assert.deepEqual(sourcesOf(report, { audio: { id: "m" }, camera: { id: "c" } }), { energy: 0.25, frames: 30 });
  assert.deepEqual(sourcesOf(report, { audio: null, camera: { id: "x" } }), { energy: null, frames: null });
  assert.deepEqual(sourcesOf(null, { audio: null, camera: null }), { energy: null, frames: null });
});
