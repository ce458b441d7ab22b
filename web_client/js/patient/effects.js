/** The patient's machine meets the world here: HTTP, socket, devices, media path, storage. */
import { askForCall, readReceipt, redeemInvitation, sendFeedback, sendReadiness, viewInvitation } from "../net/api.js";
import { SHAPES } from "../net/shapes.js";
import { Capture } from "../media/devices.js";
import { Stage } from "../media/stage.js";
import { followLevel, playChime, wakeAudio } from "../media/level.js";
import { LevelBar } from "../media/levelbar.js";
import { rememberLanguage } from "../i18n.js";
import { setLarge } from "../large_text.js";
import { keepTalk } from "../talk_store.js";
import { copy, share } from "../link_copy.js";
import { SESSION_KEY, view } from "./early.js";
import { laterModule } from "./later_part.js";
import { requestOf } from "./requests.js";

/** @typedef {import("./types.js").Effect} Effect */
/** @typedef {(event: import("./types.js").Event) => void} Dispatch */

const SLOW_PERMISSION_MS = 8000;
const HEARD_LEVEL = 0.35;
/** Above this a microphone gives at least the noise of a room. */
const STIRRED_LEVEL = 0.02;
const RELOAD_MS = 1000;

/**
 * The session that this tab keeps for this code, and the name of the document that holds it.
 * @param {string} code
 * @returns {{session: import("./types.js").Session, holder: string} | null}
 */
export function keptSession(code) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(SESSION_KEY) ?? "null");
    const { token, startedAt = null, picture = true, muted = false, cameraOff = false } = kept.session;
    return kept.session.code === code && token ? { session: { code, token, startedAt, picture, muted, cameraOff }, holder: kept.holder } : null;
  } catch {
    return null;
  }
}

export class Edge {
  /** @type {import("../net/socket.js").PageSocket | null} */
  #socket = null;
  /** @type {import("../media/visit_media.js").VisitMedia | null} null: nobody has connected yet */
  #media = null;
  /** The same. @type {import("../media/self_heal.js").SelfHeal | null} */
  #heal = null;
  /** The same. @type {import("../media/tools_edge.js").ToolsEdge | null} */
  #tools = null;
  /** What is to be sent. @type {Pick<import("../media/types.js").Tracks, "audio" | "camera">} */
  #tracks = { audio: null, camera: null };
  /** @type {import("./test_calls.js").TestCalls | null} null: not needed yet */
  #tests = null;
  /** Grows with each wish for another socket, or none: a slower one must not come after it. */
  #wished = 0;
  #dispatch;
  /** @type {(() => void) | null} */
  #stopLevel = null;

  #holder;
  #onRooms;
  /** @type {import("./views/rooms.js").Rooms | null} null: not loaded yet */
  rooms = null;
  /** The same. @type {import("./opened_part.js").OpenedPart | null} */
  opened = null;
  #loading = false;

  /**
   * @param {Dispatch} dispatch @param {string} holder this document's name, kept beside the session
   * @param {() => void} onRooms `rooms` is there: draw again
   */
  constructor(dispatch, holder, onRooms) {
    this.#dispatch = dispatch;
    this.#holder = holder;
    this.#onRooms = onRooms;
    this.capture = new Capture((kind) => (this.#heal === null ? dispatch({ type: "track_ended", kind }) : this.#heal.look()));
    this.stage = new Stage(this.capture.stream, {
      onBlocked: () => dispatch({ type: "sound_blocked" }),
      onPicture: (key) => dispatch({ type: "picture_shown", key }),
    });
    this.levelBar = new LevelBar();
  }

  /** @param {Effect} effect */
  run(effect) {
    const asked = requestOf(effect);
    if (asked !== null) return void this.#ask(asked);
    switch (effect.type) {
      case "view":
        void view(effect.code).then((answer) => {
          this.#dispatch({ type: "viewed", answer, now: Date.now() });
          void this.#loadRooms();
        });
        break;
      case "look":
        void viewInvitation(effect.code).then((answer) => this.#dispatch({ type: "looked", answer }));
        break;
      case "redeem":
        setTimeout(() => void redeemInvitation(effect.code).then((answer) => this.#dispatch({ type: "redeemed", answer })), effect.after_ms ?? 0);
        break;
      case "connect":
        void this.#connect(effect.token);
        break;
      case "disconnect":
        this.#wished += 1;
        this.#socket?.close();
        this.#socket = null;
        break;
      case "keepSession":
        store({ session: effect.session, holder: this.#holder });
        break;
      case "forgetSession":
        store(null);
        break;
      case "capture":
        void this.#capture(effect);
        break;
      case "captureOne":
        void this.capture.openOne(effect.kind).then((result) => this.#captured(result));
        break;
      case "flip":
        void this.capture.flip().then((result) => this.#captured(result));
        break;
      case "releaseDevices":
        this.#hush();
        this.capture.stop();
        break;
      case "readiness":
        void sendReadiness(effect.code, effect.report);
        break;
      case "askForCall":
        void askForCall(effect.code).then((answer) => this.#dispatch({ type: "call_answered", answer }));
        break;
      case "testNetwork":
      case "endNetworkTest":
      case "callEcho":
      case "playEcho":
      case "endEcho":
        void this.#testCall(effect);
        break;
      case "feedback":
        void sendFeedback(effect.token, effect.answer).then((answer) => this.#dispatch({ type: "feedback_answered", answer }));
        break;
      case "receipt":
        void readReceipt(effect.token).then((answer) => this.#dispatch({ type: "receipt_came", answer }));
        break;
      case "media":
        this.#media?.sync(effect.media);
        break;
      case "closeMedia":
        this.#media?.close();
        keepTalk(null);
        break;
      case "shareScreen":
        this.#media?.shareScreen();
        break;
      case "stopSharing":
        this.#media?.stopSharing();
        break;
      case "mute":
        if (this.capture.tracks.audio !== null) this.capture.tracks.audio.enabled = !effect.muted;
        break;
      case "camera":
        this.#switchCamera(effect.off);
        break;
      case "chime":
        playChime();
        break;
      case "wakeAudio":
        wakeAudio();
        break;
      case "keepAwake":
        void laterModule().then(({ keepAwake }) => keepAwake(effect.on)).catch(() => {});
        break;
      case "playSound":
        wakeAudio();
        this.stage.play();
        break;
      case "testSound":
      case "keepHeard":
        this.rooms?.hear(effect, this.stage.speaker, this.#dispatch);
        break;
      case "copyLink":
        void copy(location.href).then((copied) => this.#dispatch({ type: "link_copied", copied }));
        break;
      case "shareLink":
        void share(effect.url).then((copied) => this.#dispatch({ type: "link_shared", copied }));
        break;
      case "language":
        rememberLanguage(effect.language);
        break;
      case "takePhoto":
      case "readPhoto":
      case "sendPhoto":
      case "dropPhoto":
        this.opened?.here?.photo(effect, this.capture.tracks.camera, this.#dispatch);
        break;
      case "refocus":
        // The place comes with the drawing of this same step.
        setTimeout(() => effect.ids.map((id) => document.getElementById(id)).find((one) => one !== null)?.focus());
        break;
      case "keepTalk":
        keepTalk(effect.kept);
        break;
      case "largeText":
        setLarge(effect.on);
        break;
      default:
        this.#tools?.run(effect);
    }
  }

  /** The network came back: look at once instead of waiting for time-outs. */
  refresh() {
    this.#socket?.kick();
    this.#media?.nudge();
  }

  /** The page is looked at again. */
  wake() {
    void this.#socket?.probe("presence.check");
    this.#media?.wake();
  }

  /** The last figures of the media path. */
  get stats() {
    return this.#media?.stats ?? {};
  }

  /** Read the figures of this moment, while there is a media path. */
  measure() {
    void this.#media?.measure();
    this.#heal?.look();
  }

  async #loadRooms() {
    if (this.rooms !== null || this.#loading) return;
    this.#loading = true;
    const loaded = await laterModule().catch(() => null);
    this.#loading = false;
    if (loaded === null) setTimeout(() => void this.#loadRooms(), RELOAD_MS);
    else {
      this.rooms = loaded.ROOMS;
      this.opened = new loaded.OpenedPart(this.#onRooms);
      this.#tools ??= this.#makeTools(loaded);
      this.#onRooms();
    }
  }

  /** @param {string} token */
  async #connect(token) {
    void this.#loadRooms();
    const wish = ++this.#wished;
    this.#socket?.close();
    this.#socket = null;
    const loaded = await laterModule().catch(() => null);
    if (wish !== this.#wished) return;
    if (loaded === null) {
      setTimeout(() => wish === this.#wished && void this.#connect(token), RELOAD_MS);
      return;
    }
    this.#media ??= this.#makeMedia(loaded);
    this.#tools ??= this.#makeTools(loaded);
    this.#heal ??= this.#makeHeal(loaded, this.#media);
    this.#socket = new loaded.PageSocket("/visit", token, SHAPES.visitSnapshot, {
      onSnapshot: (snapshot) => {
        this.#dispatch({ type: "snapshot", snapshot, now: Date.now() });
        this.opened?.prepare();
      },
      onEnd: (code) => this.#dispatch({ type: "ended", code }),
      onStatus: (status) => this.#dispatch({ type: "link", status }),
    });
  }

  /** @param {typeof import("./line.js")} line */
  #makeMedia({ VisitMedia, followNetwork }) {
    followNetwork(() => this.refresh());
    const media = new VisitMedia({
      request: (event, argument) => this.#request(event, argument),
      dispatch: this.#dispatch,
      stage: this.stage,
      onFigures: (stats) => this.#dispatch({ type: "measured", stats }),
      isVisible: () => document.visibilityState === "visible",
    });
    media.setTracks(this.#tracks);
    return media;
  }

  /** @param {typeof import("./line.js")} line @param {import("../media/visit_media.js").VisitMedia} media */
  #makeHeal({ SelfHeal }, media) {
    return new SelfHeal({ capture: this.capture, stage: this.stage, sources: () => media.sources, dispatch: this.#dispatch });
  }

  /** @param {typeof import("./line.js")} line */
  #makeTools({ ToolsEdge }) {
    return new ToolsEdge({ capture: this.capture, stage: this.stage, dispatch: this.#dispatch, onCaptured: (result) => this.#captured(result) });
  }

  /** @param {import("./test_calls.js").TestEffect} effect */
  async #testCall(effect) {
    const loaded = await laterModule().catch(() => null);
    if (loaded === null) {
      if (effect.type === "testNetwork") this.#dispatch({ type: "network_tested", result: "untested" });
      if (effect.type === "callEcho") this.#dispatch({ type: "echo_over", code: "offline" });
      return;
    }
    this.#tests ??= new loaded.TestCalls(() => this.capture.tracks, this.stage.speaker, this.#dispatch);
    this.#tests.run(effect);
  }

  /** @param {import("./requests.js").Asked} asked */
  async #ask({ name, argument, then }) {
    const ack = await this.#request(name, argument);
    if (then !== undefined) this.#dispatch({ ...then, ack, now: Date.now() });
  }

  /** @param {string} event @param {Record<string, unknown>} argument @returns {Promise<import("../net/messages.js").Ack>} */
  async #request(event, argument) {
    return this.#socket?.request(event, argument) ?? { error: { code: "offline" } };
  }

  /** @param {Effect & {type: "capture"}} wish */
  async #capture(wish) {
    this.#hush();
    const slow = setTimeout(() => this.#dispatch({ type: "capture_slow" }), SLOW_PERMISSION_MS);
    const result = await this.capture.open(wish).finally(() => clearTimeout(slow));
    this.#captured(result);
  }

  /** @param {import("../media/devices.js").Captured | null} result null: a newer request has overtaken this one */
  #captured(result) {
    if (result === null) return;
    this.#dispatch({ type: "captured", result });
    const { audio } = this.capture.tracks;
    this.#hush();
    if (audio !== null) {
      this.#stopLevel = followLevel(audio, (level) => {
        this.levelBar.set(level);
        if (level > HEARD_LEVEL) this.#dispatch({ type: "heard" });
        else if (level > STIRRED_LEVEL) this.#dispatch({ type: "stirred" });
      });
    }
  }

  #hush() {
    this.#stopLevel?.();
    this.#stopLevel = null;
  }

  /** @param {boolean} off */
  #switchCamera(off) {
    if (off) this.capture.rest();
    else if (this.capture.rests) void this.capture.openOne("camera").then((result) => this.#captured(result));
    const { audio, camera } = this.capture.tracks;
    this.#tracks = { audio, camera };
    this.#media?.setTracks(this.#tracks);
  }
}

/** @param {object | null} session */
function store(session) {
  try {
    if (session === null) sessionStorage.removeItem(SESSION_KEY);
    else sessionStorage.setItem(SESSION_KEY, JSON.stringify(session));
  } catch {
    // Without storage a reload asks for the tap on Start again; nothing else is lost.
  }
}
