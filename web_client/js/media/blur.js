/** A blurred background, where browser and camera do it themselves. */

/** @typedef {any} Loose what the checker's own library does not know yet */

/**
 * Whether the background is blurred; null where it can not be switched.
 * @param {MediaStreamTrack | null} camera
 * @returns {boolean | null}
 */
export function blurOf(camera) {
  const offered = /** @type {Loose} */ (camera?.getCapabilities?.())?.backgroundBlur ?? [];
  if (!offered.includes(true) || !offered.includes(false)) return null;
  return /** @type {Loose} */ (camera?.getSettings()).backgroundBlur === true;
}

/** @param {MediaStreamTrack} camera @param {boolean} on */
export const blur = (camera, on) =>
  camera.applyConstraints(/** @type {Loose} */ ({ ...camera.getConstraints(), backgroundBlur: on })).catch(() => {});
