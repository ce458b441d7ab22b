/** What the device test found, in the words of the report that staff's call list is made from. */
import { worse } from "./network.js";
import { roleOf, settled } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").DeviceReport} DeviceReport */
/** @typedef {import("../net/messages.js").Part} Part */

/** How long a microphone may give nothing at all before it counts as silent. */
const SILENT_MS = 8000;
/** How long the media path may take before the network counts as blocked. */
const BLOCKED_MS = 20_000;
/** Readings in a row before another verdict on the network counts: one slow second is no verdict. */
const STEADY_READINGS = 5;
const GOOD_RTT_S = 0.3;
const FAIR_RTT_S = 0.6;

/** @type {Record<string, Part>} */
const PART_OF = { blocked: "blocked", blocked_system: "blocked", busy: "busy", no_camera: "missing", no_microphone: "missing", no_devices: "missing" };

/**
 * The report on this device as far as it is known; null while a test is still under way.
 * @param {State} state
 * @returns {DeviceReport | null}
 */
export function reportOf(state) {
  if (!settled(state) || !["devices", "sound", "waiting"].includes(state.screen)) return null;
  const { devices } = state;
  const microphone = microphoneOf(state);
  if (microphone === null) return null;
  const unsupported = devices.problem === "unsupported" || devices.problem === "insecure";
  const { in_app, ...kind } = state.device;
  return { camera: cameraOf(state), microphone, speaker: wordOn(state.sound.said), echo: wordOn(state.sound.self), network: state.network.kind, in_app: in_app && unsupported, unsupported: unsupported && !in_app, ...kind };
}

/** The report where it says something else than the last one. @param {State} state */
export function newReportOf(state) {
  if (!["patient", "helper"].includes(roleOf(state))) return null;
  const report = reportOf(state);
  return report !== null && JSON.stringify(report) !== JSON.stringify(state.reported) ? report : null;
}

/** @param {State} state @returns {Part} */
function cameraOf({ devices, reported }) {
  if (devices.camera) return "works";
  // Without a wish for a picture nothing was tried again: what was found before stands.
  if (!devices.picture) return reported?.camera ?? "untested";
  if (!devices.microphone && devices.problem === "no_microphone") return "untested";
  return PART_OF[devices.problem ?? ""] ?? "untested";
}

/** What was heard on another day is no finding. @param {"heard" | "silent" | null} said @returns {Part} */
const wordOn = (said) => (said === "heard" ? "works" : (said ?? "untested"));

/** @param {State} state @returns {Part | null} null: not known yet */
function microphoneOf({ devices, screen, now }) {
  if (!devices.microphone) return devices.problem === "no_camera" ? "untested" : (PART_OF[devices.problem ?? ""] ?? "untested");
  if (devices.stirred) return "works";
  if (screen === "waiting") return "untested";
  return now - devices.since < SILENT_MS ? null : "silent";
}

/**
 * Take one reading of the media path while the patient waits.
 * @param {State} state @param {{rtt: number}} stats
 * @returns {State}
 */
export function judgeNetwork(state, { rtt }) {
  const read = networkOf(state, rtt);
  const { kind, next, times, tested } = state.network;
  if (read === null || (read === kind && times === 0)) return state;
  if (read === kind) return { ...state, network: { kind, next: kind, times: 0, tested } };
  const counted = read === next ? times + 1 : 1;
  const steady = counted >= STEADY_READINGS;
  return { ...state, network: steady ? { kind: read, next: read, times: 0, tested } : { kind, next: read, times: counted, tested } };
}

/** @param {State} state @param {number} rtt @returns {DeviceReport["network"] | null} null: nothing can be said now */
function networkOf({ screen, link, media, mediaSince, now, network }, rtt) {
  if (screen !== "waiting" || link !== "connected") return null;
  if (media === "connected") return worse(rtt < GOOD_RTT_S ? "good" : rtt < FAIR_RTT_S ? "fair" : "poor", network.tested);
  return media !== "none" && now - mediaSince >= BLOCKED_MS ? "blocked" : null;
}
