/**
 * The video elements of a page: the own one, and one for each person and each shared screen. Each is made once and moved by
 * the views, because a video element that is made anew drops its picture and, on iPhones, the permission to play sound.
 */
import { Speaker } from "./speaker.js";

/**
 * @typedef {object} StageHandlers
 * @property {() => void} onBlocked the browser plays nothing before a tap
 * @property {(key: string) => void} onPicture the first frame of this one is on the screen
 */

/** Readings (one a second) without a new frame before a picture counts as standing still. */
const STALLED_READINGS = 3;

export class Stage {
  #handlers;
  #stream;
  #ownFrames = 0;
  #awaiting = false;
  /** The browser plays nothing before a tap. Asked again at each drawing, it would refuse, and draw, for ever. */
  #refused = false;
  /** @type {Map<string, {video: HTMLVideoElement, frames: number, still: number}>} */
  #shown = new Map();
  /** Through which all of them are heard. */
  speaker = new Speaker();

  /** @param {MediaStream} own @param {StageHandlers} handlers */
  constructor(own, handlers) {
    this.#handlers = handlers;
    this.own = element("own");
    this.own.muted = true;
    this.#stream = own;
  }

  /** @param {string} name of the own picture */
  label(name) {
    this.own.setAttribute("aria-label", name);
  }

  /**
   * The element of this person or screen.
   * @param {string} key @param {string} name how it is called @param {boolean} blank there is nothing to see; the sound goes on
   */
  video(key, name, blank) {
    const { video } = this.#find(key);
    if (video.getAttribute("aria-label") !== name) video.setAttribute("aria-label", name);
    video.classList.toggle("video-blank", blank);
    return video;
  }

  /**
   * Play what these send, and nothing else. The same stream is never set twice.
   * @param {readonly import("./types.js").Remote[]} remotes
   */
  show(remotes) {
    const streams = new Map(remotes.map(({ key, stream }) => [key, stream]));
    for (const key of streams.keys()) this.#find(key);
    for (const [key, { video }] of this.#shown) {
      const stream = streams.get(key) ?? null;
      if (video.srcObject !== stream) video.srcObject = stream;
      if (stream !== null) this.#play(video);
      else if (!video.isConnected) this.#drop(key, video);
    }
  }

  /** Which pictures have stood still for some readings although they moved before. Called once a second. */
  stalled() {
    for (const one of this.#shown.values()) {
      const frames = one.video.srcObject === null ? 0 : one.video.getVideoPlaybackQuality().totalVideoFrames;
      one.still = frames > 0 && frames === one.frames ? one.still + 1 : 0;
      one.frames = frames;
    }
    return [...this.#shown].filter(([, { still }]) => still >= STALLED_READINGS).map(([key]) => key);
  }

  /** How often a frame of the own picture has come since this was first asked; null while it is not shown, or can not be told. */
  ownFrames() {
    const { own } = this;
    if (!own.isConnected || own.paused || own.requestVideoFrameCallback === undefined) return null;
    if (!this.#awaiting) {
      this.#awaiting = true;
      own.requestVideoFrameCallback(() => {
        this.#awaiting = false;
        this.#ownFrames += 1;
      });
    }
    return this.#ownFrames;
  }

  /** After a move in the page an element stands still until it is told to go on. */
  revive() {
    // Not before there is a picture: an element with an empty stream holds up the page's load event.
    if (this.own.srcObject === null && this.#stream.active) this.own.srcObject = this.#stream;
    if (this.own.isConnected && this.own.paused) this.own.play().catch(() => {});
    for (const { video } of this.#shown.values()) {
      if (!this.#refused && video.isConnected && video.paused && video.srcObject !== null) this.#play(video);
    }
  }

  /** After a tap, where the browser plays nothing before one. */
  play() {
    this.#refused = false;
    for (const { video } of this.#shown.values()) if (video.srcObject !== null) this.#play(video);
  }

  /** The picture of this person or screen, if there is one. @param {string} key */
  find = (key) => this.#shown.get(key)?.video;

  /** @param {string} key */
  #find(key) {
    const found = this.#shown.get(key);
    if (found !== undefined) return found;
    const video = element("remote");
    for (const event of ["loadeddata", "resize"]) {
      video.addEventListener(event, () => video.videoWidth > 0 && this.#handlers.onPicture(key));
    }
    const made = { video, frames: 0, still: 0 };
    this.#shown.set(key, made);
    this.speaker.add(video);
    return made;
  }

  /** @param {string} key @param {HTMLVideoElement} video */
  #drop(key, video) {
    this.#shown.delete(key);
    this.speaker.remove(video);
  }

  /** @param {HTMLVideoElement} video */
  #play(video) {
    video.play().catch((error) => {
      if (error?.name !== "NotAllowedError") return;
      this.#refused = true;
      this.#handlers.onBlocked();
    });
  }
}

/** @param {string} name */
function element(name) {
  const video = document.createElement("video");
  // Firefox stops at pictures, where there is nothing to do.
  video.tabIndex = -1;
  video.className = `video video-${name}`;
  video.autoplay = true;
  video.playsInline = true;
  video.disablePictureInPicture = name === "own";
  return video;
}
