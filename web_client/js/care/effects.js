/** The care team's machine meets the world here: HTTP, socket, devices, media path, storage, alerts. */
import { changePassword, signIn, signOut } from "../net/api.js";
import { PageSocket } from "../net/socket.js";
import { SHAPES } from "../net/shapes.js";
import { Capture } from "../media/devices.js";
import { SelfHeal } from "../media/self_heal.js";
import { Stage } from "../media/stage.js";
import { ToolsEdge } from "../media/tools_edge.js";
import { VisitMedia } from "../media/visit_media.js";
import { playChime, wakeAudio } from "../media/level.js";
import { keepAwake } from "../media/wakelock.js";
import { rememberLanguage } from "../i18n.js";
import { setLarge } from "../large_text.js";
import { keepTalk } from "../talk_store.js";
import { askForAlerts, notify } from "./alerts.js";
import { bookAppointment, cancelAppointment, rescheduleAppointment } from "./appointments_api.js";
import { PhotoViewer } from "./photo_viewer.js";
import { keepHolder, keepIntroduced, keepSilent, keepToken, keepVisit } from "./storage.js";

/** @typedef {import("./types.js").Effect} Effect */
/** @typedef {import("./types.js").Ack} Ack */
/** @typedef {(event: import("./types.js").Event) => void} Dispatch */

/** @type {Record<import("./types.js").CallName, (token: string, argument: any) => Promise<Ack>>} */
const CALLS = { book: bookAppointment, reschedule: rescheduleAppointment, cancel: cancelAppointment, password: changePassword };

export class Edge {
  /** @type {PageSocket | null} */
  #socket = null;
  #visit = "";
  #dispatch;
  #alertText;
  #photos = new PhotoViewer((photo, answer) => this.#dispatch({ type: "photo_came", photo, answer }));
  #heal;
  #tools;

  /** @param {Dispatch} dispatch @param {string} holder this document's name, kept beside the session @param {(kind: import("./types.js").NewsKind) => string} alertText */
  constructor(dispatch, holder, alertText) {
    this.#dispatch = dispatch;
    this.#alertText = alertText;
    keepHolder(holder);
    this.capture = new Capture(() => this.#heal.look());
    this.stage = new Stage(this.capture.stream, {
      onBlocked: () => dispatch({ type: "sound_blocked" }),
      onPicture: (key) => dispatch({ type: "picture_shown", key }),
    });
    this.media = new VisitMedia({
      request: (event, argument) => this.#request(event, { visit: this.#visit, ...argument }),
      dispatch,
      stage: this.stage,
      isVisible: () => document.visibilityState === "visible",
    });
    this.#heal = new SelfHeal({ capture: this.capture, stage: this.stage, sources: () => this.media.sources, dispatch });
    this.#tools = new ToolsEdge({ capture: this.capture, stage: this.stage, dispatch, onCaptured: (result) => this.#captured(result) });
  }

  /** @param {Effect} effect */
  run(effect) {
    /** @type {(effect: any) => void} */ (this.#actions[effect.type])(effect);
  }

  /** What each effect does. @type {{[Type in Effect["type"]]: (effect: Extract<Effect, {type: Type}>) => void}} */
  #actions = {
    signIn: ({ username, password }) => void signIn(username, password).then((answer) => this.#dispatch({ type: "signed_in", answer })),
    signOut: ({ token }) => void signOut(token),
    connect: ({ token }) => this.#connect(token),
    disconnect: () => {
      this.#socket?.close();
      this.#socket = null;
    },
    keepToken: ({ token }) => keepToken(token),
    forgetToken: () => keepToken(null),
    keepVisit,
    request: ({ name, argument }) => void this.#request(name, argument).then((ack) => this.#answered(name, argument, ack)),
    call: ({ name, token, argument }) => void CALLS[name](token, argument).then((ack) => this.#answered(name, argument, ack)),
    write: ({ name, argument }) => void this.#request(name, { visit: this.#visit, ...argument }).then((ack) => this.#dispatch({ type: "written", name, argument, ack })),
    keepTalk: ({ kept }) => keepTalk(kept),
    capture: () => void this.capture.open({ picture: true }).then((result) => this.#captured(result)),
    captureOne: ({ kind }) => void this.capture.openOne(kind).then((result) => this.#captured(result)),
    flip: () => void this.capture.flip().then((result) => this.#captured(result)),
    listDevices: (effect) => this.#tools.run(effect),
    changeDevice: (effect) => this.#tools.run(effect),
    speaker: (effect) => this.#tools.run(effect),
    blur: (effect) => this.#tools.run(effect),
    fullScreen: (effect) => this.#tools.run(effect),
    smallWindow: (effect) => this.#tools.run(effect),
    largeText: ({ on }) => setLarge(on),
    devices: ({ type: _, ...sends }) => void this.#request("media.devices", sends),
    shareScreen: () => this.media.shareScreen(),
    stopSharing: () => this.media.stopSharing(),
    releaseDevices: () => this.capture.stop(),
    media: ({ visit, media }) => {
      this.#visit = visit;
      this.media.sync(media);
    },
    closeMedia: () => this.media.close(),
    mute: ({ muted }) => {
      if (this.capture.tracks.audio !== null) this.capture.tracks.audio.enabled = !muted;
    },
    camera: ({ off }) => this.#switchCamera(off),
    wakeAudio: () => void wakeAudio(),
    playSound: () => this.stage.play(),
    chime: () => playChime(),
    notify: ({ kind }) => notify(kind, this.#alertText(kind)),
    askForAlerts: () => askForAlerts((alerts) => this.#dispatch({ type: "alerts_answered", alerts })),
    keepSilent: ({ silent }) => void keepSilent(silent),
    keepIntroduced: () => void keepIntroduced(),
    keepAwake: ({ on }) => keepAwake(on),
    focus: ({ id }) => {
      document.getElementById(id)?.focus();
      // The place may come with the drawing of this same step, and a dialog that closes in it gives the focus back.
      setTimeout(() => document.getElementById(id)?.focus());
    },
    clear: ({ id, text }) => {
      const field = document.getElementById(id);
      // What was typed meanwhile stays.
      if (field instanceof HTMLInputElement && field.value.trim() === text) field.value = "";
    },
    copy: ({ text }) => void navigator.clipboard?.writeText(text).then(() => this.#dispatch({ type: "copied" }), () => {}),
    showPhoto: ({ photo, token }) => void this.#photos.show(photo, token),
    dropPhoto: () => this.#photos.drop(),
    language: ({ language }) => rememberLanguage(language),
  };

  /** The network or the page came back: look at once instead of waiting for time-outs. */
  refresh() {
    this.#socket?.kick();
    this.media.nudge();
  }

  /** The page is looked at again. */
  wake() {
    void this.#socket?.probe("staff.list");
    this.media.wake();
  }

  /** Read the figures of this moment, while there is a media path. */
  measure() {
    void this.media.measure();
    this.#heal.look();
  }

  /** @param {string} token */
  #connect(token) {
    this.#socket?.close();
    this.#socket = new PageSocket("/care", token, SHAPES.careSnapshot, {
      onSnapshot: (snapshot) => this.#dispatch({ type: "snapshot", snapshot, now: Date.now() }),
      onEnd: (code) => this.#dispatch({ type: "ended", code }),
      onStatus: (status) => this.#dispatch({ type: "link", status }),
    });
  }

  /** @param {string} event @param {import("./types.js").Argument} argument @returns {Promise<Ack>} */
  async #request(event, argument) {
    return this.#socket?.request(event, argument) ?? { error: { code: "offline" } };
  }

  /** @param {string} name @param {import("./types.js").Argument} argument @param {Ack} ack */
  #answered(name, argument, ack) {
    this.#dispatch({ type: "answered", name, argument, ack });
  }

  /** @param {import("../media/devices.js").Captured | null} result null: a newer request has overtaken this one */
  #captured(result) {
    if (result !== null) this.#dispatch({ type: "captured", result });
  }

  /** @param {boolean} off */
  #switchCamera(off) {
    if (off) this.capture.rest();
    else if (this.capture.rests) void this.capture.openOne("camera").then((result) => this.#captured(result));
    const { audio, camera } = this.capture.tracks;
    this.media.setTracks({ audio, camera });
  }
}
