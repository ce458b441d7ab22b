/**
 * A test call with the clinic's own server, by the very path that a visit takes: it runs, measures, and says once what the
 * connection is good for, 15 s after its start at the latest. The test page shows it; the patient's page runs it unseen.
 */
import { Peer } from "../media/peer.js";
import { readStats } from "../media/stats.js";
import { PageSocket } from "../net/socket.js";
import { SHAPES, breach } from "../net/shapes.js";
import { readEcho, reportOf } from "./figures.js";

/** @typedef {Pick<import("../media/types.js").Tracks, "audio" | "camera">} Tracks */
/** @typedef {import("../media/types.js").Remote} Remote */
/** @typedef {import("../net/messages.js").TestVerdict} TestVerdict */
/** @typedef {"good" | "fair" | "poor" | "blocked" | "untested"} Result `blocked`: the server is there, its media are not */
/**
 * @typedef {object} CallHandlers
 * @property {(result: Result, details: TestVerdict | null) => void} onResult once, unless `stop` comes first
 * @property {(status: import("../media/types.js").MediaStatus) => void} [onStatus]
 * @property {(remotes: Remote[]) => void} [onRemotes]
 * @property {(code: string) => void} [onOver] the call has ended by itself, or was refused
 */

/** How long is measured from the moment that media can pass, and until when something must be said in any case. */
const MEASURE_MS = 8000;
const ANSWER_BY_MS = 11_000;
const READ_EVERY_MS = 500;
const VERDICTS = new Set(["good", "fair", "poor", "untested"]);

export class TestCall {
  #handlers;
  #socket;
  #peer;
  #figures = readStats(null).figures;
  /** @type {import("./figures.js").Reading[]} */
  #readings = [];
  #startedAt = Date.now();
  /** @type {number | null} */
  #connectedAt = null;
  #reached = false;
  #concluding = false;
  #told = false;
  #stopped = false;
  #timer;

  /** @param {string} token of a session; empty: anybody's call @param {Tracks} tracks @param {CallHandlers} handlers */
  constructor(token, tracks, handlers) {
    this.#handlers = handlers;
    this.#peer = new Peer({
      sendAnswer: (answer) => this.#socket.request("media.answer", answer),
      sendRestart: (restart) => this.#socket.request("media.restart", restart),
      onStatus: (status) => this.#onStatus(status),
      onRemotes: (remotes) => handlers.onRemotes?.(remotes),
      connect: (configuration) => {
        this.#readings = [];
        return new RTCPeerConnection(configuration);
      },
    });
    void this.#peer.setTracks({ ...tracks, screen: null });
    this.#socket = new PageSocket("/test", token, SHAPES.testSnapshot, {
      onSnapshot: (snapshot) => {
        this.#reached = true;
        void this.#peer.sync(snapshot.media);
      },
      onEnd: (code) => this.#ended(code),
      onStatus: () => {},
    });
    this.#timer = setInterval(() => void this.#read(), READ_EVERY_MS);
  }

  /** The last figures, for the probe. */
  get stats() {
    return this.#figures;
  }

  /** End the call. Nothing is told afterwards. Idempotent. */
  stop() {
    this.#stopped = this.#told = true;
    clearInterval(this.#timer);
    this.#peer.close();
    this.#socket.close();
  }

  /** @param {import("../media/types.js").MediaStatus} status */
  #onStatus(status) {
    if (status === "connected") this.#connectedAt ??= Date.now();
    if (!this.#stopped) this.#handlers.onStatus?.(status);
  }

  /** @param {string} code */
  #ended(code) {
    if (this.#stopped) return;
    this.#tell(this.#connectedAt === null && this.#reached ? "blocked" : "untested", null);
    this.stop();
    this.#handlers.onOver?.(code);
  }

  async #read() {
    const stats = await this.#peer.report();
    this.#figures = readStats(stats, { figures: this.#figures }).figures;
    if (this.#concluding || this.#told) return;
    const now = Date.now();
    if (stats !== null && this.#connectedAt !== null) this.#readings.push(readEcho(stats, now));
    const measured = this.#connectedAt !== null && now - this.#connectedAt >= MEASURE_MS;
    if (measured || now - this.#startedAt >= ANSWER_BY_MS) await this.#conclude();
  }

  async #conclude() {
    if (this.#connectedAt === null) return this.#tell(this.#reached ? "blocked" : "untested", null);
    this.#concluding = true;
    const ack = await this.#socket.request("test.report", { ...reportOf(this.#readings) });
    if ("ok" in ack && breach(SHAPES.testVerdict, ack.ok) === null && VERDICTS.has(ack.ok.verdict)) this.#tell(ack.ok.verdict, ack.ok);
    else this.#tell("untested", null);
  }

  /** @param {Result} result @param {TestVerdict | null} details */
  #tell(result, details) {
    if (this.#told) return;
    this.#told = true;
    this.#handlers.onResult(result, details);
  }
}
