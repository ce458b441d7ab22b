/** Named timers: at most one of each kind, and none outlives `stopAll()`. */

/** @typedef {import("./types.js").Clock} Clock */

/** @type {Clock} */
export const REAL_CLOCK = { now: () => Date.now(), start: (action, delay_ms) => setTimeout(action, delay_ms), stop: (timer) => clearTimeout(timer) };

/** @template {string} Kind */
export class Timers {
  /** @type {Map<Kind, any>} */
  #running = new Map();
  #clock;

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {Kind} kind @param {number} delay_ms @param {() => void} action */
  after(kind, delay_ms, action) {
    this.stop(kind);
    const fire = () => (this.#running.delete(kind), action());
    this.#running.set(kind, this.#clock.start(fire, delay_ms));
  }

  /** @param {Kind} kind */
  has(kind) {
    return this.#running.has(kind);
  }

  /** @param {Kind} kind */
  stop(kind) {
    this.#clock.stop(this.#running.get(kind));
    this.#running.delete(kind);
  }

  stopAll() {
    for (const kind of [...this.#running.keys()]) this.stop(kind);
  }
}

/**
 * The delay of the n-th attempt; the last one stands for all after it.
 * @param {number[]} delays_ms @param {number} attempt from 1 on; 0 counts as 1
 */
export const byAttempt = (delays_ms, attempt) => /** @type {number} */ (delays_ms[Math.min(Math.max(attempt, 1), delays_ms.length) - 1]);
