/** The sound that tells whether a speaker works: four soft notes upwards, made here, as a file that an audio element plays. */

const RATE = 24_000;
const LENGTH_S = 1.7;
const STEP_S = 0.25;
/** Where the small speaker of a phone is loud, and an old ear still hears well. */
const NOTES = [523.25, 659.26, 783.99, 1046.5];
const LOUDEST = 0.8;

/** One note with its octave, struck like a bell. @param {number} hertz @param {number} at seconds since it was struck */
const struck = (hertz, at) =>
  at < 0 ? 0 : Math.min(1, at / 0.01) * Math.exp(-3.5 * at) * (Math.sin(2 * Math.PI * hertz * at) + 0.3 * Math.sin(4 * Math.PI * hertz * at));

/** The sound as samples, −1 to 1, `RATE` a second. */
export function samples() {
  const sums = Float32Array.from({ length: RATE * LENGTH_S }, (_, index) =>
    NOTES.reduce((sum, hertz, note) => sum + struck(hertz, index / RATE - note * STEP_S), 0),
  );
  const most = sums.reduce((peak, sum) => Math.max(peak, Math.abs(sum)), 0);
  return sums.map((sum) => (LOUDEST * sum) / most);
}

/** The sound as a WAV file: 16 bits, one channel. */
export function soundFile() {
  const sound = samples();
  const view = new DataView(new ArrayBuffer(44 + sound.length * 2));
  const letters = (/** @type {number} */ at, /** @type {string} */ text) => [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  letters(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  letters(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  letters(36, "data");
  view.setUint32(40, sound.length * 2, true);
  sound.forEach((sample, index) => view.setInt16(44 + index * 2, Math.round(sample * 32_767), true));
  return new Blob([view], { type: "audio/wav" });
}
