/** The network test beside the device check: by itself, unseen, and in nobody's way. */
import { usable } from "./moves.js";
import { settled } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Effect} Effect */
/** @typedef {import("./types.js").DeviceReport["network"]} Verdict */
/** @typedef {import("./moves.js").Step} Step */

/** @type {Record<string, (state: State, event: any) => Step>} */
export const NETWORK = {
  network_tested(state, { result }) {
    if (!testsNetwork(state)) return [state, []];
    return [{ ...state, network: { kind: result, next: result, times: 0, tested: result } }, []];
  },
};

/** A test runs: there is something to send, and no result yet. @param {State} state */
export const testsNetwork = (state) =>
  (state.screen === "devices" || state.screen === "sound") && settled(state) && usable(state) && state.network.tested === null;

/** What a change means for the test. @param {State} before @param {State} after @returns {Effect[]} */
export function networkTest(before, after) {
  if (testsNetwork(before) === testsNetwork(after)) return [];
  return [testsNetwork(after) ? { type: "testNetwork", token: after.token } : { type: "endNetworkTest" }];
}

const GRAVITY = /** @type {const} */ (["good", "fair", "poor"]);

/**
 * The test knows of loss and rates, the reading of the moment of the round trip alone: the worse of them counts.
 * @param {Verdict} read @param {Verdict | null} tested
 * @returns {Verdict}
 */
export function worse(read, tested) {
  const [one, other] = [read, tested].map((verdict) => GRAVITY.findIndex((grade) => grade === verdict));
  return one !== undefined && other !== undefined && one >= 0 && other > one ? /** @type {Verdict} */ (tested) : read;
}
