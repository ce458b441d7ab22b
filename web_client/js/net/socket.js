/**
 * The socket of one page. It reconnects by itself for as long as the page lives, hands over the newest snapshot, and ends
 * only by `bye`, by a refusal, or by `close()`.
 */
import { Line } from "./line.js";
import { breach } from "./shapes.js";

/** @typedef {import("./messages.js").Ack} Ack */
/** @typedef {"connecting" | "connected" | "reconnecting" | "closed"} LinkStatus */
/**
 * @typedef {object} SocketHandlers
 * @property {(snapshot: any) => void} onSnapshot
 * @property {(code: string) => void} onEnd `bye` or a refused connection; the socket is closed. Never for what passes.
 * @property {(status: LinkStatus) => void} onStatus
 */

const REQUEST_TIMEOUT_MS = 4000;
/** How soon a server answers that is there, even on a slow line. */
const PROBE_MS = 1500;
/** Between the end of a line and the next try: doubled from try to try, and spread, for all pages lose a server at once. */
const [RETRY_MS, RETRY_MOST_MS] = [250, 1500];
/** A server that sends pages away wants to be left in peace for a moment. */
const SENT_AWAY_MS = 1000;
/** The server's own troubles: they pass, so the page keeps what it has and comes back. */
const PASSING = new Set(["draining", "storage_failed", "internal"]);

export class PageSocket {
  /** @type {LinkStatus} */
  #status = "connecting";
  #version = -1;
  /** Tries since a line was up. */
  #tries = 0;
  /** The line there is, or is being made; null between two tries. @type {Line | null} */
  #line = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  #namespace;
  #token;
  #shape;
  #handlers;

  /**
   * @param {"/visit" | "/care" | "/test"} namespace @param {string} token empty where none is needed
   * @param {import("./shapes.js").Shape} shape what a snapshot of this namespace must hold @param {SocketHandlers} handlers
   */
  constructor(namespace, token, shape, handlers) {
    this.#namespace = namespace;
    this.#token = token;
    this.#shape = shape;
    this.#handlers = handlers;
    this.#connect();
    handlers.onStatus(this.#status);
  }

  get connected() {
    return this.#line?.isUp ?? false;
  }

  /**
   * Send one request. A silent server means a dead line, so a time-out also makes the socket connect anew.
   * @param {string} event @param {Record<string, unknown>} argument
   * @returns {Promise<Ack>}
   */
  async request(event, argument) {
    const line = this.#line;
    if (!line?.isUp) return { error: { code: "offline" } };
    const answer = await line.ask(event, argument, REQUEST_TIMEOUT_MS);
    if (answer !== null) return /** @type {Ack} */ (answer);
    this.#drop(line);
    return { error: { code: "timeout" } };
  }

  /**
   * The device may have slept: a line that gives no answer to this is dead, however connected it says it is.
   * @param {string} event one that changes nothing
   */
  async probe(event) {
    const line = this.#line;
    if (!line?.isUp) return this.kick();
    if ((await line.ask(event, {}, PROBE_MS)) === null) this.#drop(line);
  }

  /** Drop the line and connect anew at once: the network changed, or the server has gone silent. */
  kick() {
    if (this.#line?.isUp) this.#line.close();
    if (this.#line === null) this.#connect();
  }

  close() {
    this.#tell("closed");
    clearTimeout(this.#retry);
    this.#line?.close();
  }

  #connect() {
    clearTimeout(this.#retry);
    if (this.#status === "closed") return;
    this.#tries += 1;
    let wait = 0;
    const line = new Line(this.#namespace, { token: this.#token }, {
      up: () => {
        this.#version = -1;
        this.#tries = 0;
        this.#tell("connected");
      },
      event: (name, argument) => {
        if (name === "snapshot") this.#show(argument);
        else if (name === "bye") {
          wait = this.#sentAway(argument?.code);
          line.close();
        }
      },
      refused: (code) => {
        wait = code === null ? SENT_AWAY_MS : this.#sentAway(code);
      },
      down: () => {
        this.#line = null;
        if (this.#status === "closed") return;
        if (this.#status === "connected") this.#tell("reconnecting");
        const most = Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** this.#tries);
        this.#retry = setTimeout(() => this.#connect(), wait || most * (0.5 + Math.random() / 2));
      },
    });
    this.#line = line;
  }

  /** End this line, unless another one has taken its place. @param {Line} line */
  #drop(line) {
    if (this.#line === line) line.close();
  }

  /** @param {any} snapshot */
  #show(snapshot) {
    const wrong = breach(this.#shape, snapshot);
    if (wrong !== null) {
      console.error(`A snapshot was dropped: ${wrong} is not as docs/protocol.md says.`);
      return;
    }
    if (snapshot.version <= this.#version) return;
    this.#version = snapshot.version;
    this.#handlers.onSnapshot(snapshot);
  }

  /** What the server said at the door or as goodbye. @param {string} code @returns {number} how long to stay away */
  #sentAway(code) {
    if (PASSING.has(code)) {
      this.#tell("reconnecting");
      return SENT_AWAY_MS;
    }
    if (this.#status !== "closed") {
      this.close();
      this.#handlers.onEnd(code);
    }
    return 0;
  }

  /** @param {LinkStatus} status */
  #tell(status) {
    if (this.#status === status || this.#status === "closed") return;
    this.#status = status;
    this.#handlers.onStatus(status);
  }
}
