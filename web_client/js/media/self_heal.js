/** Watches the own microphone and camera, and tells the page's machine when one of them is dead, or gives something again. */
import { UNWATCHED, judge } from "./dead_tracks.js";
import { StirMeter, audioRuns, wakeAudio } from "./level.js";

/** @typedef {import("./dead_tracks.js").Kind} Kind */
/**
 * @typedef {object} Heard
 * @property {import("./devices.js").Capture} capture
 * @property {Pick<import("./stage.js").Stage, "ownFrames">} stage
 * @property {() => ReturnType<typeof import("./dead_tracks.js").sourcesOf>} sources what goes into the senders
 * @property {(event: {type: string, kind?: Kind}) => void} dispatch
 */

export class SelfHeal {
  #heard;
  #watch = UNWATCHED;
  #meter = new StirMeter();
  #ran = false;

  /** @param {Heard} heard */
  constructor(heard) {
    this.#heard = heard;
    // Both ways: a phone stops the timers of a page that is out of sight.
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Take one reading. Called once a second. */
  look() {
    const { capture, stage, sources, dispatch } = this.#heard;
    const before = this.#watch;
    const visible = document.visibilityState === "visible";
    const running = audioRuns();
    const { audio, camera } = capture.tracks;
    const { energy, frames } = sources();
    this.#watch = judge(before, {
      now: Date.now(), visible, running,
      audio: sign(audio, [energy, this.#meter.count(audio)]),
      camera: sign(camera, [frames, stage.ownFrames()]),
    });
    // A phone call stops the AudioContext, and nothing starts it again by itself. One that never ran waits for a tap.
    if (visible && this.#ran && !running) wakeAudio();
    this.#ran ||= running;
    if (this.#watch.interrupted) dispatch({ type: "interrupted" });
    for (const kind of /** @type {Kind[]} */ (["audio", "camera"])) {
      const { verdict } = this.#watch[kind];
      if (verdict === before[kind].verdict) continue;
      if (verdict === "dead") dispatch({ type: "track_dead", kind });
      else if (verdict === "gives") dispatch({ type: "track_alive", kind });
    }
  }
}

/** @param {MediaStreamTrack | null} track @param {(number | null)[]} counts @returns {import("./dead_tracks.js").Sign} */
const sign = (track, counts) => ({
  track: track?.id ?? null, wanted: track?.enabled === true, ended: track?.readyState === "ended", muted: track?.muted === true, counts,
});
