/** How loud the own microphone is, whether it gives anything at all, and the two sounds a page makes. One AudioContext for all of it. */

/** @type {AudioContext | null} */
let context = null;

/** Make or wake the AudioContext. Call it from a tap: Safari and Chrome keep it asleep otherwise. */
export function wakeAudio() {
  context ??= new AudioContext();
  if (context.state !== "running") void context.resume().catch(() => {});
  return context;
}

export const audioRuns = () => context?.state === "running";

/** Tells a microphone that gives anything at all, if only the noise of a room, from one of digital silence. */
export class StirMeter {
  /** @type {MediaStreamTrack | null} */
  #track = null;
  /** @type {{source: MediaStreamAudioSourceNode, analyser: AnalyserNode} | null} */
  #ear = null;
  #count = 0;

  /** How often anything was heard of this track so far; null while nobody can listen. @param {MediaStreamTrack | null} track */
  count(track) {
    if (track !== this.#track) {
      this.#ear?.source.disconnect();
      [this.#track, this.#ear] = [track, null];
    }
    if (context === null || track === null || !audioRuns()) return null;
    this.#ear ??= attend(context, track, 32_768);
    if (samplesOf(this.#ear.analyser).some((sample) => sample !== 0)) this.#count += 1;
    return this.#count;
  }
}

/** @param {AudioContext} audio @param {MediaStreamTrack} track @param {number} samples how many the analyser looks back */
function attend(audio, track, samples) {
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = samples;
  source.connect(analyser);
  return { source, analyser };
}

/** @param {AnalyserNode} analyser */
function samplesOf(analyser) {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return samples;
}

/**
 * Follow a microphone's level until the returned function is called.
 * @param {MediaStreamTrack} track @param {(level: number) => void} onLevel 0 (silent) to 1, ten times a second
 * @returns {() => void}
 */
export function followLevel(track, onLevel) {
  const { source, analyser } = attend(wakeAudio(), track, 512);
  const timer = setInterval(() => onLevel(levelOf(samplesOf(analyser))), 100);
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
