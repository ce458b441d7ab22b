/**
 * Whether a microphone or a camera that says it is live gives anything: after a phone call, a sleep or a while in the
 * background it can be dead behind a healthy track. Pure: made of readings, one a second. What grows decides, not what flags say.
 *
 * @typedef {"audio" | "camera"} Kind
 * @typedef {object} Sign what is known of one of the two at a moment
 * @property {string | null} track its id; null: there is none
 * @property {boolean} wanted the person has neither muted it nor switched it off
 * @property {boolean} ended @property {boolean} muted as the browser says
 * @property {readonly (number | null)[]} counts what grows while something comes; null where it can not be told
 * @typedef {object} Reading
 * @property {number} now in ms @property {boolean} visible the page is in front
 * @property {boolean} running the AudioContext runs
 * @property {Sign} audio @property {Sign} camera
 *
 * @typedef {object} Watched
 * @property {string | null} track @property {boolean} muted @property {readonly (number | null)[]} counts of the last reading
 * @property {boolean} lively one of this kind has once given something
 * @property {boolean} suspect it has given nothing since the last interruption
 * @property {number} since when it last gave something, or began to be watched
 * @property {"unknown" | "gives" | "dead"} verdict
 * @typedef {object} Watch
 * @property {number} now @property {boolean} visible @property {boolean} running of the last reading
 * @property {number} shakenAt when something last began that kills tracks, or was over
 * @property {boolean} interrupted with this reading something began that kills tracks, or is over
 * @property {Watched} audio @property {Watched} camera
 */

/** @type {Watched} */
const UNSEEN = { track: null, muted: false, counts: [], lively: false, suspect: false, since: 0, verdict: "unknown" };

/** @type {Watch} */
export const UNWATCHED = { now: Infinity, visible: true, running: false, shakenAt: -Infinity, interrupted: false, audio: UNSEEN, camera: UNSEEN };

/** No readings for so long: the device was asleep. */
const SLEPT_MS = 5000;
/** A browser takes a track away for a moment, too. */
const MUTED_MS = 1000;
/** What is heard at first may be of before. */
const SETTLE_MS = 1500;
/** How long nothing may come after an interruption, when nothing is what is to be expected. */
const SUSPECT_MS = 4000;
/** And else: a microphone behind a noise gate gives exact silence while nobody speaks; a camera never stands still. */
const PATIENCE_MS = { audio: 20_000, camera: 5000 };

/**
 * Take one reading.
 * @param {Watch} before @param {Reading} reading
 * @returns {Watch}
 */
export function judge(before, reading) {
  const { now, visible, running } = reading;
  const taken = (/** @type {Kind} */ kind) => before[kind].verdict === "gives" && !before[kind].muted && reading[kind].muted;
  const awoke = visible && (!before.visible || now - before.now >= SLEPT_MS);
  const interrupted = awoke || (before.running && !running) || taken("audio") || taken("camera");
  const shakenAt = interrupted ? now : before.shakenAt;
  const moment = { now, watched: visible && !awoke, settled: now - shakenAt >= SETTLE_MS };
  const seen = (/** @type {Kind} */ kind) => watch({ ...before[kind], suspect: before[kind].suspect || interrupted || !visible }, reading[kind], moment, PATIENCE_MS[kind]);
  return { now, visible, running, shakenAt, interrupted, audio: seen("audio"), camera: seen("camera") };
}

/** @param {Watched} before @param {Sign} sign @param {{now: number, watched: boolean, settled: boolean}} moment @param {number} patience_ms @returns {Watched} */
function watch(before, { track, wanted, ended, muted, counts }, { now, watched, settled }, patience_ms) {
  /** @type {Watched} */
  const seen = { ...before, track, muted, counts };
  if (!watched || track === null || !wanted) return { ...seen, since: now, verdict: "unknown" };
  if (ended) return { ...seen, verdict: "dead" };
  if (track !== before.track) return { ...seen, since: now, verdict: "unknown" };
  const grew = counts.some((count, at) => count !== null && count > (before.counts[at] ?? Infinity));
  if (grew && !settled) return { ...seen, since: now };
  if (grew) return { ...seen, lively: true, suspect: false, since: now, verdict: "gives" };
  // Where nothing can be told, and of one that never gave anything, nothing is said: the device check looks after that.
  if (!before.lively || counts.every((count) => count === null)) return { ...seen, since: now };
  const limit_ms = muted && before.muted ? MUTED_MS : before.suspect ? SUSPECT_MS : patience_ms;
  return now - before.since >= limit_ms ? { ...seen, verdict: "dead" } : seen;
}

/**
 * What the browser counts of the sound and the frames that go into the own senders; null where it does not.
 * @param {RTCStatsReport | Map<string, any> | null} report @param {{audio: MediaStreamTrack | null, camera: MediaStreamTrack | null}} tracks
 * @returns {{energy: number | null, frames: number | null}}
 */
export function sourcesOf(report, { audio, camera }) {
  const sources = [...(report?.values() ?? [])].filter(({ type }) => type === "media-source");
  const of = (/** @type {MediaStreamTrack | null} */ track) => sources.find(({ trackIdentifier }) => trackIdentifier === track?.id);
  return { energy: of(audio)?.totalAudioEnergy ?? null, frames: of(camera)?.frames ?? null };
}
