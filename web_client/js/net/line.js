/** One WebSocket to the server, from its opening to its end. It never comes back: whoever wants another line makes one. */
import { connectFrame, disconnectFrame, eventFrame, PONG, readFrame } from "./frames.js";

/** How long the server may take for each of the two steps of a connection; a slow line needs five answers for the first. */
const STEP_MS = 6000;

/**
 * @typedef {object} LineHandlers Nothing is called after `down`
 * @property {() => void} up the server has let this page in
 * @property {(name: string, argument: any) => void} event
 * @property {(code: string | null) => void} refused the server will not have this page, with its code if it gave one; `down` follows
 * @property {() => void} down the line is gone, whoever ended it
 */

export class Line {
  isUp = false;
  #down = false;
  #asked = 0;
  /** Who waits for which answer. @type {Map<number, (answer: any) => void>} */
  #answers = new Map();
  /** The server may speak before it says that it has let the page in. @type {[string, any][]} */
  #early = [];
  /** Until when the server must be heard. @type {ReturnType<typeof setTimeout> | undefined} */
  #watch;
  #silenceMs = STEP_MS;
  /** How long it may be silent once it has let the page in. */
  #pace = STEP_MS;
  #namespace;
  #handlers;
  #socket;

  /** @param {string} namespace @param {Record<string, unknown>} auth @param {LineHandlers} handlers */
  constructor(namespace, auth, handlers) {
    this.#namespace = namespace;
    this.#handlers = handlers;
    this.#socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`);
    this.#socket.onmessage = ({ data }) => this.#hear(data, auth);
    this.#socket.onclose = () => this.#end();
    // The browser knows before the silence does.
    globalThis.addEventListener?.("offline", this.#cut);
    this.#listen();
  }

  /**
   * Ask, and wait for the answer. Null when there was none in this time, or the line went down first.
   * @param {string} event @param {Record<string, unknown>} argument @param {number} withinMs
   * @returns {Promise<any>}
   */
  ask(event, argument, withinMs) {
    return new Promise((resolve) => {
      if (!this.isUp) return resolve(null);
      const id = this.#asked++;
      const late = setTimeout(() => this.#answer(id, null), withinMs);
      this.#answers.set(id, (answer) => {
        clearTimeout(late);
        resolve(answer);
      });
      this.#socket.send(eventFrame(this.#namespace, id, event, argument));
    });
  }

  /** Say goodbye and end the line. */
  close() {
    if (this.isUp && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(disconnectFrame(this.#namespace));
    this.#end();
  }

  #cut = () => this.#end();

  #listen() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(this.#cut, this.#silenceMs);
  }

  /** @param {unknown} data @param {Record<string, unknown>} auth */
  #hear(data, auth) {
    if (this.#down) return;
    const frame = readFrame(data, this.#namespace);
    this.#listen();
    switch (frame?.type) {
      case "open":
        this.#pace = frame.silenceMs;
        return this.#socket.send(connectFrame(this.#namespace, auth));
      case "ping":
        return this.#socket.send(PONG);
      case "connected":
        return this.#letIn();
      case "event":
        return this.isUp ? this.#handlers.event(frame.name, frame.argument) : void this.#early.push([frame.name, frame.argument]);
      case "ack":
        return this.#answer(frame.id, frame.answer ?? null);
      case "refused":
        this.#handlers.refused(frame.code);
    }
    // A goodbye, or what no server of ours says: it is not known what was missed, so another line begins from the whole state.
    this.#end();
  }

  #letIn() {
    this.isUp = true;
    this.#silenceMs = this.#pace;
    this.#listen();
    this.#handlers.up();
    for (const [name, argument] of this.#early.splice(0)) if (!this.#down) this.#handlers.event(name, argument);
  }

  /** @param {number} id @param {any} answer */
  #answer(id, answer) {
    const waits = this.#answers.get(id);
    this.#answers.delete(id);
    waits?.(answer);
  }

  #end() {
    if (this.#down) return;
    this.#down = true;
    this.isUp = false;
    clearTimeout(this.#watch);
    globalThis.removeEventListener?.("offline", this.#cut);
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    for (const id of [...this.#answers.keys()]) this.#answer(id, null);
    this.#handlers.down();
  }
}
