/**
 * Sound first: when the way out is too narrow for both, the own picture becomes small, then waits, so that the sound gets
 * through; it comes back by itself, small at first. Each return that fails doubles the wait for the next. Pure; led by one
 * reading a second.
 *
 * Two signs: the browser's own estimate, which follows a sudden bottleneck only after ten seconds or more, and sound that
 * drowns in a full queue (it is lost while the round trip is long). Loss alone is no sign: where packets are lost by chance a
 * smaller picture saves no sound.
 */

const NARROW_BPS = 120_000;
const NARROW_FOR_MS = 5000;
const DROWNING_LOSS = 0.1;
/** Where a browser names no estimate: loss as the other end reports it, while the encoder already gives way. */
const HEAVY_LOSS = 0.15;
/** How much longer than at its best a round trip is behind a queue that is full. */
const QUEUE_S = 0.2;
/** How long the sound may drown before the picture becomes small, and how long beside a small one. */
const DROWNS_FOR_MS = { full: 1000, small: 3000 };
/** After a return the estimate climbs first; until then only drowning counts. */
const CLIMB_MS = 15_000;
/** How long a line must be well before a picture that waits comes back, by returns that failed in a row. */
const WAITS_MS = [10_000, 20_000, 40_000, 60_000];
/** The same for a small picture that would be large. */
const SMALL_FOR_MS = [8000, 16_000, 32_000, 60_000];
/** A turn for the better that lasts this long was a success. */
const LASTING_MS = 60_000;

/** What a small picture may take. */
export const SMALL_BPS = 100_000;

/**
 * @typedef {"full" | "small" | "none"} Picture
 * @typedef {{available_bps: number | null, loss: number | null, target_bps: number | null, rtt_s: number | null}} WayOut null: unknown
 * @typedef {object} Judgement
 * @property {Picture} picture
 * @property {number | null} narrowSince @property {number | null} drownsSince @property {number | null} wellSince null: it is not
 * @property {number} cameBackAt when the picture last came back @property {number} grewAt when it was last let grow
 * @property {number} failures returns that did not last, in a row @property {number} setbacks the same of growths
 * @property {number | null} best_s the shortest round trip seen on this line
 * @property {number | null} target_bps of the reading before
 */

/** @type {Judgement} */
export const SOUND_AND_PICTURE = {
  picture: "full", narrowSince: null, drownsSince: null, wellSince: null, cameBackAt: -Infinity, grewAt: -Infinity, failures: 0, setbacks: 0,
  best_s: null, target_bps: null,
};

/** On another line nothing of what was measured holds. @param {Judgement} judgement @returns {Judgement} */
export const onAnotherLine = (judgement) => ({ ...judgement, narrowSince: null, drownsSince: null, wellSince: null, best_s: null });

/**
 * Take one reading. Not called while no picture is to be sent, or nobody is there to receive it: then the estimate means nothing.
 * @param {Judgement} before @param {WayOut} way @param {number} now in ms
 * @returns {Judgement}
 */
export function judge(before, way, now) {
  const best_s = Math.min(before.best_s ?? Infinity, way.rtt_s ?? Infinity);
  const queues = way.rtt_s !== null && way.rtt_s > best_s + QUEUE_S;
  const lossy = (way.loss ?? 0) > DROWNING_LOSS;
  const since = (/** @type {boolean} */ holds, /** @type {number | null} */ from) => (holds ? (from ?? now) : null);
  const seen = {
    ...before, best_s: best_s === Infinity ? null : best_s, target_bps: way.target_bps,
    narrowSince: since(isNarrow(way, before) && now - before.cameBackAt >= CLIMB_MS, before.narrowSince),
    drownsSince: since(queues && lossy, before.drownsSince),
    // What the estimate says while little or nothing is sent means nothing.
    wellSince: since(!queues && (way.rtt_s !== null || !lossy), before.wellSince),
  };
  return turn(seen, now);
}

/** @param {Judgement} seen @param {number} now @returns {Judgement} */
function turn(seen, now) {
  const { picture, narrowSince, drownsSince, wellSince, failures, setbacks } = seen;
  const lasts = (/** @type {number | null} */ from, /** @type {number | undefined} */ ms) => from !== null && now - from >= (ms ?? 0);
  if (picture === "none") return lasts(wellSince, byTimes(WAITS_MS, failures)) ? { ...still(seen), picture: "small", cameBackAt: now } : seen;
  if (lasts(narrowSince, NARROW_FOR_MS) || (picture === "small" && lasts(drownsSince, DROWNS_FOR_MS.small))) {
    return { ...still(seen), picture: "none", failures: now - seen.cameBackAt < LASTING_MS ? failures + 1 : 0 };
  }
  if (picture === "full") {
    if (!lasts(drownsSince, DROWNS_FOR_MS.full)) return seen;
    return { ...still(seen), picture: "small", setbacks: now - seen.grewAt < LASTING_MS ? setbacks + 1 : 0 };
  }
  return lasts(wellSince, byTimes(SMALL_FOR_MS, setbacks)) ? { ...still(seen), picture: "full", grewAt: now } : seen;
}

/** After a turn each sign has to show itself anew. @param {Judgement} seen @returns {Judgement} */
const still = (seen) => ({ ...seen, narrowSince: null, drownsSince: null, wellSince: null });

/** @param {number[]} delays_ms @param {number} times */
const byTimes = (delays_ms, times) => delays_ms[Math.min(times, delays_ms.length - 1)];

/** @param {WayOut} way @param {Judgement} before */
function isNarrow({ available_bps, loss, target_bps }, before) {
  if (before.picture === "none") return false;
  if (available_bps !== null) return available_bps < NARROW_BPS;
  const gives = target_bps === null || target_bps < NARROW_BPS || (before.target_bps !== null && target_bps < before.target_bps);
  return loss !== null && loss > HEAVY_LOSS && (gives || before.narrowSince !== null);
}

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
