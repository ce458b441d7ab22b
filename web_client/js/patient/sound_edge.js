/** The test sound meets the browser here. It is played as the visit is: by a media element, through the chosen speaker. */
import { soundFile } from "../media/test_sound.js";
import { keepHeard } from "./heard.js";

/** @typedef {{type: "testSound"} | {type: "keepHeard"}} SoundEffect */

/** Made once: iPhones let an element that a tap has started play again. @type {HTMLAudioElement | null} */
let sound = null;

/**
 * @param {SoundEffect} effect @param {import("../media/speaker.js").Speaker} speaker
 * @param {(event: {type: string}) => void} dispatch
 */
export function run(effect, speaker, dispatch) {
  if (effect.type === "keepHeard") return keepHeard(speaker.id);
  sound ??= make(speaker);
  sound.currentTime = 0;
  sound.play().catch((error) => {
    // A second tap may break off the first one's start.
    if (error?.name !== "AbortError") dispatch({ type: "sound_refused" });
  });
}

/** @param {import("../media/speaker.js").Speaker} speaker */
function make(speaker) {
  const made = new Audio(URL.createObjectURL(soundFile()));
  speaker.add(made);
  return made;
}
