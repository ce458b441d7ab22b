/**
 * Sound first: when the way out is too narrow for both, the own picture waits so that the sound gets through, and comes
 * back by itself. Each return that fails doubles the wait for the next. Pure; led by one reading a second.
 */

const NARROW_BPS = 120_000;
/** Where a browser names no estimate: loss as the other end reports it, while the encoder already gives way. */
const HEAVY_LOSS = 0.15;
/** What a line must not do while only sound goes over it, before a picture is tried again. */
const ROUGH_LOSS = 0.1;
const ROUGH_RTT_S = 1.5;
const NARROW_FOR_MS = 5000;
/** After a return the estimate climbs first. */
const CLIMB_MS = 5000;
const WAITS_MS = [10_000, 20_000, 40_000, 60_000];
/** A return that lasts this long was a success. */
const LASTING_MS = 60_000;

/**
 * @typedef {{available_bps: number | null, loss: number | null, target_bps: number | null, rtt_s: number | null}} WayOut null: unknown
 * @typedef {object} Judgement
 * @property {boolean} paused the own picture waits
 * @property {number} since when the line began to be narrow, or (paused) well; -1: it is not
 * @property {number} turnedAt when the picture last came back
 * @property {number} failures returns that did not last, in a row
 * @property {number | null} target_bps of the reading before
 */

/** @type {Judgement} */
export const SOUND_AND_PICTURE = { paused: false, since: -1, turnedAt: -Infinity, failures: 0, target_bps: null };

/**
 * Take one reading. Not called while no picture is to be sent, or nobody is there to receive it: then the estimate means nothing.
 * @param {Judgement} before @param {WayOut} way @param {number} now in ms
 * @returns {Judgement}
 */
export function judge(before, way, now) {
  const lasted = now - before.turnedAt >= LASTING_MS;
  const failures = !before.paused && lasted ? 0 : before.failures;
  const known = { ...before, failures, target_bps: way.target_bps };
  if (before.paused) {
    if (isRough(way)) return { ...known, since: -1 };
    const since = before.since < 0 ? now : before.since;
    const wait_ms = WAITS_MS[Math.min(failures, WAITS_MS.length - 1)] ?? 0;
    return now - since < wait_ms ? { ...known, since } : { ...known, paused: false, since: -1, turnedAt: now };
  }
  if (!isNarrow(way, before) || now - before.turnedAt < CLIMB_MS) return { ...known, since: -1 };
  const since = before.since < 0 ? now : before.since;
  if (now - since < NARROW_FOR_MS) return { ...known, since };
  return { ...known, paused: true, since: -1, failures: Number.isFinite(before.turnedAt) && !lasted ? failures + 1 : 0 };
}

/** @param {WayOut} way @param {Judgement} before */
function isNarrow({ available_bps, loss, target_bps }, before) {
  if (available_bps !== null) return available_bps < NARROW_BPS;
  const gives = target_bps === null || target_bps < NARROW_BPS || (before.target_bps !== null && target_bps < before.target_bps);
  return loss !== null && loss > HEAVY_LOSS && (gives || before.since >= 0);
}

/** @param {WayOut} way */
const isRough = ({ loss, rtt_s }) => (loss ?? 0) > ROUGH_LOSS || (rtt_s ?? 0) > ROUGH_RTT_S;

/**
 * What the browser knows of the way out.
 * @param {RTCStatsReport | Map<string, any>} report
 * @returns {WayOut}
 */
export function wayOut(report) {
  /** @type {WayOut} */
  const way = { available_bps: null, loss: null, target_bps: null, rtt_s: null };
  let byVoice = false;
  for (const entry of report.values()) {
    if (entry.type === "candidate-pair" && entry.nominated) {
      way.available_bps = entry.availableOutgoingBitrate ?? way.available_bps;
      way.rtt_s = entry.currentRoundTripTime ?? way.rtt_s;
    } else if (entry.type === "remote-inbound-rtp") {
      // A picture that waits has no loss of its own any more, only its last.
      if (!byVoice) way.loss = entry.fractionLost ?? way.loss;
      byVoice ||= entry.kind === "audio";
      way.rtt_s ??= entry.roundTripTime ?? null;
    } else if (entry.type === "outbound-rtp" && entry.kind === "video" && entry.targetBitrate !== undefined) {
      way.target_bps = (way.target_bps ?? 0) + entry.targetBitrate;
    }
  }
  return way;
}
