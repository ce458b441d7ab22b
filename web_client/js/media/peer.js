/**
 * One page's media: at most one RTCPeerConnection at a time, led by the `media` part of the newest snapshot
 * (docs/protocol.md §5). The server always offers, this side always answers. Tracks belong to the caller and outlive
 * every transport.
 */
import { readStats } from "./stats.js";

/** @typedef {import("../net/messages.js").Media} Media */
/** @typedef {import("../net/messages.js").Ack} Ack */
/** @typedef {"none" | "connecting" | "connected" | "reconnecting"} MediaStatus */
/** @typedef {{audio: MediaStreamTrack | null, camera: MediaStreamTrack | null}} Tracks */
/** @typedef {{participant: string, name: string, stream: MediaStream, audio: boolean, camera: boolean}} Remote */
/**
 * @typedef {object} PeerHandlers
 * @property {(answer: {transport: string, revision: number, sdp: string}) => Promise<Ack>} sendAnswer
 * @property {(transport: string) => Promise<Ack>} sendRestart
 * @property {(status: MediaStatus) => void} onStatus
 * @property {(remotes: Remote[]) => void} onRemotes
 * @property {(configuration: RTCConfiguration) => RTCPeerConnection} [connect] a test's own
 * @property {() => MediaStream} [makeStream] a test's own
 */

const DISCONNECTED_PATIENCE_MS = 2000;
const RESTART_REPEAT_MS = 4000;

export class Peer {
  /** @type {PeerHandlers} */
  #handlers;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {Media | null} */
  #wanted = null;
  /** @type {Media | null} */
  #applied = null;
  /** @type {Tracks} */
  #tracks = { audio: null, camera: null };
  /** @type {Map<string, MediaStream>} */
  #streams = new Map();
  /** @type {"none" | "sending" | "sent" | "failed"} */
  #answer = "none";
  #answered = 0;
  #transport = "";
  #wasConnected = false;
  /** @type {MediaStatus} */
  #status = "none";
  /** @type {Promise<void>} */
  #chain = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stats = readStats(null);

  /** @param {PeerHandlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  get status() {
    return this.#status;
  }

  /** The last figures read by `measure()`. */
  get stats() {
    return this.#stats.figures;
  }

  /**
   * Follow the newest snapshot. Steps run one after the other; of several that wait, only the newest runs.
   * @param {Media | null} media
   */
  sync(media) {
    this.#wanted = media;
    return this.#queue(() => this.#follow());
  }

  /**
   * Send these from now on (when the server said `publish`); null sends nothing of that kind.
   * @param {Tracks} tracks
   */
  setTracks(tracks) {
    this.#tracks = tracks;
    return this.#queue(() => this.#attach());
  }

  /** Tell the server that this transport is dead here, unless it is well. */
  nudge() {
    if (this.#connection !== null && this.#status !== "connected") this.#restart();
  }

  /** The line looks well but nothing comes: ask for a new transport all the same. */
  forceRestart() {
    if (this.#connection !== null) this.#restart();
  }

  /** The page is looked at again: a line that is down, or silent although somebody sends, gets a new transport. */
  async wake() {
    this.nudge();
    const before = (await this.measure()).packetsReceived;
    await new Promise((resolve) => setTimeout(resolve, DISCONNECTED_PATIENCE_MS));
    const silent = (await this.measure()).packetsReceived === before;
    if (silent && (this.#applied?.remote.length ?? 0) > 0) this.forceRestart();
  }

  /** Read the figures of this moment. Called once a second while somebody looks. */
  async measure() {
    const report = await this.#connection?.getStats().catch(() => null);
    this.#stats = readStats(report ?? null, this.#stats);
    return this.#stats.figures;
  }

  close() {
    this.#wanted = null;
    this.#drop();
    this.#tell("none");
  }

  /** @param {() => Promise<void>} step */
  #queue(step) {
    this.#chain = this.#chain.then(step).catch((error) => {
      if (this.#connection === null) return; // closed under way
      console.error("Media step failed:", error?.name);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.forceRestart(), DISCONNECTED_PATIENCE_MS);
    });
    return this.#chain;
  }

  async #follow() {
    const media = this.#wanted;
    if (media === this.#applied) return;
    this.#applied = media;
    if (media === null) {
      this.#drop();
      this.#tell("none");
      return;
    }
    if (media.transport !== this.#transport) {
      this.#open(media);
      // Its offer was answered by a page that is gone (a reload): only a new transport helps.
      if (media.sdp === null) this.#restart();
    }
    await this.#attach();
    if (media.sdp !== null && media.revision > this.#answered) await this.#negotiate(media, media.sdp);
    else if (media.sdp !== null && media.revision === this.#answered && this.#answer === "failed") this.#send(media);
    this.#collect(media);
  }

  /** @param {Media} media */
  #open(media) {
    this.#drop();
    this.#transport = media.transport;
    const configuration = { iceServers: media.ice_servers, bundlePolicy: /** @type {const} */ ("max-bundle") };
    const connection = this.#handlers.connect?.(configuration) ?? new RTCPeerConnection(configuration);
    this.#connection = connection;
    connection.addEventListener("connectionstatechange", () => {
      if (this.#connection === connection) this.#judge(connection.connectionState);
    });
    this.#tell(this.#wasConnected ? "reconnecting" : "connecting");
    // A handshake that never ends is as dead as one that failed.
    this.#watch(RESTART_REPEAT_MS * 2);
  }

  /** @param {Media} media @param {string} sdp */
  async #negotiate(media, sdp) {
    const connection = this.#connection;
    if (connection === null) return;
    await connection.setRemoteDescription({ type: "offer", sdp });
    const own = new Set(Object.values(media.mids));
    for (const transceiver of connection.getTransceivers()) {
      // Even with no track: the answer then names the SSRCs before anything is sent.
      if (transceiver.mid !== null && own.has(transceiver.mid)) transceiver.direction = "sendonly";
    }
    await this.#attach();
    await connection.setLocalDescription(await connection.createAnswer());
    if (this.#connection !== connection) return;
    this.#answered = media.revision;
    this.#send(media);
  }

  /** @param {Media} media */
  #send(media) {
    const connection = this.#connection;
    const sdp = connection?.localDescription?.sdp;
    if (sdp === undefined) return;
    this.#answer = "sending";
    const { transport, revision } = media;
    this.#handlers.sendAnswer({ transport, revision, sdp }).then((ack) => {
      if (this.#connection !== connection || this.#answered !== revision) return;
      if ("ok" in ack) {
        this.#answer = "sent";
      } else {
        this.#answer = "failed";
        // Lost on the way: the snapshot that follows the reconnection sends it again. Refused: only a new transport helps.
        if (ack.error.code === "bad_sdp") this.#restart();
      }
    });
  }

  async #attach() {
    const media = this.#applied;
    const connection = this.#connection;
    if (media === null || connection === null) return;
    await Promise.all(
      connection.getTransceivers().map((transceiver) => {
        const source = sourceOf(media, transceiver.mid);
        if (source === null) return undefined;
        const track = media.publish ? this.#tracks[source] : null;
        return transceiver.sender.track === track ? undefined : transceiver.sender.replaceTrack(track);
      }),
    );
  }

  /**
   * One stream per participant, kept for as long as they send, so that a video element never has to be given another.
   * @param {Media} media
   */
  #collect(media) {
    /** @type {Map<string, Remote & {tracks: Set<MediaStreamTrack>}>} */
    const remotes = new Map();
    for (const transceiver of this.#connection?.getTransceivers() ?? []) {
      const source = media.remote.find((one) => one.mid === transceiver.mid);
      if (source === undefined) continue;
      const { participant, name } = source;
      const stream = this.#streams.get(participant) ?? this.#handlers.makeStream?.() ?? new MediaStream();
      this.#streams.set(participant, stream);
      const remote = remotes.get(participant) ?? { participant, name, stream, audio: false, camera: false, tracks: new Set() };
      remote.tracks.add(transceiver.receiver.track);
      if (transceiver.receiver.track.kind === "audio") remote.audio = true;
      else remote.camera = true;
      remotes.set(participant, remote);
    }
    for (const [participant, stream] of this.#streams) {
      const tracks = remotes.get(participant)?.tracks ?? new Set();
      for (const track of stream.getTracks()) if (!tracks.has(track)) stream.removeTrack(track);
      for (const track of tracks) if (!stream.getTracks().includes(track)) stream.addTrack(track);
      if (tracks.size === 0) this.#streams.delete(participant);
    }
    this.#handlers.onRemotes([...remotes.values()].map(({ tracks: _, ...remote }) => remote));
  }

  /** @param {RTCPeerConnectionState} state */
  #judge(state) {
    clearTimeout(this.#timer);
    if (state === "connected") {
      this.#wasConnected = true;
      this.#tell("connected");
    } else if (state === "disconnected") {
      this.#tell("reconnecting");
      this.#watch(DISCONNECTED_PATIENCE_MS);
    } else if (state === "failed") {
      this.#tell("reconnecting");
      this.#restart();
    } else {
      this.#watch(RESTART_REPEAT_MS * 2);
    }
  }

  /** @param {number} patience_ms */
  #watch(patience_ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.nudge(), patience_ms);
  }

  #restart() {
    if (this.#transport === "") return;
    void this.#handlers.sendRestart(this.#transport);
    // The request may be lost with the line: ask again until a new transport is here.
    this.#watch(RESTART_REPEAT_MS);
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#connection?.close();
    this.#connection = null;
    this.#transport = "";
    this.#answered = 0;
    this.#answer = "none";
  }

  /** @param {MediaStatus} status */
  #tell(status) {
    if (status === "none") {
      this.#wasConnected = false;
      this.#applied = null;
      this.#streams.clear();
      this.#stats = readStats(null);
      this.#handlers.onRemotes([]);
    }
    if (status === this.#status) return;
    this.#status = status;
    this.#handlers.onStatus(status);
  }
}

/** @param {Media} media @param {string | null} mid @returns {"audio" | "camera" | null} */
function sourceOf(media, mid) {
  if (mid === null) return null;
  if (media.mids.audio === mid) return "audio";
  return media.mids.camera === mid ? "camera" : null;
}
