/** Who speaks, from the loudness of what arrives: quick to notice, slow to forget, so that a mark does not flicker. Pure. */

/** How often the levels are read. */
export const READ_EVERY_MS = 220;
/** −34 and −42 dB below full scale: speech, and what may pass for a pause in it. */
const SPEECH_LEVEL = 0.02;
const PAUSE_LEVEL = 0.008;
/** Readings in a row. */
const BEGINS = 2;
const ENDS = 4;

/** @typedef {ReadonlyMap<string, {speaks: boolean, run: number}>} Voices by participant; `run`: readings that speak against it */

/** @type {Voices} */
export const SILENCE = new Map();

/**
 * @param {Voices} voices @param {ReadonlyMap<string, number>} levels of everybody who can be heard, 0 to 1
 * @returns {Voices}
 */
export function listen(voices, levels) {
  return new Map([...levels].map(([participant, level]) => {
    const { speaks, run } = voices.get(participant) ?? { speaks: false, run: 0 };
    const against = speaks ? level < PAUSE_LEVEL : level >= SPEECH_LEVEL;
    if (!against) return [participant, { speaks, run: 0 }];
    const turned = run + 1 >= (speaks ? ENDS : BEGINS);
    return [participant, turned ? { speaks: !speaks, run: 0 } : { speaks, run: run + 1 }];
  }));
}

/** @param {Voices} voices */
export const speakers = (voices) => [...voices].filter(([, { speaks }]) => speaks).map(([participant]) => participant);

/** Hears how loud a voice is right now, as the sender's own header extension or the decoder tells it. */
export class Ear {
  /** When each voice was last heard. @type {WeakMap<object, number>} */
  #heard = new WeakMap();

  /** @param {Pick<RTCRtpReceiver, "getSynchronizationSources"> | null} receiver @returns {number} 0 to 1 */
  level(receiver) {
    const sources = receiver?.getSynchronizationSources?.() ?? [];
    const newest = sources.reduce((best, one) => (best === null || one.timestamp > best.timestamp ? one : best), /** @type {RTCRtpSynchronizationSource | null} */ (null));
    if (receiver === null || newest === null) return 0;
    // The last level of someone who stopped sending stays for 10 s.
    const stale = this.#heard.get(receiver) === newest.timestamp;
    this.#heard.set(receiver, newest.timestamp);
    return stale ? 0 : (newest.audioLevel ?? 0);
  }
}
