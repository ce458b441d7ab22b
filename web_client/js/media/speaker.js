/**
 * Through which speaker the others are heard, where the browser lets a page choose. The choice is kept for the next visit with
 * this browser; a speaker that is not there any more leaves the system's own.
 */
import { listDevices } from "./device_list.js";

/** @typedef {{setSinkId?: (id: string) => Promise<void>}} Output an audio or video element, or an AudioContext */

const KEY = "visit.speaker";

export class Speaker {
  /** @type {Set<Output>} */
  #outputs = new Set();

  /** The one chosen, on this page or on an earlier one; empty: the system's own. */
  id = keptSpeaker();

  /** Those to choose from; none where the browser does not let a page choose. */
  list = () => (canChoose() ? listDevices("audiooutput") : Promise.resolve([]));

  /** Play this, too, through the chosen one, now and after another choice. @param {Output} output */
  add(output) {
    this.#outputs.add(output);
    if (this.id !== "") void turn(output, this.id);
  }

  /** @param {Output} output */
  remove(output) {
    this.#outputs.delete(output);
  }

  /**
   * Take another one, for all at once.
   * @param {string} id
   * @returns {Promise<boolean>} false: it is not there, and nothing has changed
   */
  async choose(id) {
    const before = this.id;
    this.id = id;
    const turned = await Promise.all([...this.#outputs].map((output) => turn(output, id)));
    if (this.id !== id) return true;
    if (turned.every(Boolean)) {
      keep(id);
      return true;
    }
    this.id = before;
    for (const output of this.#outputs) void turn(output, before);
    return false;
  }
}

/** Phones decide themselves. */
const canChoose = () => "setSinkId" in HTMLMediaElement.prototype;

/** @param {Output} output @param {string} id */
const turn = async (output, id) => output.setSinkId?.(id).then(() => true, () => false) ?? true;

/** The choice of an earlier visit; empty: the system's own. */
export function keptSpeaker() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} id */
function keep(id) {
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
