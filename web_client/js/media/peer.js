/**
 * One page's media: at most one RTCPeerConnection at a time, led by the `media` part of the newest snapshot
 * (docs/protocol.md §5). The server always offers, this side always answers. Tracks belong to the caller and outlive
 * every transport.
 */
import { readStats } from "./stats.js";

/** @typedef {import("../net/messages.js").Media} Media */
/** @typedef {import("./types.js").MediaStatus} MediaStatus */
/** @typedef {import("./types.js").Tracks} Tracks */
/** @typedef {import("./types.js").Remote} Remote */
/** @typedef {"watch" | "restart" | "resend" | "retry"} TimerKind */

/** How long a handshake may take, by attempt since the line was last up. The server gives one up after 30 s. */
const HANDSHAKE_PATIENCE_MS = [8000, 16000, 30000];
const DISCONNECTED_PATIENCE_MS = 2000;
/** A handshake younger than this is never given up because the network or the page came back. */
const YOUNG_MS = 5000;
const RESTART_REPEAT_MS = 4000;
const RESEND_MS = 1500;
/** The wait before the next try when this side cannot go on, by attempt. */
const BACK_OFF_MS = [2000, 4000, 8000, 16000, 30000];

/** @type {import("./types.js").Clock} */
const REAL_CLOCK = { now: () => Date.now(), start: (action, delay_ms) => setTimeout(action, delay_ms), stop: (timer) => clearTimeout(timer) };

export class Peer {
  /** @type {import("./types.js").PeerHandlers} */
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
  /** @type {"none" | "sending" | "sent" | "failed" | "refused"} */
  #answer = "none";
  #answered = 0;
  #transport = "";
  #wasConnected = false;
  /** @type {MediaStatus} */
  #status = "none";
  /** @type {Promise<void>} */
  #chain = Promise.resolve();
  /** Grows when a connection is dropped; a step of an older one changes nothing any more. */
  #generation = 0;
  /** Connections made since the line was last up. */
  #attempt = 0;
  #openedAt = 0;
  /** A new transport was asked for however well this one looks. */
  #forced = false;
  /** @type {Map<TimerKind, any>} */
  #timers = new Map();
  #clock;
  #stats = readStats(null);

  /** @param {import("./types.js").PeerHandlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    this.#clock = handlers.clock ?? REAL_CLOCK;
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
    if (media === null) return this.close();
    this.#wanted = media;
    // At once, so that the new transport does not wait for the old one's steps.
    if (this.#connection !== null && media.transport !== this.#transport) this.#drop();
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

  /** Tell the server that this transport is dead here, unless it is well or has only begun. */
  nudge() {
    if (this.#connection === null || this.#status === "connected") return;
    const begun = this.#attempt > 0 && !this.#timers.has("restart");
    if (begun && this.#clock.now() - this.#openedAt < YOUNG_MS) return;
    this.#restart();
  }

  /** The line looks well but nothing comes: ask for a new transport all the same. */
  forceRestart() {
    if (this.#connection === null) return;
    this.#forced = true;
    this.#restart();
  }

  /** The page is looked at again: a line that is down, or silent although somebody sends, gets a new transport. */
  async wake() {
    this.nudge();
    const generation = this.#generation;
    const before = (await this.measure()).packetsReceived;
    await new Promise((resolve) => this.#clock.start(() => resolve(undefined), DISCONNECTED_PATIENCE_MS));
    const silent = (await this.measure()).packetsReceived === before;
    if (generation !== this.#generation || this.#status !== "connected") return;
    if (silent && (this.#applied?.remote.length ?? 0) > 0) this.forceRestart();
  }

  /** Read the figures of this moment. Called once a second while somebody looks. */
  async measure() {
    const generation = this.#generation;
    const report = await this.#connection?.getStats().catch(() => null);
    if (generation === this.#generation) this.#stats = readStats(report ?? null, this.#stats);
    return this.#stats.figures;
  }

  close() {
    this.#wanted = null;
    this.#drop();
    this.#tell("none");
  }

  /** @param {() => Promise<void>} step */
  #queue(step) {
    const generation = this.#generation;
    const run = () => (generation === this.#generation ? step() : undefined);
    this.#chain = this.#chain.then(run).catch((error) => {
      if (generation === this.#generation) this.#failed(error);
    });
    return this.#chain;
  }

  /** @param {{name?: string} | undefined} error */
  #failed(error) {
    console.error("Media step failed:", error?.name);
    this.#tell("reconnecting");
    if (this.#timers.has("retry")) return;
    // Without a connection there is nothing to replace: try again to make one.
    const again = this.#connection === null ? () => void this.#queue(() => this.#follow()) : () => this.forceRestart();
    this.#after("retry", byAttempt(BACK_OFF_MS, this.#attempt), again);
  }

  async #follow() {
    const media = this.#wanted;
    if (media === null || media === this.#applied) return;
    const generation = this.#generation;
    if (this.#connection === null) this.#open(media);
    this.#applied = media;
    await this.#attach();
    if (generation !== this.#generation) return;
    if (media.sdp !== null && media.revision > this.#answered) await this.#negotiate(media, media.sdp);
    else if (media.sdp !== null && media.revision === this.#answered && this.#answer === "failed") this.#send(media);
    if (generation === this.#generation) this.#collect(media);
  }

  /** @param {Media} media */
  #open(media) {
    this.#attempt += 1;
    const configuration = { iceServers: media.ice_servers, bundlePolicy: /** @type {const} */ ("max-bundle") };
    const connection = this.#handlers.connect?.(configuration) ?? new RTCPeerConnection(configuration);
    this.#connection = connection;
    this.#transport = media.transport;
    this.#openedAt = this.#clock.now();
    connection.addEventListener("connectionstatechange", () => {
      if (this.#connection === connection) this.#judge(connection.connectionState);
    });
    this.#tell(this.#wasConnected ? "reconnecting" : "connecting");
    // A handshake that never ends is as dead as one that failed.
    this.#watch(byAttempt(HANDSHAKE_PATIENCE_MS, this.#attempt));
    // Its offer was answered by a page that is gone (a reload): only a new transport helps.
    if (media.sdp === null) this.forceRestart();
  }

  /** @param {Media} media @param {string} sdp */
  async #negotiate(media, sdp) {
    const [connection, generation] = [this.#connection, this.#generation];
    if (connection === null) return;
    await connection.setRemoteDescription({ type: "offer", sdp });
    if (generation !== this.#generation) return;
    const own = new Set(Object.values(media.mids));
    for (const transceiver of connection.getTransceivers()) {
      // Even with no track: the answer then names the SSRCs before anything is sent.
      if (transceiver.mid !== null && own.has(transceiver.mid)) transceiver.direction = "sendonly";
    }
    await this.#attach();
    if (generation !== this.#generation) return;
    const answer = await connection.createAnswer();
    if (generation !== this.#generation) return;
    await connection.setLocalDescription(answer);
    if (generation !== this.#generation) return;
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
      this.#answer = "ok" in ack ? "sent" : "failed";
      if ("error" in ack) this.#refused(media, ack.error.code);
    });
  }

  /** @param {Media} media @param {string} code */
  #refused(media, code) {
    // Lost on the way: the snapshot that follows the reconnection sends it again.
    if (code === "offline" || code === "timeout") return;
    if (code === "too_many_requests" || code === "internal") {
      this.#after("resend", RESEND_MS, () => {
        if (this.#answer === "failed" && this.#answered === media.revision) this.#send(media);
      });
      return;
    }
    // Only a new transport helps; one that is refused like the last must not be asked for without a pause.
    this.#answer = "refused";
    if (this.#attempt <= 1) this.forceRestart();
    else this.#after("retry", byAttempt(BACK_OFF_MS, this.#attempt - 1), () => this.forceRestart());
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
    if (state === "connected") {
      this.#stop("watch");
      if (!this.#forced) this.#stop("restart");
      this.#wasConnected = true;
      this.#attempt = 0;
      this.#tell("connected");
    } else if (state === "disconnected") {
      this.#tell("reconnecting");
      this.#watch(DISCONNECTED_PATIENCE_MS);
    } else if (state === "failed") {
      this.#stop("watch");
      this.#tell("reconnecting");
      this.#restart();
    } else if (this.#attempt === 0) {
      // It was up and looks for another way. (A first handshake has its patience since it was opened.)
      this.#watch(byAttempt(HANDSHAKE_PATIENCE_MS, 1));
    }
  }

  /** @param {number} patience_ms */
  #watch(patience_ms) {
    this.#after("watch", patience_ms, () => {
      if (this.#status !== "connected") this.#restart();
    });
  }

  #restart() {
    void this.#handlers.sendRestart(this.#transport);
    // The request may be lost with the line: ask again until a new transport is here.
    this.#after("restart", RESTART_REPEAT_MS, () => this.#restart());
  }

  /**
   * At most one timer of each kind; none outlives its connection.
   * @param {TimerKind} kind @param {number} delay_ms @param {() => void} action
   */
  #after(kind, delay_ms, action) {
    this.#stop(kind);
    const fire = () => (this.#timers.delete(kind), action());
    this.#timers.set(kind, this.#clock.start(fire, delay_ms));
  }

  /** @param {TimerKind} kind */
  #stop(kind) {
    this.#clock.stop(this.#timers.get(kind));
    this.#timers.delete(kind);
  }

  /** End the connection and all that is under way for it: in Chromium a step stays pending for ever once that is closed. */
  #drop() {
    this.#generation += 1;
    this.#chain = Promise.resolve();
    for (const kind of [...this.#timers.keys()]) this.#stop(kind);
    this.#connection?.close();
    this.#connection = null;
    this.#applied = null;
    this.#transport = "";
    this.#answered = 0;
    this.#answer = "none";
    this.#forced = false;
  }

  /** @param {MediaStatus} status */
  #tell(status) {
    if (status === this.#status) return;
    this.#status = status;
    if (status === "none") {
      this.#wasConnected = false;
      this.#attempt = 0;
      this.#streams.clear();
      this.#stats = readStats(null);
      this.#handlers.onRemotes([]);
    }
    this.#handlers.onStatus(status);
  }
}

/** @param {Media} media @param {string | null} mid @returns {"audio" | "camera" | null} */
function sourceOf(media, mid) {
  if (mid === null) return null;
  if (media.mids.audio === mid) return "audio";
  return media.mids.camera === mid ? "camera" : null;
}

/** @param {number[]} delays_ms @param {number} attempt from 1 on; 0 counts as 1 */
function byAttempt(delays_ms, attempt) {
  return /** @type {number} */ (delays_ms[Math.min(Math.max(attempt, 1), delays_ms.length) - 1]);
}
