/** A `Peer` against a peer connection, a server and a clock made of plain objects. */
import { Peer } from "../../web_client/js/media/peer.js";

/** Offers here are lists of mids: "0:audio 1:video". */
export class FakeConnection extends EventTarget {
  connectionState = "new";
  closed = false;
  localDescription = null;
  transceivers = [];
  log = [];
  /** The step of this name stays pending until `release()` or `fail()`: in Chromium for ever once the connection is closed. */
  hangs = "";
  hanging = [];
  /** The step of this name is rejected. */
  fails = "";
  /** Steps that were asked of a closed connection. */
  late = [];
  stats = new Map();

  constructor(configuration) {
    super();
    this.configuration = configuration;
  }

  async setRemoteDescription({ sdp }) {
    await this.#step("setRemoteDescription");
    this.log.push(`remote ${sdp}`);
    for (const [mid, kind] of sdp.split(" ").map((part) => part.split(":"))) {
      if (this.transceivers.some((one) => one.mid === mid)) continue;
      this.transceivers.push({ mid, direction: "recvonly", sender: this.#sender(), receiver: { track: { kind, mid } } });
    }
  }

  #sender() {
    const sender = {
      track: null,
      encoding: {},
      replaceTrack: async (track) => (await this.#step("replaceTrack"), void (sender.track = track)),
      getParameters: () => ({ encodings: [{ ...sender.encoding }] }),
      setParameters: async ({ encodings }) => (await this.#step("setParameters"), void (sender.encoding = Object.fromEntries(Object.entries(encodings[0]).filter(([, value]) => value !== undefined)))),
    };
    return sender;
  }

  async createAnswer() {
    await this.#step("createAnswer");
    return { type: "answer", sdp: this.transceivers.map((one) => `${one.mid}:${one.direction}`).join(" ") };
  }

  async setLocalDescription(description) {
    await this.#step("setLocalDescription");
    this.log.push("local");
    this.localDescription = description;
  }

  getTransceivers() {
    return this.transceivers;
  }

  async getStats() {
    return this.stats;
  }

  release() {
    for (const one of this.hanging.splice(0)) one.resolve();
  }

  fail(error) {
    for (const one of this.hanging.splice(0)) one.reject(error);
  }

  become(state) {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }

  close() {
    this.closed = true;
  }

  async #step(name) {
    if (this.closed) this.late.push(name);
    if (this.closed || this.fails === name) throw new DOMException(name, "InvalidStateError");
    if (this.hangs === name) await new Promise((resolve, reject) => this.hanging.push({ resolve, reject }));
  }
}

export class FakeStream {
  tracks = [];
  getTracks = () => [...this.tracks];
  addTrack = (track) => this.tracks.push(track);
  removeTrack = (track) => this.tracks.splice(this.tracks.indexOf(track), 1);
}

/** Let everything run that waits for nothing but promises. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Time passes only in `pass()`. */
export class FakeClock {
  #now = 0;
  #timers = new Set();
  now = () => this.#now;
  stop = (timer) => this.#timers.delete(timer);

  start = (action, delay_ms) => {
    const timer = { action, at: this.#now + delay_ms };
    this.#timers.add(timer);
    return timer;
  };

  get pending() {
    return this.#timers.size;
  }

  async pass(delay_ms) {
    const end = this.#now + delay_ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = next.at;
      next.action();
      await settle();
    }
    this.#now = end;
  }

  #next(end) {
    return [...this.#timers].filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/**
 * `seen.ack` answers media.answer from now on, `seen.restartAck` media.restart; `seen.hangs` names the step at which new connections hang; while `seen.broken`
 * none can be made.
 */
export function rig({ ack = { ok: {} }, hangs = "" } = {}) {
  const clock = new FakeClock();
  const seen = { connections: [], answers: [], restarts: [], statuses: [], remotes: [], ack, restartAck: { ok: {} }, hangs, broken: false, tries: [] };
  const connect = (configuration) => {
    seen.tries.push(clock.now());
    if (seen.broken) throw new SyntaxError("bad ICE server");
    seen.connections.push(Object.assign(new FakeConnection(configuration), { hangs: seen.hangs }));
    return seen.connections.at(-1);
  };
  const peer = new Peer({
    sendAnswer: async (answer) => (seen.answers.push(answer), seen.ack),
    sendRestart: async ({ transport, keep }) => (seen.restarts.push(keep ? `${transport} keep` : transport), seen.restartAck),
    onStatus: (status) => seen.statuses.push(status),
    onRemotes: (remotes) => (seen.remotes = remotes),
    connect,
    makeStream: () => new FakeStream(),
    clock,
  });
  return { peer, seen, clock };
}

const OWN = "0:audio 1:video";
export const media = (more = {}) => ({ transport: "t1", revision: 1, sdp: OWN, publish: false, mids: { audio: "0", camera: "1" }, remote: [], quality: null, ice_servers: [], ...more });
export const BOTH = `${OWN} 2:audio 3:video`;
export const remote = [{ mid: "2", source: "audio", participant: "s1", name: "Dr. Sample Provider" }, { mid: "3", source: "camera", participant: "s1", name: "Dr. Sample Provider" }];
export const tracks = { audio: { kind: "audio" }, camera: { kind: "video" }, screen: null };

/** A first transport that is up. */
export async function up(options) {
  const all = rig(options);
  await all.peer.sync(media());
  await settle();
  all.seen.connections[0].become("connected");
  return all;
}
