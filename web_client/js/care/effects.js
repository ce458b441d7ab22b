/** The care team's machine meets the world here: HTTP, socket, devices, media path, storage, alerts. */
import { signIn } from "../net/api.js";
import { PageSocket } from "../net/socket.js";
import { SHAPES } from "../net/shapes.js";
import { Capture } from "../media/devices.js";
import { Peer } from "../media/peer.js";
import { Stage } from "../media/stage.js";
import { playChime, wakeAudio } from "../media/level.js";
import { keepAwake } from "../media/wakelock.js";
import { rememberLanguage } from "../i18n.js";

/** @typedef {import("./machine.js").Effect} Effect */
/** @typedef {(event: import("./machine.js").Event) => void} Dispatch */

const TOKEN_KEY = "care.token";
const VISIT_KEY = "care.visit";
const SOUND_KEY = "care.sound";

const HOLDER_KEY = "care.holder";

/** The name of the document that holds this tab's session. */
export const keptHolder = () => read(() => sessionStorage.getItem(HOLDER_KEY));

/**
 * What this tab and this browser remember.
 * @param {boolean} taken another document holds the session that lies in this tab: it is forgotten here
 */
export function remembered(taken) {
  if (taken) for (const key of [TOKEN_KEY, VISIT_KEY]) read(() => sessionStorage.removeItem(key));
  return {
    token: read(() => sessionStorage.getItem(TOKEN_KEY)),
    ...(read(() => ({ ...NO_VISIT, ...JSON.parse(sessionStorage.getItem(VISIT_KEY) ?? "{}") })) ?? NO_VISIT),
    sound: read(() => localStorage.getItem(SOUND_KEY)) !== "off",
    alerts: "Notification" in window ? Notification.permission : /** @type {const} */ ("none"),
  };
}

/** @type {{held: string | null, muted: boolean, cameraOff: boolean}} */
const NO_VISIT = { held: null, muted: false, cameraOff: false };

export class Edge {
  /** @type {PageSocket | null} */
  #socket = null;
  #visit = "";
  #dispatch;

  /** @param {Dispatch} dispatch @param {string} holder this document's name, kept beside the session @param {() => string} alertText */
  constructor(dispatch, holder, alertText) {
    this.#dispatch = dispatch;
    read(() => sessionStorage.setItem(HOLDER_KEY, holder));
    this.alertText = alertText;
    this.capture = new Capture((kind) => dispatch({ type: "track_ended", kind }));
    this.stage = new Stage(this.capture.stream, {
      onBlocked: () => dispatch({ type: "sound_blocked" }),
      onPicture: () => dispatch({ type: "picture_shown" }),
    });
    this.peer = new Peer({
      sendAnswer: (answer) => this.#request("media.answer", { visit: this.#visit, ...answer }),
      sendRestart: (transport) => this.#request("media.restart", { visit: this.#visit, transport }),
      onStatus: (status) => dispatch({ type: "media", status }),
      onRemotes: (remotes) => this.stage.show(remotes[0] ?? null),
    });
  }

  /** @param {Effect} effect */
  run(effect) {
    switch (effect.type) {
      case "signIn":
        void signIn(effect.username, effect.password).then((answer) => this.#dispatch({ type: "signed_in", answer }));
        break;
      case "connect":
        this.#connect(effect.token);
        break;
      case "disconnect":
        this.#socket?.close();
        this.#socket = null;
        break;
      case "keepToken":
        read(() => sessionStorage.setItem(TOKEN_KEY, effect.token));
        break;
      case "forgetToken":
        read(() => sessionStorage.removeItem(TOKEN_KEY));
        break;
      case "keepVisit":
        keepVisit(effect);
        break;
      case "request":
        void this.#request(effect.name, effect.argument).then((ack) => this.#dispatch({ type: "answered", name: effect.name, ack }));
        break;
      case "capture":
        void this.capture.open({ picture: true }).then((result) => this.#captured(result));
        break;
      case "captureOne":
        void this.capture.openOne(effect.kind).then((result) => this.#captured(result));
        break;
      case "devices": {
        const { visit, microphone, camera } = effect;
        void this.#request("media.devices", { visit, microphone, camera });
        break;
      }
      case "releaseDevices":
        this.capture.stop();
        break;
      case "media":
        this.#visit = effect.visit;
        void this.peer.sync(effect.media);
        break;
      case "closeMedia":
        this.peer.close();
        break;
      case "mute":
        if (this.capture.tracks.audio !== null) this.capture.tracks.audio.enabled = !effect.muted;
        break;
      case "camera":
        this.#switchCamera(effect.off);
        break;
      case "wakeAudio":
        wakeAudio();
        break;
      case "playSound":
        this.stage.play();
        break;
      case "chime":
        playChime();
        break;
      case "notify":
        this.#notify();
        break;
      case "askForAlerts":
        void Notification.requestPermission().then((alerts) => this.#dispatch({ type: "alerts_answered", alerts }));
        break;
      case "keepSound":
        read(() => localStorage.setItem(SOUND_KEY, effect.on ? "on" : "off"));
        break;
      case "keepAwake":
        keepAwake(effect.on);
        break;
      case "focusRow":
        document.getElementById(`row-${effect.visit}`)?.focus();
        break;
      case "language":
        rememberLanguage(effect.language);
        break;
    }
  }

  /** The network or the page came back: look at once instead of waiting for time-outs. */
  refresh() {
    this.#socket?.kick();
    this.peer.nudge();
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

  /** @param {string} event @param {Record<string, unknown>} argument @returns {Promise<import("../net/messages.js").Ack>} */
  async #request(event, argument) {
    return this.#socket?.request(event, argument) ?? { error: { code: "offline" } };
  }

  /** @param {import("../media/devices.js").Captured | null} result null: a newer request has overtaken this one */
  #captured(result) {
    if (result !== null) this.#dispatch({ type: "captured", result });
  }

  /** No name in it: a notification shows on locked screens and shared desks. */
  #notify() {
    if (!("Notification" in window) || Notification.permission !== "granted" || document.visibilityState === "visible") return;
    try {
      const note = new Notification(this.alertText(), { tag: "arrival" });
      note.onclick = () => window.focus();
    } catch {
      // Android allows notifications from service workers only.
    }
  }

  /** @param {boolean} off */
  #switchCamera(off) {
    const { audio, camera } = this.capture.tracks;
    if (camera !== null) camera.enabled = !off;
    void this.peer.setTracks({ audio, camera: off ? null : camera });
  }
}

/** @param {Effect & {type: "keepVisit"}} visit */
function keepVisit(visit) {
  read(() => {
    if (visit.visit === null) sessionStorage.removeItem(VISIT_KEY);
    else sessionStorage.setItem(VISIT_KEY, JSON.stringify({ held: visit.visit, muted: visit.muted, cameraOff: visit.cameraOff }));
  });
}

/**
 * Storage may be switched off; then a reload asks for the password again.
 * @template T
 * @param {() => T} action
 * @returns {T | null}
 */
function read(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
