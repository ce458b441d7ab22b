/**
 * A handful of figures out of getStats, the same in all three engines.
 *
 * @typedef {{packetsSent: number, bytesSent: number, framesSent: number, packetsReceived: number, packetsLost: number,
 *   bytesReceived: number, audioPacketsReceived: number, framesDecoded: number, framesPerSecond: number, width: number,
 *   height: number, rtt: number, lossIn: number}} Figures
 *   Sums are over all streams. `rtt` in seconds; `lossIn` is the share lost since the last reading (0 to 1).
 * @typedef {{figures: Readonly<Figures>}} Reading
 */

/** @type {Figures} */
const NOTHING = {
  packetsSent: 0, bytesSent: 0, framesSent: 0, packetsReceived: 0, packetsLost: 0, bytesReceived: 0, audioPacketsReceived: 0,
  framesDecoded: 0, framesPerSecond: 0, width: 0, height: 0, rtt: 0, lossIn: 0,
};

/**
 * @param {RTCStatsReport | Map<string, any> | null} report null: no connection @param {Reading} [last]
 * @returns {Reading}
 */
export function readStats(report, last) {
  if (report === null) return { figures: Object.freeze({ ...NOTHING }) };
  const now = { ...NOTHING };
  for (const entry of report.values()) {
    if (entry.type === "outbound-rtp") addOutbound(now, entry);
    else if (entry.type === "inbound-rtp") addInbound(now, entry);
    else if (entry.type === "candidate-pair" && entry.nominated && entry.currentRoundTripTime !== undefined) now.rtt = entry.currentRoundTripTime;
  }
  const before = last?.figures ?? NOTHING;
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  const received = Math.max(0, now.packetsReceived - before.packetsReceived);
  now.lossIn = lost + received > 0 ? lost / (lost + received) : 0;
  return { figures: Object.freeze(now) };
}

/** @param {Figures} now @param {any} entry */
function addOutbound(now, entry) {
  now.packetsSent += entry.packetsSent ?? 0;
  now.bytesSent += entry.bytesSent ?? 0;
  now.framesSent += entry.framesSent ?? 0;
}

/** @param {Figures} now @param {any} entry */
function addInbound(now, entry) {
  now.packetsReceived += entry.packetsReceived ?? 0;
  now.packetsLost += Math.max(0, entry.packetsLost ?? 0);
  now.bytesReceived += entry.bytesReceived ?? 0;
  if (entry.kind === "audio") {
    now.audioPacketsReceived += entry.packetsReceived ?? 0;
    return;
  }
  now.framesDecoded += entry.framesDecoded ?? 0;
  now.framesPerSecond += entry.framesPerSecond ?? 0;
  now.width = Math.max(now.width, entry.frameWidth ?? 0);
  now.height = Math.max(now.height, entry.frameHeight ?? 0);
}
