/**
 * The part of the page that is needed only when something is opened. It comes quietly once the patient waits, so that it is there
 * when the line is down; who is faster, or was without a line then, sees that it comes, and can ask again.
 */
import { tryPart } from "./later_part.js";

const load = () => import("./opened.js");

export class OpenedPart {
  /** @type {typeof import("./opened.js") | null} null: not here yet */
  here = null;
  /** It was asked for, and can not be had. */
  missed = false;
  #coming = false;
  /** Somebody looks at the place where it will be. */
  #asked = false;
  #redraw;

  /** @param {() => void} redraw */
  constructor(redraw) {
    this.#redraw = redraw;
  }

  /** Fetch it while nothing else is to be done. */
  prepare() {
    const idle = /** @type {(action: () => void) => void} */ (globalThis.requestIdleCallback ?? ((action) => setTimeout(action, 1000)));
    // Whoever is told that it did not come has the button for it.
    idle(() => void (this.missed || this.#load(load)));
  }

  /** Something was opened. */
  ask() {
    if (this.here !== null) return;
    this.#asked = true;
    if (this.missed) {
      this.missed = false;
      this.#redraw();
    }
    void this.#load(() => tryPart(load));
  }

  /** @param {typeof load} how what nobody has asked for is no reason to load the page anew */
  async #load(how) {
    if (this.here !== null || this.#coming) return;
    this.#coming = true;
    const loaded = await how().catch(() => null);
    this.#coming = false;
    this.here = loaded;
    this.missed = loaded === null && this.#asked;
    if (this.#asked) this.#redraw();
  }
}
