/**
 * This person's own camera and microphone. Tracks live here from the device check to the end of the visit; a new
 * request stops the old track of the same kind first, because Android cannot open two cameras.
 *
 * @typedef {"blocked" | "blocked_system" | "busy" | "no_camera" | "no_microphone" | "no_devices" | "insecure" | "unsupported" | "failed"} Problem
 * @typedef {import("./device_list.js").Device} Device
 * @typedef {{problem: Problem | null, camera: boolean, microphone: boolean, cameras: Device[], microphones: Device[],
 *   cameraId: string, microphoneId: string, blur: boolean | null, refused: "audio" | "camera" | null}} Captured
 *   `refused`: the one that was chosen did not start, and the one before goes on
 * @typedef {{picture: boolean, cameraId?: string, microphoneId?: string, facing?: "user" | "environment", same?: string}} Wish `same`: this device, if it is there
 */
import { blur, blurOf } from "./blur.js";
import { listDevices } from "./device_list.js";

/**
 * What went wrong, from the error of getUserMedia and what was asked for.
 * @param {{name?: string, message?: string}} error
 * @param {{audio: boolean, video: boolean}} asked
 * @returns {Problem}
 */
export function classify(error, asked) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return /system/i.test(error.message ?? "") ? "blocked_system" : "blocked";
    case "NotFoundError":
    case "OverconstrainedError":
      if (asked.audio && asked.video) return "no_devices";
      return asked.video ? "no_camera" : "no_microphone";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

/** @param {Wish} wish @returns {MediaTrackConstraints} */
const cameraWish = (wish) => ({
  ...(wish.cameraId ? { deviceId: { exact: wish.cameraId } } : wish.same ? { deviceId: { ideal: wish.same } } : { facingMode: { ideal: wish.facing ?? "user" } }),
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
});

/** @param {Wish} wish @returns {MediaTrackConstraints} */
const microphoneWish = (wish) => ({
  ...(wish.microphoneId ? { deviceId: { exact: wish.microphoneId } } : wish.same ? { deviceId: { ideal: wish.same } } : {}),
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
});

export class Capture {
  /** @type {MediaStreamTrack | null} */
  #audio = null;
  /** @type {MediaStreamTrack | null} */
  #camera = null;
  #asked = 0;
  /** Grows with each end of all tracks. */
  #era = 0;
  /** @type {Map<"audio" | "camera", Promise<unknown>>} */
  #opening = new Map();
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();
  #onEnded;
  /** The own picture, for a video element. It stays the same object. */
  stream = new MediaStream();

  /** @param {(kind: "audio" | "camera") => void} onEnded the system took the device away */
  constructor(onEnded) {
    this.#onEnded = onEnded;
  }

  get tracks() {
    return { audio: this.#audio, camera: this.#camera };
  }

  /**
   * Ask for the devices. Null when a newer request has overtaken this one.
   * @param {Wish} wish
   * @returns {Promise<Captured | null>}
   */
  async open(wish) {
    const asked = ++this.#asked;
    const barred = barrier();
    if (barred !== null) return this.#report(barred);
    this.stop();
    this.#asked = asked;
    const { tracks, problem } = await acquire(wish);
    if (asked !== this.#asked) {
      for (const track of tracks) track.stop();
      return null;
    }
    for (const track of tracks) this.#take(track);
    return this.#report(problem);
  }

  /** End all tracks, and forget a request that is still under way. */
  stop() {
    this.#asked += 1;
    this.#era += 1;
    this.#opening.clear();
    for (const track of [this.#audio, this.#camera]) track?.stop();
    this.#audio = this.#camera = null;
    for (const track of this.stream.getTracks()) this.stream.removeTrack(track);
  }

  /**
   * Ask for the one that is missing, or dead, and keep the other. Two are asked for one after the other, and none twice at a time.
   * @param {"audio" | "camera"} kind
   * @returns {Promise<Captured | null>}
   */
  async openOne(kind) {
    if (this.#opening.has(kind)) return null;
    const era = this.#era;
    const opened = this.#turn.then(() => this.#reopen(kind, era));
    this.#turn = opened.catch(() => null);
    this.#opening.set(kind, opened);
    return opened.finally(() => this.#opening.get(kind) === opened && this.#opening.delete(kind));
  }

  /** @param {"audio" | "camera"} kind @param {number} era @returns {Promise<Captured | null>} */
  async #reopen(kind, era) {
    const barred = barrier();
    if (barred !== null) return this.#report(barred);
    await inFront();
    if (era !== this.#era) return null;
    const asked = ++this.#asked;
    const old = kind === "audio" ? this.#audio : this.#camera;
    const same = old?.getSettings().deviceId;
    if (old !== null) this.#release(old);
    const wish = { picture: true, ...(same ? { same } : {}) };
    return this.#add(asked, kind === "audio" ? { audio: microphoneWish(wish) } : { video: cameraWish(wish) });
  }

  /**
   * Change to the other camera, keeping the sound. The old one is stopped first.
   * @returns {Promise<Captured | null>}
   */
  async flip() {
    const settings = this.#camera?.getSettings() ?? {};
    const asked = ++this.#asked;
    const cameras = await listDevices("videoinput");
    if (this.#camera !== null) this.#release(this.#camera);
    const facing = settings.facingMode === "user" ? "environment" : "user";
    const index = cameras.findIndex((one) => one.deviceId === settings.deviceId);
    const next = cameras[(index + 1) % Math.max(1, cameras.length)]?.deviceId;
    const video = cameraWish(settings.facingMode ? { picture: true, facing } : { picture: true, ...(next ? { cameraId: next } : {}) });
    return this.#add(asked, { video });
  }

  /**
   * Change to this device; the other of the two goes on. One that does not start gives way to the one before.
   * @param {"audio" | "camera"} kind @param {string} deviceId
   * @returns {Promise<Captured | null>}
   */
  async change(kind, deviceId) {
    const asked = ++this.#asked;
    const old = kind === "audio" ? this.#audio : this.#camera;
    const before = old?.getSettings().deviceId ?? "";
    const blurred = kind === "camera" && blurOf(old) === true;
    if (old !== null) this.#release(old);
    const changed = await this.#add(asked, exactly(kind, deviceId), blurred);
    if (changed === null || changed.problem === null || before === "") return changed;
    const back = await this.#add(asked, exactly(kind, before), blurred);
    return back === null ? null : { ...back, refused: kind };
  }

  /**
   * Ask for one more track beside those that run. Null when a newer request has overtaken this one.
   * @param {number} asked @param {MediaStreamConstraints} wanted @param {boolean} [blurred] as the camera before was
   * @returns {Promise<Captured | null>}
   */
  async #add(asked, wanted, blurred = false) {
    const { tracks, problem } = await request(wanted).then(found, refused({ audio: "audio" in wanted, video: "video" in wanted }));
    if (asked !== this.#asked) {
      for (const track of tracks) track.stop();
      return null;
    }
    for (const track of tracks) this.#take(track);
    if (blurred && this.#camera !== null && blurOf(this.#camera) === false) await blur(this.#camera, true);
    return this.#report(problem);
  }

  /** @param {MediaStreamTrack} track */
  #take(track) {
    const kind = track.kind === "audio" ? "audio" : "camera";
    if (kind === "audio") this.#audio = track;
    else {
      this.#camera = track;
      this.stream.addTrack(track);
    }
    track.addEventListener("ended", () => {
      if (this.#audio === track || this.#camera === track) this.#onEnded(kind);
    });
  }

  /** @param {MediaStreamTrack} track */
  #release(track) {
    if (this.#audio === track) this.#audio = null;
    if (this.#camera === track) this.#camera = null;
    this.stream.removeTrack(track);
    track.stop();
  }

  /** @param {Problem | null} problem @returns {Promise<Captured>} */
  async #report(problem) {
    const [cameras, microphones] = await Promise.all([listDevices("videoinput"), listDevices("audioinput")]);
    return {
      problem,
      camera: this.#camera !== null,
      microphone: this.#audio !== null,
      cameras,
      microphones,
      cameraId: this.#camera?.getSettings().deviceId ?? "",
      microphoneId: this.#audio?.getSettings().deviceId ?? "",
      blur: blurOf(this.#camera),
      refused: null,
    };
  }
}

/** A page that nobody looks at is given nothing, or on iPhones a track that is dead from the beginning. */
async function inFront() {
  while (document.visibilityState !== "visible") await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
}

/** @param {"audio" | "camera"} kind @param {string} id @returns {MediaStreamConstraints} */
const exactly = (kind, id) =>
  kind === "audio" ? { audio: microphoneWish({ picture: false, microphoneId: id }) } : { video: cameraWish({ picture: true, cameraId: id }) };

/** What keeps this page from any device. Without a path to send them on they are of no use. @returns {Problem | null} */
function barrier() {
  if (navigator.mediaDevices?.getUserMedia === undefined) return window.isSecureContext ? "unsupported" : "insecure";
  return globalThis.RTCPeerConnection === undefined ? "unsupported" : null;
}

/** @typedef {{tracks: MediaStreamTrack[], problem: Problem | null}} Outcome */

/**
 * Both at once (one permission question); when that fails because of one of them, each apart.
 * @param {Wish} wish
 * @returns {Promise<Outcome>}
 */
async function acquire(wish) {
  const audio = microphoneWish(wish);
  if (!wish.picture) return request({ audio }).then(found, refused({ audio: true, video: false }));
  try {
    return { tracks: await request({ audio, video: cameraWish(wish) }), problem: null };
  } catch (error) {
    const name = /** @type {Error} */ (error).name;
    if (name === "OverconstrainedError" && (wish.cameraId || wish.microphoneId)) return acquire({ picture: true });
    if (name === "SecurityError" || name === "TypeError") return refused({ audio: true, video: true })(error);
  }
  // One after the other: two prompts at the same time confuse, and Safari refuses them.
  const sound = await request({ audio }).then(found, refused({ audio: true, video: false }));
  const picture = await request({ video: cameraWish(wish) }).then(found, refused({ audio: false, video: true }));
  const none = sound.problem === "no_microphone" && picture.problem === "no_camera";
  return { tracks: [...sound.tracks, ...picture.tracks], problem: none ? "no_devices" : (sound.problem ?? picture.problem) };
}

/** @param {MediaStreamTrack[]} tracks @returns {Outcome} */
const found = (tracks) => ({ tracks, problem: null });

/** @param {MediaStreamConstraints} constraints */
const request = async (constraints) => (await navigator.mediaDevices.getUserMedia(constraints)).getTracks();

/** @param {{audio: boolean, video: boolean}} asked @returns {(error: any) => Outcome} */
const refused = (asked) => (error) => ({ tracks: [], problem: classify(error, asked) });
