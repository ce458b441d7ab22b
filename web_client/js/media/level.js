/** How loud the own microphone is, and the two sounds a page makes. One AudioContext for all of it. */

/** @type {AudioContext | null} */
let context = null;

/** Make or wake the AudioContext. Call it from a tap: Safari and Chrome keep it asleep otherwise. */
export function wakeAudio() {
  context ??= new AudioContext();
  if (context.state !== "running") void context.resume().catch(() => {});
  return context;
}

/**
 * Follow a microphone's level until the returned function is called.
 * @param {MediaStreamTrack} track @param {(level: number) => void} onLevel 0 (silent) to 1, ten times a second
 * @returns {() => void}
 */
export function followLevel(track, onLevel) {
  const audio = wakeAudio();
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(levelOf(samples));
  }, 100);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}

/**
 * The root mean square on a scale of decibels: −60 dB and below is 0, −10 dB and above is 1.
 * @param {Float32Array} samples
 */
export function levelOf(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  return Math.min(1, Math.max(0, (20 * Math.log10(rms + 1e-9) + 60) / 50));
}

/** Two soft notes, upwards: someone is here. */
export function playChime() {
  const audio = wakeAudio();
  for (const [index, frequency] of [523.25, 783.99].entries()) {
    const at = audio.currentTime + 0.02 + index * 0.22;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.18, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.65);
  }
}
