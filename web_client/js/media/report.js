/**
 * What a page tells the server each five seconds of what it saw and heard (`media.report`, docs/protocol.md §3). Pure: made of
 * the browser's figures, one reading a second, in the names of all engines.
 */

/** How many readings make a report. */
export const READINGS = 5;
/** Longer than this without a frame is no freeze: the other's camera is off, or nobody sends. */
const PAUSE_READINGS = 5;

/**
 * @typedef {object} Sums what only grows
 * @property {number | null} freezes null: this engine does not count them
 * @property {number} frozen_ms
 * @property {number} made_up samples of sound that did not arrive
 * @property {number} samples
 * @property {number} frames
 * @typedef {object} Report
 * @property {number | null} rtt_ms @property {number} freezes @property {number} frozen_ms @property {number} concealed
 * @property {number} frames_per_s @property {number} height @property {"none" | "network" | "cpu"} limited
 * @typedef {object} Log the readings since the last report
 * @property {Sums | null} first @property {Sums | null} last @property {number} readings
 * @property {number} still readings in a row without a new frame @property {number} stills of these, where the engine counts no freezes
 * @property {number} stillReadings
 */

/** @type {Log} */
export const EMPTY_LOG = { first: null, last: null, readings: 0, still: 0, stills: 0, stillReadings: 0 };

/**
 * Take one reading; each fifth makes a report.
 * @param {Log} log @param {RTCStatsReport | Map<string, any>} stats
 * @returns {{log: Log, report: Report | null}}
 */
export function note(log, stats) {
  const sums = sumsOf(stats);
  const still = log.last !== null && sums.frames > 0 && sums.frames === log.last.frames ? log.still + 1 : 0;
  const counts = still > 0 && still <= PAUSE_READINGS;
  const next = {
    ...log, first: log.first ?? sums, last: sums, readings: log.readings + (log.first === null ? 0 : 1), still,
    stills: log.stills + (still === 1 ? 1 : 0), stillReadings: log.stillReadings + (counts ? 1 : 0),
  };
  if (next.readings < READINGS) return { log: next, report: null };
  return { log: { ...EMPTY_LOG, first: sums, last: sums, still }, report: reportOf(next, stats) };
}

/** @param {Log} log @param {RTCStatsReport | Map<string, any>} stats @returns {Report} */
function reportOf(log, stats) {
  const [first, last] = [/** @type {Sums} */ (log.first), /** @type {Sums} */ (log.last)];
  const since = (/** @type {"frozen_ms" | "made_up" | "samples" | "frames"} */ name) => Math.max(0, last[name] - first[name]);
  const counted = (last.freezes ?? first.freezes) !== null;
  const pictures = [...stats.values()].filter(({ type, kind }) => type === "inbound-rtp" && kind === "video");
  const largest = pictures.reduce((best, one) => ((one.frameHeight ?? 0) > (best?.frameHeight ?? 0) ? one : best), null);
  return {
    rtt_ms: rttOf(stats),
    freezes: counted ? Math.max(0, (last.freezes ?? 0) - (first.freezes ?? 0)) : log.stills,
    frozen_ms: Math.round(counted ? since("frozen_ms") : log.stillReadings * 1000),
    concealed: since("samples") === 0 ? 0 : Math.min(1, since("made_up") / since("samples")),
    frames_per_s: Math.round(largest?.framesPerSecond ?? 0),
    height: largest?.frameHeight ?? 0,
    limited: limitOf(stats),
  };
}

/** @param {RTCStatsReport | Map<string, any>} stats @returns {Sums} */
function sumsOf(stats) {
  /** @type {Sums} */
  const sums = { freezes: null, frozen_ms: 0, made_up: 0, samples: 0, frames: 0 };
  for (const entry of stats.values()) {
    if (entry.type !== "inbound-rtp") continue;
    if (entry.kind === "audio") {
      // What was made up while nobody spoke is no loss: a sender may say nothing in a pause.
      sums.made_up += (entry.concealedSamples ?? 0) - (entry.silentConcealedSamples ?? 0);
      sums.samples += entry.totalSamplesReceived ?? 0;
      continue;
    }
    sums.frames += entry.framesDecoded ?? 0;
    if (entry.freezeCount === undefined) continue;
    sums.freezes = (sums.freezes ?? 0) + entry.freezeCount;
    sums.frozen_ms += (entry.totalFreezesDuration ?? 0) * 1000;
  }
  return sums;
}

/** @param {RTCStatsReport | Map<string, any>} stats @returns {number | null} */
function rttOf(stats) {
  const entries = [...stats.values()];
  const pair = entries.find(({ type, nominated, currentRoundTripTime }) => type === "candidate-pair" && nominated && currentRoundTripTime !== undefined);
  const rtt_s = pair?.currentRoundTripTime ?? entries.find(({ type, roundTripTime }) => type === "remote-inbound-rtp" && roundTripTime !== undefined)?.roundTripTime;
  return rtt_s === undefined ? null : Math.round(rtt_s * 1000);
}

/** @param {RTCStatsReport | Map<string, any>} stats @returns {Report["limited"]} */
function limitOf(stats) {
  const reasons = [...stats.values()].filter(({ type, active }) => type === "outbound-rtp" && active !== false).map(({ qualityLimitationReason }) => qualityLimitationReason);
  return reasons.includes("bandwidth") ? "network" : reasons.includes("cpu") ? "cpu" : "none";
}
