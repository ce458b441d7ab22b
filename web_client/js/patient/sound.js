/**
 * The speaker, after camera and microphone: a sound is played, and the person says whether it was heard. Then, for who wants
 * it, the own voice: a test call that gives it back. Neither keeps anybody out.
 */
import { TOOL_STEPS } from "../media/tools.js";
import { goOn } from "./check_in.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Effect} Effect */
/** @typedef {import("./types.js").Sound} Sound */
/** @typedef {import("./moves.js").Step} Step */

/** @type {Record<string, (state: State, event: any) => Step>} */
export const SOUND = {
  play_tapped: (state) => [having(state, { refused: false }), [{ type: "testSound" }]],

  sound_refused: (state) => [having(state, { refused: true }), []],

  /** Another speaker is tried at once. */
  speaker_set(state, event) {
    const taken = /** @type {(state: State, event: any) => Step} */ (TOOL_STEPS.speaker_set);
    const [next] = taken(state, event);
    return [next, state.screen === "sound" && state.sound.echo === null && event.taken ? [{ type: "testSound" }] : []];
  },

  /** Who hears themselves hears the speaker too. */
  sound_heard_tapped(state) {
    const { echo, self } = state.sound;
    const [next, effects] = goOn(having(state, { known: true, said: "heard", self: echo === null ? self : "heard" }));
    return [next, [{ type: "keepHeard" }, ...effects]];
  },

  sound_unheard_tapped: (state) => [having(state, state.sound.echo === null ? { known: false, said: "silent" } : { self: "silent" }), []],

  /** While the call goes on this is the tap that lets its sound be played. */
  echo_tapped: (state) => [
    having(state, { echo: calls(state) ? state.sound.echo : "calling", refused: false }), [{ type: "wakeAudio" }, ...(calls(state) ? [{ type: /** @type {const} */ ("playEcho") }] : [])],
  ],

  echo_came: (state) => [state.sound.echo === "calling" ? having(state, { echo: "speaking" }) : state, []],

  echo_over: (state, { code }) => [calls(state) ? having(state, { echo: code === "over" ? "over" : code === "too_many_requests" ? "busy" : "failed" }) : state, []],
};

/** @param {State} state @param {Partial<Sound>} change @returns {State} */
const having = (state, change) => ({ ...state, sound: { ...state.sound, ...change } });

/** The test call goes on. @param {State} state */
const calls = ({ screen, sound: { echo } }) => screen === "sound" && (echo === "calling" || echo === "speaking");

/** Whoever leaves the screen leaves the call, whatever leads away. @param {State} before @param {State} after @returns {Effect[]} */
export function echoCall(before, after) {
  if (calls(before) === calls(after)) return [];
  return [calls(after) ? { type: "callEcho", token: after.token } : { type: "endEcho" }];
}
