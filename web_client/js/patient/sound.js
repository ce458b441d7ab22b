/** The speaker, after camera and microphone: a sound is played, and the person says whether it was heard. */
import { TOOL_STEPS } from "../media/tools.js";
import { goOn } from "./check_in.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./moves.js").Step} Step */

/** @type {Record<string, (state: State, event: any) => Step>} */
export const SOUND = {
  play_tapped: (state) => [{ ...state, sound: { ...state.sound, refused: false } }, [{ type: "testSound" }]],

  sound_refused: (state) => [{ ...state, sound: { ...state.sound, refused: true } }, []],

  /** Another speaker is tried at once. */
  speaker_set(state, event) {
    const taken = /** @type {(state: State, event: any) => Step} */ (TOOL_STEPS.speaker_set);
    const [next] = taken(state, event);
    return [next, state.screen === "sound" && event.taken ? [{ type: "testSound" }] : []];
  },

  sound_heard_tapped(state) {
    const [next, effects] = goOn({ ...state, sound: { ...state.sound, known: true, said: "heard" } });
    return [next, [{ type: "keepHeard" }, ...effects]];
  },

  sound_unheard_tapped: (state) => [{ ...state, sound: { ...state.sound, known: false, said: "silent" } }, []],
};
