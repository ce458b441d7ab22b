/**
 * When a page asks the server for another way, and for which: the same transport with new ICE credentials (`keep`: keys,
 * streams and the last picture stay) while only the way is lost, a new transport once this one is dead.
 *
 *     up ── disconnected 1.5 s, another network, silence ──► keep ── 4 s after the server took it ──► new
 *     never up, failed, closed, forced ──────────────────────────────────────────────────────────────► new
 */
import { byAttempt } from "./timers.js";

/** @typedef {"keep" | "new"} Restart */
/** @typedef {"watch" | "restart"} RecoveryTimer */

/** How long a handshake may take, by attempt since the line was last up. The server gives one up after 30 s. */
const HANDSHAKE_PATIENCE_MS = [8000, 16000, 30000];
const DISCONNECTED_PATIENCE_MS = 1500;
/** How long new ICE credentials may take to bring the line back, once the server has them. */
const KEEP_PATIENCE_MS = 4000;
/** A handshake younger than this is never given up because the network or the page came back. */
const YOUNG_MS = 5000;
const REPEAT_MS = 4000;

export class Recovery {
  #timers;
  #now;
  #send;
  /** Connections made since the line was last up. */
  #attempt = 0;
  #openedAt = 0;
  #refreshedAt = -REPEAT_MS;
  /** @type {RTCPeerConnectionState} */
  #state = "new";
  #wasUp = false;
  /** A new transport was asked for however well this one looks. */
  #forced = false;
  /** @type {Restart | null} */
  #asked = null;
  /** What was asked last did not get through. */
  #unsent = false;
  /** Grows with each request; the answer to an older one changes nothing. */
  #round = 0;

  /**
   * @param {import("./timers.js").Timers<any>} timers stopped by their owner when the connection is dropped
   * @param {() => number} now @param {(keep: boolean) => Promise<import("./types.js").Ack>} send
   */
  constructor(timers, now, send) {
    this.#timers = timers;
    this.#now = now;
    this.#send = send;
  }

  get attempt() {
    return this.#attempt;
  }

  /** A connection is about to be made, which may fail. */
  opening() {
    this.#attempt += 1;
  }

  opened() {
    this.#openedAt = this.#now();
    // A handshake that never ends is as dead as one that failed.
    this.#watch(byAttempt(HANDSHAKE_PATIENCE_MS, this.#attempt));
  }

  /** The connection is gone: nothing more is asked for it. */
  dropped() {
    this.#forget();
    this.#state = "new";
    this.#wasUp = false;
    this.#forced = false;
  }

  /** The end of all media: the next connection is the first. */
  ended() {
    this.#attempt = 0;
  }

  /** @param {RTCPeerConnectionState} state */
  became(state) {
    this.#state = state;
    if (state === "connected") {
      this.#timers.stop("watch");
      this.#wasUp = true;
      this.#attempt = 0;
      if (!this.#forced) this.#forget();
    } else if (state === "disconnected") {
      this.#watch(DISCONNECTED_PATIENCE_MS);
    } else if (state === "failed" || state === "closed") {
      this.#timers.stop("watch");
      this.#ask("new");
    } else if (this.#wasUp) {
      this.#watch(byAttempt(HANDSHAKE_PATIENCE_MS, 1));
    }
  }

  /** The network is another one, or the page is looked at again. A handshake that has only begun is left alone. */
  nudge() {
    if (this.#state === "connected") return this.refresh();
    const begun = !this.#wasUp && this.#asked === null;
    if (begun && this.#now() - this.#openedAt < YOUNG_MS) return;
    this.#ask(this.#gentlest());
  }

  /** The line looks well, and may not be: a new way does no harm to one that is. */
  refresh() {
    if (this.#asked !== null || this.#now() - this.#refreshedAt < REPEAT_MS) return;
    this.#refreshedAt = this.#now();
    this.#try(true);
  }

  /** However well the line looks: a new transport. */
  force() {
    this.#forced = true;
    this.#ask("new");
  }

  /** A snapshot came, so the server can be reached: what did not get through is asked again. */
  reached() {
    if (!this.#unsent) return;
    if (this.#asked === null) this.#try(true);
    else this.#request();
  }

  /** @returns {Restart} */
  #gentlest() {
    return this.#wasUp && this.#state !== "failed" && this.#state !== "closed" ? "keep" : "new";
  }

  /** @param {number} patience_ms */
  #watch(patience_ms) {
    this.#timers.after("watch", patience_ms, () => this.#ask(this.#gentlest()));
  }

  /** @param {Restart} restart */
  #ask(restart) {
    if (this.#asked !== "new") this.#asked = restart;
    this.#request();
  }

  #request() {
    // The request may be lost with the line: ask again until the line is up or a new transport is here.
    this.#timers.after("restart", REPEAT_MS, () => this.#request());
    const keep = this.#asked === "keep";
    this.#try(keep, () => {
      // Not before the server has it: during an outage the old way comes back by itself, a new transport does not.
      if (keep) this.#timers.after("restart", KEEP_PATIENCE_MS, () => this.#ask("new"));
    });
  }

  /** @param {boolean} keep @param {() => void} [arrived] */
  #try(keep, arrived) {
    const round = ++this.#round;
    this.#unsent = false;
    void this.#send(keep).then((ack) => {
      if (round !== this.#round) return;
      this.#unsent = "error" in ack && (ack.error.code === "offline" || ack.error.code === "timeout");
      if (!this.#unsent) arrived?.();
    });
  }

  #forget() {
    this.#timers.stop("restart");
    this.#round += 1;
    this.#asked = null;
    this.#unsent = false;
  }
}
