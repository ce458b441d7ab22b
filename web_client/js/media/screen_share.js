/** The own screen, for as long as it is shared. The browser asks which, and its own bar ends it too. */

/** Whether this browser can share a screen at all: those of phones can not. */
export const canShare = () => typeof navigator.mediaDevices?.getDisplayMedia === "function" && !matchMedia("(pointer: coarse) and (max-width: 63.99rem)").matches;

export class ScreenShare {
  /** @type {MediaStreamTrack | null} */
  #track = null;
  /** Grows with each wish; a question that is still open then gives nothing. */
  #wished = 0;
  #onTrack;

  /** @param {(track: MediaStreamTrack | null) => void} onTrack what is to be sent from now on; null: nothing (any more) */
  constructor(onTrack) {
    this.#onTrack = onTrack;
  }

  /** Ask which screen. Call it from a tap. */
  async start() {
    const wished = ++this.#wished;
    const track = await this.#ask();
    if (wished !== this.#wished) return track?.stop();
    this.#take(track);
  }

  stop() {
    this.#wished += 1;
    if (this.#track !== null) this.#take(null);
  }

  /** @returns {Promise<MediaStreamTrack | null>} null: the person thought better of it, or the system refused */
  async #ask() {
    const wish = { video: { frameRate: { max: 15 } }, audio: false };
    const stream = await navigator.mediaDevices.getDisplayMedia(wish).catch(() => null);
    return stream?.getVideoTracks()[0] ?? null;
  }

  /** @param {MediaStreamTrack | null} track */
  #take(track) {
    this.#track?.stop();
    this.#track = track;
    if (track !== null) {
      // Small print must stay legible; that it moves smoothly matters less.
      track.contentHint = "detail";
      track.addEventListener("ended", () => this.#track === track && this.stop());
    }
    this.#onTrack(track);
  }
}
