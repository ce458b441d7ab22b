/**
 * Sound first: when the way out is too narrow for both, the own picture becomes small, then waits, so that the sound gets
 * through; it comes back by itself, small at first. Each return that fails doubles the wait for the next. Pure; led by one
 * reading a second.
 *
 * Three signs: the browser's own estimate, which follows a sudden bottleneck only after ten seconds or more; sound that drowns in
 * a full queue (it is lost while the round trip is long); and a line on which nothing is heard of the other end any more: reports,
 * which are small, are then lost with the rest. Loss alone is no sign: where packets are lost by chance a
 * smaller picture saves no sound. Nor is a low estimate on a line that carries all there is without a queue or loss: after a
 * sudden bottleneck it lies far below the line, and climbs; until then the encoder makes do with it.
 */

const NARROW_BPS = 120_000;
const NARROW_FOR_MS = 5000;
/** From which loss on, and down to which once it has begun: reports are few, and those of a full line uneven. */
const DROWNING_LOSS = { begins: 0.1, lasts: 0.03 };
/** Where a browser names no estimate: loss as the other end reports it, while the encoder already gives way. */
const HEAVY_LOSS = 0.15;
/** How much longer than at its best a round trip is behind a queue that is full. */
const QUEUE_S = 0.2;
/** A round trip that is long by any measure: of a line that was full from the beginning no shorter one is known. */
const LONG_S = 0.5;
/** After how long without an answered check or a report a line is silent. Checks are 2.5 s apart, reports on a picture one second. */
const SILENT_MS = 4000;
/** How much the shortest round trip is taken to grow with each reading that is not shorter: on another line it is another one. */
const BEST_GROWS = 1.02;
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
 * @typedef {{available_bps: number | null, loss: number | null, target_bps: number | null, rtt_s: number | null, heard: number | null}} WayOut
 *   null: unknown; `heard` is another number each time that something was heard of the other end
 * @typedef {object} Judgement
 * @property {Picture} picture
 * @property {number | null} narrowSince @property {number | null} drownsSince @property {number | null} wellSince null: it is not
 * @property {number} cameBackAt when the picture last came back @property {number} grewAt when it was last let grow
 * @property {number} failures returns that did not last, in a row @property {number} setbacks the same of growths
 * @property {number | null} best_s the shortest round trip of the last minute or two
 * @property {number | null} target_bps of the reading before
 * @property {number | null} heard the same @property {number} heardAt when it last changed
 */

/** @type {Judgement} */
export const SOUND_AND_PICTURE = {
  picture: "full", narrowSince: null, drownsSince: null, wellSince: null, cameBackAt: -Infinity, grewAt: -Infinity, failures: 0, setbacks: 0,
  best_s: null, target_bps: null, heard: null, heardAt: Infinity,
};

/**
 * While a line is lost, or another one is looked for, no sign lasts. The shortest round trip stays: a full queue can lose a line, and
 * would then be taken for the way itself.
 * @param {Judgement} judgement @returns {Judgement}
 */
export const onLostLine = (judgement) => still(judgement);

/**
 * Take one reading. Not called while no picture is to be sent, or nobody is there to receive it: then the estimate means nothing.
 * @param {Judgement} before @param {WayOut} way @param {number} now in ms
 * @returns {Judgement}
 */
export function judge(before, way, now) {
  const best_s = Math.min((before.best_s ?? Infinity) * BEST_GROWS, way.rtt_s ?? Infinity);
  const queues = way.rtt_s !== null && way.rtt_s > best_s + QUEUE_S;
  const lossy = (way.loss ?? 0) > (before.drownsSince === null ? DROWNING_LOSS.begins : DROWNING_LOSS.lasts);
  const heardAt = way.heard === before.heard ? before.heardAt : now;
  // While no picture is sent there are few reports, and the wait for its return must not begin anew for that.
  const silent = way.heard !== null && before.picture !== "none" && now - heardAt >= SILENT_MS;
  const strained = queues || lossy || silent || way.rtt_s === null || way.rtt_s >= LONG_S;
  const since = (/** @type {boolean} */ holds, /** @type {number | null} */ from) => (holds ? (from ?? now) : null);
  const seen = {
    ...before, best_s: best_s === Infinity ? null : best_s, target_bps: way.target_bps, heard: way.heard, heardAt,
    narrowSince: since(isNarrow(way, before) && strained && now - before.cameBackAt >= CLIMB_MS, before.narrowSince),
    drownsSince: since((queues && lossy) || silent, before.drownsSince),
    // What the estimate says while little or nothing is sent means nothing.
    wellSince: since(!queues && !silent && (way.rtt_s !== null || !lossy), before.wellSince),
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
    return { ...still(seen), narrowSince, picture: "small", setbacks: now - seen.grewAt < LASTING_MS ? setbacks + 1 : 0 };
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
 * What the browser knows of the way out. Its own checks are far apart, and lost in the very queue that is looked for: so the round
 * trip is the longer one of the last check's and of the last report's.
 * @param {RTCStatsReport | Map<string, any>} report
 * @returns {WayOut}
 */
export function wayOut(report) {
  /** @type {WayOut} */
  const way = { available_bps: null, loss: null, target_bps: null, rtt_s: null, heard: null };
  let [byVoice, reportedAt, reports] = [false, -Infinity, 0];
  let [reported_s, checked_s, checks] = [/** @type {number | null} */ (null), /** @type {number | null} */ (null), /** @type {number | null} */ (null)];
  for (const entry of report.values()) {
    if (entry.type === "candidate-pair" && entry.nominated) {
      way.available_bps = entry.availableOutgoingBitrate ?? way.available_bps;
      checked_s = entry.currentRoundTripTime ?? checked_s;
      checks = entry.responsesReceived ?? checks;
    } else if (entry.type === "remote-inbound-rtp") {
      reports += entry.timestamp ?? 0;
      // A picture that waits has no loss of its own any more, only its last.
      if (!byVoice) way.loss = entry.fractionLost ?? way.loss;
      byVoice ||= entry.kind === "audio";
      if (entry.roundTripTime !== undefined && (entry.timestamp ?? 0) > reportedAt) [reportedAt, reported_s] = [entry.timestamp ?? 0, entry.roundTripTime];
    } else if (entry.type === "outbound-rtp" && entry.kind === "video" && entry.targetBitrate !== undefined) {
      way.target_bps = (way.target_bps ?? 0) + entry.targetBitrate;
    }
  }
  // Reports may be the other person's, whose line is not this one: without checks silence says nothing.
  if (checks !== null) way.heard = checks + reports;
  if (checked_s !== null || reported_s !== null) way.rtt_s = Math.max(checked_s ?? 0, reported_s ?? 0);
  return way;
}
