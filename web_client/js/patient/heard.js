/** Whether the sound was heard in this browser before, from the speaker that it plays through now: then it is not asked again. */
import { keptSpeaker } from "../media/speaker.js";

const KEY = "visit.heard";

export function heardBefore() {
  try {
    return localStorage.getItem(KEY) === keptSpeaker();
  } catch {
    return false;
  }
}

/** @param {string} speakerId empty: the system's own */
export function keepHeard(speakerId) {
  try {
    localStorage.setItem(KEY, speakerId);
  } catch {
    // Without storage the next visit asks again.
  }
}
