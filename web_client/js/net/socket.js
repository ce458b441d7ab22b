/**
 * The socket of one page. It reconnects by itself for as long as the page lives, hands over the newest snapshot, and ends
 * only by `bye`, by a refusal, or by `close()`.
 */
import { io } from "../../vendor/socket.io-client/socket.io.esm.min.js";
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
const RETRY_MS = 1000;
/** The server's own troubles: they pass, so the page keeps what it has and comes back. */
const PASSING = new Set(["draining", "storage_failed", "internal"]);

export class PageSocket {
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  #timers = new Set();
  /** @type {LinkStatus} */
  #status = "connecting";
  #version = -1;
  #socket;
  #handlers;

  /**
   * @param {"/visit" | "/care" | "/test"} namespace @param {string} token empty where none is needed
   * @param {import("./shapes.js").Shape} shape what a snapshot of this namespace must hold @param {SocketHandlers} handlers
   */
  constructor(namespace, token, shape, handlers) {
    this.#handlers = handlers;
    const socket = io(namespace, {
      path: "/socket.io/",
      transports: ["websocket"],
      auth: { token },
      forceNew: true,
      timeout: 5000,
      reconnectionDelay: 250,
      reconnectionDelayMax: 1500,
    });
    this.#socket = socket;
    socket.on("connect", () => {
      this.#version = -1;
      this.#tell("connected");
    });
    socket.on("snapshot", (snapshot) => {
      const wrong = breach(shape, snapshot);
      if (wrong !== null) {
        console.error(`A snapshot was dropped: ${wrong} is not as docs/protocol.md says.`);
        return;
      }
      if (snapshot.version <= this.#version) return;
      this.#version = snapshot.version;
      handlers.onSnapshot(snapshot);
    });
    socket.on("bye", ({ code }) => this.#ended(code));
    socket.on("disconnect", () => {
      if (this.#status === "closed") return;
      this.#tell("reconnecting");
      // The library does not come back by itself when the server hung up; without a `bye` that is a fault like any other.
      if (!socket.active) this.#comeBack();
    });
    socket.on("connect_error", (error) => {
      const code = error?.data?.code;
      if (typeof code === "string") this.#ended(code);
      else if (!socket.active) this.#comeBack();
    });
    handlers.onStatus(this.#status);
  }

  get connected() {
    return this.#socket.connected;
  }

  /**
   * Send one request. A silent server means a dead line, so a time-out also makes the socket connect anew.
   * @param {string} event @param {Record<string, unknown>} argument
   * @returns {Promise<Ack>}
   */
  async request(event, argument) {
    if (!this.#socket.connected) return { error: { code: "offline" } };
    try {
      return /** @type {Ack} */ (await this.#socket.timeout(REQUEST_TIMEOUT_MS).emitWithAck(event, argument));
    } catch {
      this.kick();
      return { error: { code: "timeout" } };
    }
  }

  /**
   * The device may have slept: a line that gives no answer to this is dead, however connected it says it is.
   * @param {string} event one that changes nothing
   */
  async probe(event) {
    if (!this.#socket.connected) return this.kick();
    await this.#socket.timeout(PROBE_MS).emitWithAck(event, {}).catch(() => this.kick());
  }

  /** Drop the line and connect anew at once: the network changed, or the server has gone silent. */
  kick() {
    if (this.#status === "closed") return;
    if (this.#socket.connected) this.#socket.io.engine?.close();
    else if (!this.#socket.active) this.#socket.connect();
  }

  close() {
    this.#tell("closed");
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#socket.disconnect();
  }

  /** @param {string} code */
  #ended(code) {
    if (PASSING.has(code)) {
      this.#tell("reconnecting");
      this.#socket.disconnect();
      this.#comeBack();
      return;
    }
    if (this.#status === "closed") return;
    this.close();
    this.#handlers.onEnd(code);
  }

  #comeBack() {
    if (this.#timers.size > 0) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#socket.connect();
    }, RETRY_MS);
    this.#timers.add(timer);
  }

  /** @param {LinkStatus} status */
  #tell(status) {
    if (this.#status === status || this.#status === "closed") return;
    this.#status = status;
    this.#handlers.onStatus(status);
  }
}
