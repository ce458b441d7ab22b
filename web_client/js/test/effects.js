/** The test page meets the world here: devices, the call, what comes back of it. */
import { Capture } from "../media/devices.js";
import { followLevel, wakeAudio } from "../media/level.js";
import { LevelBar } from "../media/levelbar.js";
import { keepAwake } from "../media/wakelock.js";
import { rememberLanguage } from "../i18n.js";
import { copy } from "../link_copy.js";

const SLOW_PERMISSION_MS = 8000;
const HEARD_LEVEL = 0.35;
/** The media that come back, as docs/protocol.md §5 names them. */
const PICTURE = "echo";

const callModule = () => import("./call.js");

export class Edge {
  #dispatch;
  #capture = new Capture(() => {});
  /** @type {import("./call.js").TestCall | null} */
  #call = null;
  /** Grows with each call, or end of one: a slower step of an older one must not come after it. */
  #wish = 0;
  /** @type {(() => void) | null} */
  #stopLevel = null;
  /** The sounds that come back, by whose they are. @type {Map<string, HTMLAudioElement>} */
  #sounds = new Map();

  /** @param {(event: import("./machine.js").Event) => void} dispatch */
  constructor(dispatch) {
    this.#dispatch = dispatch;
    this.levelBar = new LevelBar();
    this.picture = document.createElement("video");
    this.picture.className = "video";
    this.picture.tabIndex = -1;
    this.picture.autoplay = this.picture.playsInline = this.picture.muted = true;
    this.picture.disablePictureInPicture = true;
    this.picture.addEventListener("resize", () => {
      if (this.picture.videoWidth > 0) dispatch({ type: "pictured" });
    });
  }

  /** @param {import("./machine.js").Effect} effect */
  run(effect) {
    switch (effect.type) {
      case "capture":
        wakeAudio();
        void this.#open();
        break;
      case "call":
        void this.#begin();
        break;
      case "stop":
        this.#stop();
        break;
      case "play":
        wakeAudio();
        for (const sound of this.#sounds.values()) this.#play(sound);
        break;
      case "copyLink":
        void copy(location.href).then((copied) => this.#dispatch({ type: "link_copied", copied }));
        break;
      case "language":
        rememberLanguage(effect.language);
        break;
    }
  }

  /** After a move in the page a picture stands still until it is told to go on. */
  revive() {
    if (this.picture.isConnected && this.picture.paused && this.picture.srcObject !== null) this.picture.play().catch(() => {});
  }

  /** The last figures of the call. */
  get stats() {
    return this.#call?.stats ?? {};
  }

  async #open() {
    void callModule().catch(() => {});
    const slow = setTimeout(() => this.#dispatch({ type: "slow" }), SLOW_PERMISSION_MS);
    const result = await this.#capture.open({ picture: true }).finally(() => clearTimeout(slow));
    if (result !== null) this.#dispatch({ type: "captured", result });
  }

  async #begin() {
    const wish = ++this.#wish;
    const { audio, camera } = this.#capture.tracks;
    if (audio !== null) {
      this.#stopLevel = followLevel(audio, (level) => {
        this.levelBar.set(level);
        if (level > HEARD_LEVEL) this.#dispatch({ type: "heard" });
      });
    }
    keepAwake(true);
    const loaded = await callModule().catch(() => null);
    if (wish !== this.#wish) return;
    if (loaded === null) return this.#dispatch({ type: "result", result: "untested", details: null });
    this.#call = new loaded.TestCall("", { audio, camera }, {
      onResult: (result, details) => this.#dispatch({ type: "result", result, details }),
      onStatus: (status) => this.#dispatch({ type: "media", status }),
      onRemotes: (remotes) => this.#show(remotes),
      onOver: () => this.#dispatch({ type: "over" }),
    });
  }

  #stop() {
    this.#wish += 1;
    this.#call?.stop();
    this.#call = null;
    this.#stopLevel?.();
    this.#stopLevel = null;
    this.#capture.stop();
    keepAwake(false);
  }

  /** @param {import("../media/types.js").Remote[]} remotes */
  #show(remotes) {
    const picture = remotes.find(({ participant }) => participant === PICTURE)?.stream ?? null;
    if (this.picture.srcObject !== picture) this.picture.srcObject = picture;
    this.revive();
    const sounding = remotes.filter(({ participant }) => participant !== PICTURE);
    for (const [participant, sound] of this.#sounds) {
      if (sounding.some((remote) => remote.participant === participant)) continue;
      sound.srcObject = null;
      this.#sounds.delete(participant);
    }
    for (const { participant, stream } of sounding) {
      const sound = this.#sounds.get(participant) ?? new Audio();
      this.#sounds.set(participant, sound);
      if (sound.srcObject !== stream) sound.srcObject = stream;
      this.#play(sound);
    }
  }

  /** @param {HTMLAudioElement} sound */
  #play(sound) {
    sound.play().catch((error) => {
      if (error?.name === "NotAllowedError") this.#dispatch({ type: "sound_blocked" });
    });
  }
}
