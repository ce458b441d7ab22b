/**
 * One page's media: at most one RTCPeerConnection at a time, led by the `media` part of the newest snapshot
 * (docs/protocol.md §5). The server always offers, this side always answers. Tracks belong to the caller and outlive
 * every transport. When to ask for another way is recovery.js's matter.
 */
import { Recovery } from "./recovery.js";
import { RemoteStreams } from "./remote_streams.js";
import { encode, prefer } from "./senders.js";
import { SMALL_BPS } from "./sound_first.js";
import { readStats } from "./stats.js";
import { REAL_CLOCK, Timers, byAttempt } from "./timers.js";

/** @typedef {import("../net/messages.js").Media} Media */
/** @typedef {import("./types.js").MediaStatus} MediaStatus */
/** @typedef {import("./types.js").Tracks} Tracks */

const RESEND_MS = 1500;
/** The wait before the next try when this side cannot go on, by attempt. */
const BACK_OFF_MS = [2000, 4000, 8000, 16000, 30000];
/** How long a line that should bring something may bring nothing when the page is looked at again. */
const SILENCE_MS = 2000;
const KEPT_SILENCE_MS = 4000;

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
  #tracks = { audio: null, camera: null, screen: null };
  /** @type {import("./sound_first.js").Picture} */
  #picture = "full";
  #streams;
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
  #clock;
  /** @type {Timers<"resend" | "retry" | import("./recovery.js").RecoveryTimer>} */
  #timers;
  #recovery;

  /** @param {import("./types.js").PeerHandlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    this.#clock = handlers.clock ?? REAL_CLOCK;
    this.#timers = new Timers(this.#clock);
    this.#streams = new RemoteStreams(handlers.makeStream ?? (() => new MediaStream()));
    this.#recovery = new Recovery(this.#timers, this.#clock.now, (keep) => handlers.sendRestart({ transport: this.#transport, keep }));
  }

  get status() {
    return this.#status;
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
    if (this.#connection !== null) this.#recovery.reached();
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

  /** How much of the own camera's picture is sent; the track stays alive. @param {import("./sound_first.js").Picture} picture */
  send(picture) {
    this.#picture = picture;
    return this.#queue(() => this.#attach());
  }

  /** The network is another one: look for a new way, unless this one has only begun. */
  nudge() {
    if (this.#connection !== null) this.#recovery.nudge();
  }

  /** The page is looked at again: a line that is down, or silent although somebody sends, gets a new way, then a new transport. */
  async wake() {
    if (this.#connection === null) return;
    if (this.#status !== "connected") this.nudge();
    if (!(await this.#isSilent(SILENCE_MS))) return;
    this.#recovery.refresh();
    if (await this.#isSilent(KEPT_SILENCE_MS)) this.#recovery.force();
  }

  /** The browser's own figures; null without a connection, or when it ended meanwhile. @returns {Promise<RTCStatsReport | null>} */
  async report() {
    const generation = this.#generation;
    const report = await this.#connection?.getStats().catch(() => null);
    return generation === this.#generation ? (report ?? null) : null;
  }

  close() {
    this.#wanted = null;
    this.#drop();
    this.#tell("none");
  }

  /** @param {number} wait_ms @returns {Promise<boolean>} */
  async #isSilent(wait_ms) {
    const generation = this.#generation;
    const received = async () => readStats(await this.report()).figures.packetsReceived;
    const before = await received();
    await new Promise((resolve) => this.#clock.start(() => resolve(undefined), wait_ms));
    const silent = (await received()) === before;
    return silent && generation === this.#generation && this.#status === "connected" && (this.#applied?.remote.length ?? 0) > 0;
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
    const again = this.#connection === null ? () => void this.#queue(() => this.#follow()) : () => this.#recovery.force();
    this.#timers.after("retry", byAttempt(BACK_OFF_MS, this.#recovery.attempt), again);
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
    if (generation === this.#generation) this.#handlers.onRemotes(this.#streams.collect(media, this.#connection?.getTransceivers() ?? []));
  }

  /** @param {Media} media */
  #open(media) {
    const configuration = { iceServers: media.ice_servers, bundlePolicy: /** @type {const} */ ("max-bundle") };
    this.#recovery.opening();
    const connection = this.#handlers.connect?.(configuration) ?? new RTCPeerConnection(configuration);
    this.#connection = connection;
    this.#transport = media.transport;
    connection.addEventListener("connectionstatechange", () => {
      if (this.#connection === connection) this.#judge(connection.connectionState);
    });
    this.#tell(this.#wasConnected ? "reconnecting" : "connecting");
    this.#recovery.opened();
    // Its offer was answered by a page that is gone (a reload): only a new transport helps.
    if (media.sdp === null) this.#recovery.force();
  }

  /** @param {Media} media @param {string} sdp */
  async #negotiate(media, sdp) {
    const [connection, generation] = [this.#connection, this.#generation];
    if (connection === null) return;
    await connection.setRemoteDescription({ type: "offer", sdp });
    if (generation !== this.#generation) return;
    for (const transceiver of connection.getTransceivers()) {
      // Even with no track: the answer then names the SSRCs before anything is sent.
      if (sourceOf(media, transceiver.mid) !== null) transceiver.direction = "sendonly";
    }
    await this.#attach();
    if (generation !== this.#generation) return;
    const answer = await connection.createAnswer();
    if (generation !== this.#generation) return;
    await connection.setLocalDescription(answer);
    if (generation !== this.#generation) return;
    this.#answered = media.revision;
    this.#send(media);
    // Only now has every browser encodings to change.
    await this.#attach();
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
      this.#timers.after("resend", RESEND_MS, () => {
        if (this.#answer === "failed" && this.#answered === media.revision) this.#send(media);
      });
      return;
    }
    // Only a new transport helps; one that is refused like the last must not be asked for without a pause.
    this.#answer = "refused";
    const { attempt } = this.#recovery;
    if (attempt <= 1) this.#recovery.force();
    else this.#timers.after("retry", byAttempt(BACK_OFF_MS, attempt - 1), () => this.#recovery.force());
  }

  async #attach() {
    const [media, connection] = [this.#applied, this.#connection];
    if (media === null || connection === null) return;
    await Promise.all(connection.getTransceivers().map(({ mid, sender }) => this.#feed(sourceOf(media, mid), sender, media.publish)));
  }

  /** @param {import("./types.js").Source | null} source @param {RTCRtpSender} sender @param {boolean} publish */
  async #feed(source, sender, publish) {
    if (source === null) return;
    const generation = this.#generation;
    const track = publish ? this.#tracks[source] : null;
    const waits = source === "camera" && this.#picture === "none" && track !== null;
    if (sender.track !== track && !waits) await sender.replaceTrack(track);
    // Before the first answer not every browser has encodings to change.
    if (generation !== this.#generation || track === null || this.#answered === 0) return;
    if (source === "audio") await prefer(sender);
    if (source !== "camera") return;
    const taken = await encode(sender, { active: !waits, maxBitrate: this.#picture === "small" ? SMALL_BPS : undefined });
    if (generation !== this.#generation) return;
    // Where a browser can not let an encoding wait, nothing is given to it.
    const sent = waits && !taken ? null : track;
    if (sender.track !== sent) await sender.replaceTrack(sent);
  }

  /** @param {RTCPeerConnectionState} state */
  #judge(state) {
    if (state === "connected") {
      this.#wasConnected = true;
      this.#tell("connected");
    } else if (state === "disconnected" || state === "failed") {
      this.#tell("reconnecting");
    }
    this.#recovery.became(state);
  }

  /** End the connection and all that is under way for it: in Chromium a step stays pending for ever once that is closed. */
  #drop() {
    this.#generation += 1;
    this.#chain = Promise.resolve();
    this.#timers.stopAll();
    this.#recovery.dropped();
    this.#connection?.close();
    this.#connection = null;
    this.#applied = null;
    this.#transport = "";
    this.#answered = 0;
    this.#answer = "none";
  }

  /** @param {MediaStatus} status */
  #tell(status) {
    if (status === this.#status) return;
    this.#status = status;
    if (status === "none") {
      this.#wasConnected = false;
      this.#recovery.ended();
      this.#streams.clear();
      this.#handlers.onRemotes([]);
    }
    this.#handlers.onStatus(status);
  }
}

/** @param {Media} media @param {string | null} mid @returns {import("./types.js").Source | null} */
function sourceOf(media, mid) {
  const found = Object.entries(media.mids).find(([, own]) => own === mid);
  return mid === null || found === undefined ? null : /** @type {import("./types.js").Source} */ (found[0]);
}
