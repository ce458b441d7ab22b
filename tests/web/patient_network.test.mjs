/** The network test beside the patient's device check: when it runs, what it changes, and what it never holds up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { step } from "../../web_client/js/patient/machine.js";
import { networkTest, testsNetwork, worse } from "../../web_client/js/patient/network.js";
import { judgeNetwork } from "../../web_client/js/patient/readiness.js";
import { initialState } from "../../web_client/js/patient/state.js";
import { NOW, example, found } from "./patient_rig.mjs";

const viewed = { type: "viewed", answer: { ok: example("invitation_view") }, now: NOW };
const redeemed = { type: "redeemed", answer: { ok: example("redeemed") } };
const captured = { type: "captured", result: found };

const after = (...events) => {
  let [state, effects] = [initialState({ heard: true, code: "sample-code", token: null, startedAt: null, language: "en", now: NOW }), []];
  for (const event of events) [state, effects] = step(state, event);
  return [state, effects];
};
const onDevices = [viewed, { type: "start_tapped" }, redeemed, captured];

test("it begins when there is something to send, with the session", () => {
  const [state, effects] = after(...onDevices);
  assert.ok(testsNetwork(state));
  assert.deepEqual(effects.at(-1), { type: "testNetwork", token: example("redeemed").token });
});

test("before the join window it begins without a session", () => {
  const early = { ...viewed, answer: { ok: { ...example("invitation_view"), state: "early" } } };
  assert.deepEqual(after(early, { type: "test_tapped" }, captured)[1].at(-1), { type: "testNetwork", token: null });
});

test("without camera and microphone there is nothing to test", () => {
  const [state, effects] = after(...onDevices.slice(0, 3), { type: "captured", result: { ...found, camera: false, microphone: false, problem: "blocked" } });
  assert.equal(testsNetwork(state), false);
  assert.ok(effects.every(({ type }) => type !== "testNetwork"));
});

test("its result is kept and reported, and ends it", () => {
  const [state] = after(...onDevices, { type: "stirred" });
  const [told, effects] = step(state, { type: "network_tested", result: "fair" });
  assert.deepEqual([told.network.kind, told.network.tested, testsNetwork(told)], ["fair", "fair", false]);
  assert.deepEqual(effects.map(({ type }) => type), ["endNetworkTest", "readiness"]);
  assert.equal(effects[1].report.network, "fair");
});

test("it never holds anybody up: Join goes on and ends it, and a late result changes nothing", () => {
  const snapshot = { type: "snapshot", now: NOW, snapshot: { ...example("snapshot_visit"), me: { ...example("snapshot_visit").me, phase: "waiting" }, others: [], media: null } };
  const [joining, asked] = after(...onDevices, { type: "join_tapped" });
  assert.ok(asked.some(({ type }) => type === "join"));
  const [waiting, effects] = step(joining, snapshot);
  assert.equal(waiting.screen, "waiting");
  assert.ok(effects.some(({ type }) => type === "endNetworkTest"));
  assert.equal(step(waiting, { type: "network_tested", result: "poor" })[0], waiting);
});

test("another choice of devices begins it anew as long as it said nothing", () => {
  const [state] = after(...onDevices);
  const [asking, ended] = step(state, { type: "sound_only_tapped" });
  assert.ok(ended.some(({ type }) => type === "endNetworkTest"));
  assert.ok(step(asking, { ...captured, result: { ...found, camera: false } })[1].some(({ type }) => type === "testNetwork"));
  const [told] = step(state, { type: "network_tested", result: "poor" });
  assert.deepEqual(networkTest(told, step(step(told, { type: "sound_only_tapped" })[0], captured)[0]), []);
});

test("while the patient waits the worse of test and round trip counts", () => {
  assert.deepEqual([worse("good", "poor"), worse("poor", "good"), worse("good", "blocked"), worse("blocked", "poor"), worse("fair", null)], ["poor", "poor", "good", "blocked", "fair"]);
  const network = { kind: "poor", next: "poor", times: 0, tested: "poor" };
  const waiting = { ...after(...onDevices)[0], screen: "waiting", link: "connected", media: "connected", network };
  assert.equal(judgeNetwork(waiting, { rtt: 0.01 }).network.kind, "poor");
});
