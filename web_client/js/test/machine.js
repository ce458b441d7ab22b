/**
 * The test page as one pure function: `step(state, event) → [state, effects]`.
 *
 *     start ─► devices ─► sound ─► ended
 *       ▲         ▲ problem          │
 *       └─────────┴───── Try again ──┘
 */

/** @typedef {"start" | "devices" | "sound" | "ended"} Screen as the probe names them: `sound` is the call, `ended` the result */
/** @typedef {import("./call.js").Result} Result */
/** @typedef {import("../i18n.js").Language} Language */
/**
 * @typedef {object} State
 * @property {Screen} screen
 * @property {Language} language
 * @property {import("../net/messages.js").Clinic | null} clinic
 * @property {number} now
 * @property {"idle" | "asking" | "done"} asking
 * @property {boolean} slow the permission question has not been settled for a while
 * @property {import("../media/devices.js").Problem | null} problem
 * @property {boolean} camera
 * @property {boolean} microphone
 * @property {boolean} heard the microphone has once risen to the loudness of speech
 * @property {import("../media/types.js").MediaStatus} media
 * @property {number | null} connectedAt
 * @property {boolean} pictured the returned picture is on the screen
 * @property {boolean} soundBlocked the browser plays nothing before a tap
 * @property {Result | null} result
 * @property {import("../net/messages.js").TestVerdict | null} details
 * @property {boolean | null} soundWorks what the person said; null: nothing yet
 * @property {"copied" | "uncopied" | null} link what became of the tap that copies it
 * @property {boolean} running the call goes on: picture and sound still come back
 */
/** @typedef {{type: string, [fact: string]: any}} Event */
/** @typedef {{type: "capture"} | {type: "call"} | {type: "stop"} | {type: "play"} | {type: "copyLink"} | {type: "language", language: Language}} Effect */
/** @typedef {[State, Effect[]]} Step */

/** @type {Pick<State, "asking" | "slow" | "problem" | "camera" | "microphone" | "heard" | "media" | "connectedAt" | "pictured" | "soundBlocked" | "result" | "details" | "soundWorks" | "running" | "link">} */
const FRESH = {
  asking: "idle", slow: false, problem: null, camera: false, microphone: false, heard: false, media: "none", connectedAt: null, pictured: false,
  soundBlocked: false, result: null, details: null, soundWorks: null, running: false, link: null,
};

/** @param {{language: Language, clinic: State["clinic"], now: number}} opening @returns {State} */
export const initialState = (opening) => ({ screen: "start", ...opening, ...FRESH });

/** @type {Record<string, (state: State, event: any) => Step>} */
const HANDLERS = {
  tick: (state, { now }) => [{ ...state, now }, []],

  language_chosen: (state, { language }) => [{ ...state, language }, [{ type: "language", language }]],

  start_tapped: (state) => (state.screen === "start" ? ask(state, []) : [state, []]),

  again_tapped: (state) => (state.screen === "devices" || state.screen === "ended" ? ask(state, [{ type: "stop" }]) : [state, []]),

  slow: (state) => [state.asking === "asking" ? { ...state, slow: true } : state, []],

  captured(state, { result: { problem, camera, microphone } }) {
    const found = { ...state, asking: /** @type {const} */ ("done"), slow: false, problem, camera, microphone };
    if (state.screen !== "devices") return [state, []];
    if (!camera && !microphone) return [found, []];
    return [{ ...found, screen: "sound", running: true }, [{ type: "call" }]];
  },

  heard: (state) => [state.heard ? state : { ...state, heard: true }, []],

  media: (state, { status }) => [
    { ...state, media: status, connectedAt: status === "connected" ? (state.connectedAt ?? state.now) : state.connectedAt }, [],
  ],

  pictured: (state) => [state.pictured ? state : { ...state, pictured: true }, []],

  sound_blocked: (state) => [{ ...state, soundBlocked: true }, []],

  sound_tapped: (state) => [{ ...state, soundBlocked: false }, [{ type: "play" }]],

  result: (state, { result, details }) => (state.screen === "sound" ? [{ ...state, screen: "ended", result, details }, []] : [state, []]),

  over: (state) => [{ ...state, running: false }, [{ type: "stop" }]],

  // Who has answered needs no sound any more, and the line is free again.
  sound_judged: (state, { works }) => [{ ...state, soundWorks: works, running: false }, [{ type: "stop" }]],

  copy_link_tapped: (state) => [state, [{ type: "copyLink" }]],

  link_copied: (state, { copied }) => [{ ...state, link: copied ? "copied" : "uncopied" }, []],
};

/** @param {State} state @param {Effect[]} effects @returns {Step} */
const ask = (state, effects) => [{ ...state, ...FRESH, screen: "devices", asking: "asking" }, [...effects, { type: "capture" }]];

/**
 * One step. The same state object comes back when nothing changed.
 * @param {State} state @param {Event} event
 * @returns {Step}
 */
export function step(state, event) {
  const handler = HANDLERS[event.type];
  if (handler === undefined) throw new Error(`No transition for ${event.type}.`);
  return handler(state, event);
}
