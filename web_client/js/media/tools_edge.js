/** The tools of a visit meet the browser here: other devices, speaker, blur, full screen, small window. */
import { blur, blurOf } from "./blur.js";
import { followDevices, listDevices } from "./device_list.js";

/** @typedef {import("./types.js").ToolEffect} ToolEffect */

/** Whether this browser fills the screen with a page: those of iPhones do not. */
export const canFill = () => document.fullscreenEnabled === true;

/** Whether this browser shows a picture in a small window above all others. */
export const canFloat = () => document.pictureInPictureEnabled === true;

export class ToolsEdge {
  #capture;
  #stage;
  #dispatch;
  #onCaptured;

  /**
   * @param {object} of
   * @param {import("./devices.js").Capture} of.capture @param {import("./stage.js").Stage} of.stage
   * @param {(event: {type: string, [fact: string]: any}) => void} of.dispatch
   * @param {(result: import("./devices.js").Captured | null) => void} of.onCaptured another device runs; null: a newer wish has overtaken this one
   */
  constructor({ capture, stage, dispatch, onCaptured }) {
    this.#capture = capture;
    this.#stage = stage;
    this.#dispatch = dispatch;
    this.#onCaptured = onCaptured;
    followDevices(() => void this.#list());
    document.addEventListener("fullscreenchange", () => dispatch({ type: "full_changed", full: document.fullscreenElement !== null }));
    document.addEventListener("enterpictureinpicture", () => dispatch({ type: "small_changed", small: true }));
    document.addEventListener("leavepictureinpicture", () => dispatch({ type: "small_changed", small: false }));
  }

  /** @param {{type: string}} effect any other than a tool's does nothing */
  run(effect) {
    this.#act(/** @type {ToolEffect} */ (effect));
  }

  /** @param {ToolEffect} effect */
  #act(effect) {
    switch (effect.type) {
      case "listDevices":
        void this.#list();
        break;
      case "changeDevice":
        void this.#capture.change(effect.kind, effect.deviceId).then(this.#onCaptured);
        break;
      case "speaker":
        void this.#speak(effect.speakerId);
        break;
      case "blur":
        void this.#blur(effect.on);
        break;
      case "fullScreen":
        (effect.on ? document.documentElement.requestFullscreen() : document.exitFullscreen()).catch(() => {});
        break;
      case "smallWindow":
        (effect.key === null ? document.exitPictureInPicture() : this.#stage.find(effect.key)?.requestPictureInPicture())?.catch(() => {});
        break;
    }
  }

  async #list() {
    const { speaker } = this.#stage;
    const [cameras, microphones, speakers] = await Promise.all([listDevices("videoinput"), listDevices("audioinput"), speaker.list()]);
    this.#dispatch({ type: "devices_listed", cameras, microphones, speakers, speakerId: speaker.id });
  }

  /** @param {string} id */
  async #speak(id) {
    const taken = await this.#stage.speaker.choose(id);
    this.#dispatch({ type: "speaker_set", speakerId: this.#stage.speaker.id, taken });
  }

  /** @param {boolean} on */
  async #blur(on) {
    const { camera } = this.#capture.tracks;
    if (camera === null) return;
    await blur(camera, on);
    if (camera === this.#capture.tracks.camera) this.#dispatch({ type: "blur_set", blur: blurOf(camera) });
  }
}
