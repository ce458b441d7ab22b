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
  /** The camera that was put out and is to come back. @type {{settings: MediaTrackSettings, blurred: boolean} | null} */
  #resting = null;
  /** Grows with each end of all tracks: what was asked for before gives nothing any more. */
  #era = 0;
  /** What is asked for now. @type {Map<"audio" | "camera", Promise<unknown>>} */
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

  get rests() {
    return this.#resting !== null;
  }

  /** Put the camera out until it is opened again: a track that is only switched off leaves its light on. */
  rest() {
    if (this.#camera === null) return;
    const resting = { settings: this.#camera.getSettings(), blurred: blurOf(this.#camera) === true };
    this.#release(this.#camera);
    this.#resting = resting;
  }

  /**
   * Ask for the devices. Null when a newer request has overtaken this one.
   * @param {Wish} wish
   * @returns {Promise<Captured | null>}
   */
  async open(wish) {
    const barred = barrier();
    if (barred !== null) return this.#report(barred);
    this.stop();
    return this.#once(["audio", "camera"], async (wanted) => this.#keep(await acquire(wish, wanted), wanted));
  }

  /** End all tracks, and forget a request that is still under way. */
  stop() {
    this.#era += 1;
    this.#opening.clear();
    // The one before may never be answered.
    this.#turn = Promise.resolve();
    for (const track of [this.#audio, this.#camera]) track?.stop();
    this.#audio = this.#camera = this.#resting = null;
    for (const track of this.stream.getTracks()) this.stream.removeTrack(track);
  }

  /**
   * Ask for the one that is missing, or dead, and keep the other. None is asked for twice at a time.
   * @param {"audio" | "camera"} kind
   * @returns {Promise<Captured | null>}
   */
  openOne(kind) {
    return this.#once([kind], async (wanted) => {
      const barred = barrier();
      if (barred !== null) return this.#report(barred);
      await inFront();
      if (!wanted()) return null;
      const { settings, blurred } = this.#giveUp(kind);
      const wish = { picture: true, ...(settings.deviceId ? { same: settings.deviceId } : {}) };
      return this.#keep(await get(kind === "audio" ? { audio: microphoneWish(wish) } : { video: cameraWish(wish) }), wanted, blurred);
    });
  }

  /**
   * Change to the other camera, keeping the sound. The old one is stopped first.
   * @returns {Promise<Captured | null>}
   */
  flip() {
    return this.#once(["camera"], async (wanted) => {
      const cameras = await listDevices("videoinput");
      if (!wanted()) return null;
      const { settings } = this.#giveUp("camera");
      const facing = settings.facingMode === "user" ? "environment" : "user";
      const index = cameras.findIndex((one) => one.deviceId === settings.deviceId);
      const next = cameras[(index + 1) % Math.max(1, cameras.length)]?.deviceId;
      const video = cameraWish(settings.facingMode ? { picture: true, facing } : { picture: true, ...(next ? { cameraId: next } : {}) });
      return this.#keep(await get({ video }), wanted);
    });
  }

  /**
   * Change to this device; the other of the two goes on. One that does not start gives way to the one before.
   * @param {"audio" | "camera"} kind @param {string} deviceId
   * @returns {Promise<Captured | null>}
   */
  change(kind, deviceId) {
    return this.#inTurn(async (wanted) => {
      const { settings, blurred } = this.#giveUp(kind);
      const before = settings.deviceId ?? "";
      const changed = await this.#keep(await get(exactly(kind, deviceId)), wanted, blurred);
      if (changed === null || changed.problem === null || before === "") return changed;
      const back = await this.#keep(await get(exactly(kind, before)), wanted, blurred);
      return back === null ? null : { ...back, refused: kind };
    });
  }

  /**
   * One request after the other: two questions at a time confuse the person, and Android opens one camera alone.
   * @param {(wanted: () => boolean) => Promise<Captured | null>} ask `wanted`: the tracks were not ended meanwhile
   * @returns {Promise<Captured | null>}
   */
  #inTurn(ask) {
    const era = this.#era;
    const wanted = () => era === this.#era;
    const asked = this.#turn.then(() => (wanted() ? ask(wanted) : null));
    this.#turn = asked.catch(() => null);
    return asked;
  }

  /** Nothing is asked for that is asked for already. @param {("audio" | "camera")[]} kinds @param {(wanted: () => boolean) => Promise<Captured | null>} ask @returns {Promise<Captured | null>} */
  async #once(kinds, ask) {
    if (kinds.some((kind) => this.#opening.has(kind))) return null;
    const asked = this.#inTurn(ask);
    for (const kind of kinds) this.#opening.set(kind, asked);
    return asked.finally(() => {
      for (const kind of kinds) if (this.#opening.get(kind) === asked) this.#opening.delete(kind);
    });
  }

  /**
   * Take what came beside what runs; nothing of it when it is not wanted any more.
   * @param {Outcome} outcome @param {() => boolean} wanted @param {boolean} [blurred] as the camera before was
   * @returns {Promise<Captured | null>}
   */
  async #keep({ tracks, problem }, wanted, blurred = false) {
    if (!wanted()) {
      for (const track of tracks) track.stop();
      return null;
    }
    for (const track of tracks) this.#take(track);
    if (blurred && this.#camera !== null && blurOf(this.#camera) === false) await blur(this.#camera, true);
    const report = await this.#report(problem);
    return wanted() ? report : null;
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

  /** End the one of this kind, and tell how it was. @param {"audio" | "camera"} kind @returns {{settings: MediaTrackSettings, blurred: boolean}} */
  #giveUp(kind) {
    const track = this.tracks[kind];
    const was = track === null ? null : { settings: track.getSettings(), blurred: kind === "camera" && blurOf(track) === true };
    if (track !== null) this.#release(track);
    const rested = kind === "camera" ? this.#resting : null;
    if (kind === "camera") this.#resting = null;
    return was ?? rested ?? { settings: {}, blurred: false };
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
      camera: this.#camera !== null || this.#resting !== null,
      microphone: this.#audio !== null,
      cameras,
      microphones,
      cameraId: (this.#camera?.getSettings() ?? this.#resting?.settings)?.deviceId ?? "",
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
 * @param {Wish} wish @param {() => boolean} wanted nobody is asked once more for what is not wanted any more
 * @returns {Promise<Outcome>}
 */
async function acquire(wish, wanted) {
  const audio = microphoneWish(wish);
  if (!wish.picture) return get({ audio });
  try {
    return { tracks: await request({ audio, video: cameraWish(wish) }), problem: null };
  } catch (error) {
    const name = /** @type {Error} */ (error).name;
    if (!wanted() || name === "SecurityError" || name === "TypeError") return refused({ audio: true, video: true })(error);
    if (name === "OverconstrainedError" && (wish.cameraId || wish.microphoneId)) return acquire({ picture: true }, wanted);
  }
  // One after the other: two prompts at the same time confuse, and Safari refuses them.
  const sound = await get({ audio });
  const picture = wanted() ? await get({ video: cameraWish(wish) }) : NOTHING;
  const none = sound.problem === "no_microphone" && picture.problem === "no_camera";
  return { tracks: [...sound.tracks, ...picture.tracks], problem: none ? "no_devices" : (sound.problem ?? picture.problem) };
}

/** @type {Outcome} */
const NOTHING = { tracks: [], problem: null };

/** One request, and what became of it. @param {MediaStreamConstraints} wanted */
const get = (wanted) => request(wanted).then(found, refused({ audio: "audio" in wanted, video: "video" in wanted }));

/** @param {MediaStreamTrack[]} tracks @returns {Outcome} */
const found = (tracks) => ({ tracks, problem: null });

/** @param {MediaStreamConstraints} constraints */
const request = async (constraints) => (await navigator.mediaDevices.getUserMedia(constraints)).getTracks();

/** @param {{audio: boolean, video: boolean}} asked @returns {(error: any) => Outcome} */
const refused = (asked) => (error) => ({ tracks: [], problem: classify(error, asked) });
