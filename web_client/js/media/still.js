/**
 * A still photo at the full size of the camera, while the visit's picture goes on: the sensor's own photo where the browser
 * gives it, else a frame of the track at its largest, after which it is as it was, else the picture as it is.
 *
 * Whatever it comes from is drawn anew: so it is upright, and nothing in it tells where or with what it was taken.
 */

/** As much as the server takes. */
const LARGEST = 8 * 1024 * 1024;
/** The largest canvas of iPhones. */
const MOST_PIXELS = 16_777_216;
const QUALITIES = [0.92, 0.85, 0.75];
const SMALLER = 0.7;
/** Some phones never answer. */
const PHOTO_MS = 8000;
const FRAME_MS = 3000;

/** @param {MediaStreamTrack} camera @returns {Promise<Blob>} a JPEG. Throws where nothing can be had. */
export async function takeStill(camera) {
  const photo = await photoOf(camera).catch(() => null);
  // Some browsers call a frame of the running picture a photo.
  const frame = photo !== null && pixels(photo) >= offered(camera) ? null : await largestFrame(camera).catch(() => null);
  const found = [photo, frame].filter((one) => one !== null).sort((one, other) => pixels(other) - pixels(one));
  try {
    if (found[0] === undefined) throw new Error("The camera gives no picture.");
    return await encode(found[0]);
  } finally {
    for (const one of found) one.close();
  }
}

/**
 * An image upright, as a JPEG that the server takes. Throws for what the browser can not show.
 * @param {Blob} image @returns {Promise<Blob>}
 */
export async function redraw(image) {
  const bitmap = await createImageBitmap(image);
  try {
    return await encode(bitmap);
  } finally {
    bitmap.close();
  }
}

/** @param {ImageBitmap} bitmap */
const pixels = ({ width, height }) => width * height;

/** How many pixels the camera says that its largest frame has. @param {MediaStreamTrack} camera */
function offered(camera) {
  const { width, height } = camera.getCapabilities?.() ?? {};
  return (width?.max ?? 0) * (height?.max ?? 0);
}

/**
 * The size at which a picture is drawn: its own, unless it has more pixels than a canvas may have.
 * @param {number} width @param {number} height @param {number} [shrink]
 */
export function drawnSize(width, height, shrink = 1) {
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height))) * shrink;
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/** @param {MediaStreamTrack} camera @returns {Promise<ImageBitmap | null>} null: this browser takes none */
async function photoOf(camera) {
  const { ImageCapture } = /** @type {any} */ (window);
  if (ImageCapture === undefined) return null;
  const capture = new ImageCapture(camera);
  const { imageWidth } = await inTime(capture.getPhotoCapabilities(), PHOTO_MS);
  return createImageBitmap(await inTime(capture.takePhoto(imageWidth?.max ? { imageWidth: imageWidth.max } : {}), PHOTO_MS));
}

/** @param {MediaStreamTrack} camera @returns {Promise<ImageBitmap>} */
async function largestFrame(camera) {
  const before = camera.getConstraints();
  const { width, height } = camera.getCapabilities?.() ?? {};
  const video = document.createElement("video");
  try {
    // Not on a clone: Chromium opens a camera larger only where a single track uses it. One that refuses gives what it gives now.
    if (width?.max && height?.max) await camera.applyConstraints({ ...before, width: { ideal: width.max }, height: { ideal: height.max } }).catch(() => {});
    video.muted = video.playsInline = true;
    video.srcObject = new MediaStream([camera]);
    await inTime(video.play(), FRAME_MS);
    await sizeCame(video, camera);
    return await createImageBitmap(video);
  } finally {
    video.srcObject = null;
    await camera.applyConstraints(before).catch(() => {});
  }
}

/** The first frames may still have the former size. @param {HTMLVideoElement} video @param {MediaStreamTrack} track */
async function sizeCame(video, track) {
  const wanted = Math.max(track.getSettings().width ?? 0, track.getSettings().height ?? 0);
  const late = performance.now() + FRAME_MS;
  while (Math.max(video.videoWidth, video.videoHeight) < wanted && performance.now() < late) await new Promise((done) => setTimeout(done, 50));
}

/** @param {ImageBitmap} picture @returns {Promise<Blob>} */
async function encode(picture) {
  for (let shrink = 1; shrink > 0.1; shrink *= SMALLER) {
    const canvas = Object.assign(document.createElement("canvas"), drawnSize(picture.width, picture.height, shrink));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      /** @type {Blob | null} */
      const still = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (still !== null && still.size <= LARGEST) return still;
    }
  }
  throw new Error("The picture can not be made small enough.");
}

/** @template T @param {Promise<T>} answer @param {number} ms @returns {Promise<T>} */
function inTime(answer, ms) {
  return Promise.race([answer, new Promise((_, fail) => setTimeout(() => fail(new Error("late")), ms))]);
}
