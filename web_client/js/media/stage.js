/**
 * The two video elements of a page. They are made once and moved by the views, because a video element that is made anew
 * drops its picture and, on iPhones, the permission to play sound.
 */

/**
 * @typedef {object} StageHandlers
 * @property {() => void} onBlocked the browser plays nothing before a tap
 * @property {() => void} onPicture the first frame of somebody is on the screen
 */

export class Stage {
  #handlers;
  #stream;

  /** @param {MediaStream} own @param {StageHandlers} handlers */
  constructor(own, handlers) {
    this.#handlers = handlers;
    this.own = element("own");
    this.own.muted = true;
    this.#stream = own;
    this.remote = element("remote");
    this.remote.addEventListener("loadeddata", () => {
      if (this.remote.videoWidth > 0) handlers.onPicture();
    });
    this.remote.addEventListener("resize", () => {
      if (this.remote.videoWidth > 0) handlers.onPicture();
    });
  }

  /**
   * Show this person, or nobody. The same stream is never set twice.
   * @param {import("./peer.js").Remote | null} remote
   */
  show(remote) {
    const stream = remote?.stream ?? null;
    if (this.remote.srcObject !== stream) this.remote.srcObject = stream;
    if (stream !== null) this.play();
  }

  /** @param {string} own @param {string} remote the other person's name */
  label(own, remote) {
    this.own.setAttribute("aria-label", own);
    this.remote.setAttribute("aria-label", remote);
  }

  /** The other's camera is off: their last frame is not shown; their sound goes on. @param {boolean} blank */
  blank(blank) {
    this.remote.classList.toggle("video-blank", blank);
  }

  /** After a move in the page an element stands still until it is told to go on. */
  revive() {
    // Not before there is a picture: an element with an empty stream holds up the page's load event.
    if (this.own.srcObject === null && this.#stream.active) this.own.srcObject = this.#stream;
    if (this.own.isConnected && this.own.paused) this.own.play().catch(() => {});
    if (this.remote.isConnected && this.remote.paused && this.remote.srcObject !== null) this.play();
  }

  play() {
    this.remote.play().catch((error) => {
      if (error?.name === "NotAllowedError") this.#handlers.onBlocked();
    });
  }
}

/** @param {string} name */
function element(name) {
  const video = document.createElement("video");
  video.className = `video video-${name}`;
  video.autoplay = true;
  video.playsInline = true;
  video.disablePictureInPicture = name === "own";
  return video;
}
