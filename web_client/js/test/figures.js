/**
 * What comes back in a test call, out of getStats.
 *
 * @typedef {{at: number, lost: number, received: number, bytes: number, jitter_ms: number | null, rtt_ms: number | null,
 *   frames_per_s: number | null, available_kbps: number | null, allotted: number | null, pixels: number,
 *   limited: "none" | "network" | "cpu" | null}} Reading
 *   sums over all streams since the call began; `at` in milliseconds, `allotted` the bytes that the encoder might have made, `pixels` of the own picture as sent
 * @typedef {{loss: number | null, jitter_ms: number | null, kbps: number | null, rtt_ms: number | null, frames_per_s: number | null,
 *   available_kbps: number | null, limited: Reading["limited"]}} Report what `test.report` takes
 */

/** @type {Record<string, "none" | "network" | "cpu">} */
const LIMITS = { none: "none", other: "none", bandwidth: "network", cpu: "cpu" };
/** The rate is that of the last while: at the beginning the browser feels its way. */
const RATE_MS = 3000;
/** What is lost while a sender finds the rate of a narrow line says nothing of what it can carry. */
const SETTLE_MS = 3000;
/**
 * Firefox tells no estimate of the line, only what its encoder was given; and while its picture is still as small as it begins,
 * for ten seconds or more, that is 500 kbit/s at most on any line. So this much says nothing against the line.
 */
const SMALL_PIXELS = 352 * 288;
const SMALL_KBPS = 400;

/**
 * @param {RTCStatsReport | Map<string, any>} stats @param {number} at
 * @returns {Reading}
 */
export function readEcho(stats, at) {
  /** @type {Reading} */
  const now = { at, lost: 0, received: 0, bytes: 0, jitter_ms: null, rtt_ms: null, frames_per_s: null, available_kbps: null, allotted: null, pixels: 0, limited: null };
  for (const entry of stats.values()) {
    if (entry.type === "inbound-rtp") addInbound(now, entry);
    else if (entry.type === "outbound-rtp" && entry.kind === "video" && entry.framesSent > 0) addPicture(now, entry);
    else if (entry.type === "candidate-pair" && entry.nominated) addPair(now, entry);
  }
  return now;
}

/**
 * The report of a call: loss since it had settled, rates of its last seconds.
 * @param {readonly Reading[]} readings in the order they were taken
 * @returns {Report}
 */
export function reportOf(readings) {
  const last = readings.at(-1);
  if (last === undefined) return { loss: null, jitter_ms: null, kbps: null, rtt_ms: null, frames_per_s: null, available_kbps: null, limited: null };
  const { jitter_ms, rtt_ms, frames_per_s } = last;
  const before = [...readings].reverse().find(({ at }) => last.at - at >= RATE_MS) ?? readings[0] ?? last;
  const rate = (/** @type {number} */ bytes) => (last.at > before.at ? (bytes * 8) / (last.at - before.at) : null);
  const kbps = rate(last.bytes - before.bytes);
  const allotted_kbps = last.allotted === null ? null : rate(last.allotted - (before.allotted ?? 0));
  const bySize = last.pixels <= SMALL_PIXELS && (allotted_kbps ?? 0) >= SMALL_KBPS;
  const available_kbps = last.available_kbps ?? (bySize ? null : allotted_kbps);
  const limited = last.limited ?? (bySize ? "none" : null);
  const settled = readings.find(({ at }) => at - (readings[0]?.at ?? at) >= SETTLE_MS && at < last.at) ?? { lost: 0, received: 0 };
  const lost = Math.max(0, last.lost - settled.lost);
  const expected = last.received - settled.received + lost;
  return { loss: expected > 0 ? lost / expected : null, jitter_ms, kbps, rtt_ms, frames_per_s, available_kbps, limited };
}

/** @param {Reading} now @param {any} entry */
function addInbound(now, entry) {
  now.lost += Math.max(0, entry.packetsLost ?? 0);
  now.received += entry.packetsReceived ?? 0;
  now.bytes += entry.bytesReceived ?? 0;
  if (entry.packetsReceived > 0 && entry.jitter !== undefined) now.jitter_ms = Math.max(now.jitter_ms ?? 0, entry.jitter * 1000);
  if (entry.kind === "video" && entry.framesPerSecond !== undefined) now.frames_per_s = entry.framesPerSecond;
}

/** @param {Reading} now @param {any} entry */
function addPicture(now, entry) {
  now.limited = LIMITS[entry.qualityLimitationReason] ?? null;
  now.pixels = Math.max(now.pixels, (entry.frameWidth ?? 0) * (entry.frameHeight ?? 0));
  if (entry.totalEncodedBytesTarget > 0) now.allotted = (now.allotted ?? 0) + entry.totalEncodedBytesTarget;
}

/** @param {Reading} now @param {any} entry */
function addPair(now, entry) {
  if (entry.currentRoundTripTime !== undefined) now.rtt_ms = entry.currentRoundTripTime * 1000;
  // Chromium alone says it.
  if (entry.availableOutgoingBitrate !== undefined) now.available_kbps = entry.availableOutgoingBitrate / 1000;
}
