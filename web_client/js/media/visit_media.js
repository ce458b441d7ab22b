/**
 * All media of one visit on one page: the path to the server, the pictures on the stage, who speaks, the own screen, sound
 * before picture, and what the server is told of it. Both pages have one; it tells their machines by events.
 */
import { sourcesOf } from "./dead_tracks.js";
import { Peer } from "./peer.js";
import { EMPTY_LOG, note } from "./report.js";
import { ScreenShare } from "./screen_share.js";
import { SOUND_AND_PICTURE, judge, onLostLine, wayOut } from "./sound_first.js";
import { Ear, READ_EVERY_MS, SILENCE, listen, speakers } from "./speaking.js";
import { readStats } from "./stats.js";
import { REAL_CLOCK } from "./timers.js";

/** @typedef {import("./types.js").Remote} Remote */
/** @typedef {import("../net/messages.js").Media} Media */

/**
 * @typedef {object} VisitMediaHandlers
 * @property {(event: "media.answer" | "media.restart" | "media.report", argument: Record<string, unknown>) => Promise<import("../net/messages.js").Ack>} request
 * @property {(event: {type: string, [fact: string]: any}) => void} dispatch
 * @property {Pick<import("./stage.js").Stage, "show" | "stalled">} stage
 * @property {(figures: Readonly<import("./stats.js").Figures>) => void} [onFigures] once a second while there is a media path
 * @property {() => boolean} isVisible
 * @property {Partial<import("./types.js").PeerHandlers>} [peer] a test's own
 */

export class VisitMedia {
  #handlers;
  #clock;
  #peer;
  #share;
  /** @type {import("./types.js").Tracks} */
  #tracks = { audio: null, camera: null, screen: null };
  /** @type {Media | null} */
  #media = null;
  /** @type {Remote[]} */
  #remotes = [];
  #figures = readStats(null).figures;
  #sources = sourcesOf(null, { audio: null, camera: null });
  #log = EMPTY_LOG;
  #judgement = SOUND_AND_PICTURE;
  #voices = SILENCE;
  #ear = new Ear();
  /** @type {any} */
  #listening = null;

  /** @param {VisitMediaHandlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    this.#clock = handlers.peer?.clock ?? REAL_CLOCK;
    this.#peer = new Peer({
      sendAnswer: (answer) => handlers.request("media.answer", answer),
      sendRestart: (restart) => handlers.request("media.restart", restart),
      onStatus: (status) => this.#became(status),
      onRemotes: (remotes) => this.#show(remotes),
      ...handlers.peer,
    });
    this.#share = new ScreenShare((screen) => {
      this.#handlers.dispatch({ type: screen === null ? "screen_ended" : "screen_shared" });
      this.#send({ screen });
    });
  }

  /** The last figures of the media path. */
  get stats() {
    return this.#figures;
  }

  /** What goes into the own senders, as far as the browser counts it; of a picture that waits nothing does. */
  get sources() {
    return this.#judgement.picture === "none" ? { ...this.#sources, frames: null } : this.#sources;
  }

  /** Follow the newest snapshot; null ends everything. @param {Media | null} media */
  sync(media) {
    this.#media = media;
    if (media === null) return this.close();
    void this.#peer.sync(media);
  }

  /** @param {Pick<import("./types.js").Tracks, "audio" | "camera">} tracks null sends nothing of that kind */
  setTracks(tracks) {
    this.#send(tracks);
  }

  shareScreen() {
    void this.#share.start();
  }

  stopSharing() {
    this.#share.stop();
  }

  /** The network is another one. */
  nudge() {
    this.#peer.nudge();
  }

  /** The page is looked at again. */
  wake() {
    void this.#peer.wake();
  }

  close() {
    this.#share.stop();
    this.#peer.close();
  }

  /** Read the figures of this moment and act on them. Called once a second. */
  async measure() {
    const report = this.#peer.status === "none" ? null : await this.#peer.report();
    this.#sources = sourcesOf(this.#peer.status === "connected" ? report : null, this.#tracks);
    if (report === null) return;
    this.#figures = readStats(report, { figures: this.#figures }).figures;
    this.#handlers.onFigures?.(this.#figures);
    this.#handlers.dispatch({ type: "stalled", stalled: this.#handlers.stage.stalled() });
    if (this.#peer.status !== "connected") return;
    this.#giveWay(report);
    this.#tell(report);
  }

  /** @param {Partial<import("./types.js").Tracks>} tracks */
  #send(tracks) {
    this.#tracks = { ...this.#tracks, ...tracks };
    void this.#peer.setTracks(this.#tracks);
  }

  /** @param {import("./types.js").MediaStatus} status */
  #became(status) {
    this.#log = EMPTY_LOG;
    if (status === "none") {
      this.#figures = readStats(null).figures;
      this.#wait(SOUND_AND_PICTURE);
    } else if (status === "reconnecting") {
      this.#judgement = onLostLine(this.#judgement);
    }
    this.#handlers.dispatch({ type: "media", status });
  }

  /** @param {Remote[]} remotes */
  #show(remotes) {
    this.#remotes = remotes;
    this.#handlers.stage.show(remotes);
    this.#clock.stop(this.#listening);
    this.#listening = null;
    this.#listen();
  }

  #listen() {
    const heard = this.#remotes.filter(({ sound }) => sound !== null);
    const before = speakers(this.#voices).join();
    this.#voices = listen(this.#voices, new Map(heard.map(({ participant, sound }) => [participant, this.#ear.level(sound)])));
    const speaking = speakers(this.#voices);
    if (speaking.join() !== before) this.#handlers.dispatch({ type: "speaking", speaking });
    if (heard.length > 0) this.#listening = this.#clock.start(() => this.#listen(), READ_EVERY_MS);
  }

  /** @param {RTCStatsReport} report */
  #giveWay(report) {
    const received = this.#remotes.length > 0 && this.#media?.publish === true;
    if (!received || this.#tracks.camera === null) return;
    this.#wait(judge(this.#judgement, wayOut(report), this.#clock.now()));
  }

  /** @param {import("./sound_first.js").Judgement} judgement */
  #wait(judgement) {
    const before = this.#judgement.picture;
    const { picture } = judgement;
    this.#judgement = judgement;
    if (picture === before) return;
    void this.#peer.send(picture);
    if (picture === "none" || before === "none") this.#handlers.dispatch({ type: "weak_network", weak: picture === "none" });
  }

  /** @param {RTCStatsReport} stats */
  #tell(stats) {
    const media = this.#media;
    if (media === null || this.#remotes.length === 0 || !this.#handlers.isVisible()) {
      this.#log = EMPTY_LOG;
      return;
    }
    const { log, report } = note(this.#log, stats);
    this.#log = log;
    if (report !== null) void this.#handlers.request("media.report", { transport: media.transport, ...report });
  }
}
