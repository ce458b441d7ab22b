/** Signing in and out, the sign-off of a screen that nobody uses, and what this person wants of the page. */
import { NO_DEVICES, hasSound, signOffIn } from "../state.js";
import { layOut } from "../queue.js";
import { failingOf, request } from "../requests.js";
import { givenUp } from "./admission.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Step} Step */

/** How often the server is told that a person does something here. */
const TOLD_EVERY_MS = 60_000;

/** How long a refusal stands above the page. */
const SAID_FOR_MS = 15_000;

/** @type {import("../types.js").Handlers} */
export const SESSION = {
  opened: (state) => (state.token === null ? [state, []] : [state, [{ type: "connect", token: state.token }]]),

  sign_in_tapped(state, { username, password }) {
    if (state.busy) return [state, []];
    return [{ ...state, busy: true, failing: null }, [{ type: "signIn", username, password }, { type: "wakeAudio" }]];
  },

  signed_in(state, { answer }) {
    if ("error" in answer) return [{ ...state, busy: false, failing: failingOf(answer.error) }, []];
    const { token } = answer.ok;
    return [{ ...state, busy: false, failing: null, token, screen: "queue" }, [{ type: "keepToken", token }, { type: "connect", token }]];
  },

  sign_out_tapped(state) {
    const [next, effects] = signedOut(state, null);
    return [next, state.token === null ? effects : [{ type: "signOut", token: state.token }, ...effects]];
  },

  ended: (state, { code }) => signedOut(state, code),

  link: (state, { status }) => [{ ...state, link: status }, []],

  tick(state, { now }) {
    const [next, effects] = givenUp(layOut({ ...state, now, failing: isStale(state, now) ? null : state.failing }));
    const [after, more] = told(next);
    return [after, [...effects, ...more]];
  },

  active(state, { now }) {
    // Every key and every move comes here; only what the page shows or tells is worth a new state.
    if (now - state.touchedAt < 1000 && signOffIn(state) === null) return [state, []];
    return told({ ...state, now, touchedAt: now });
  },

  front: (state, { front }) => [{ ...state, front }, []],

  tone_tapped(state) {
    const me = state.snapshot?.me.username ?? "";
    const silent = hasSound(state) ? [...state.silent, me] : state.silent.filter((one) => one !== me);
    return [{ ...state, silent }, [{ type: "wakeAudio" }, { type: "keepSilent", silent }]];
  },

  alerts_tapped: (state) => [state, [{ type: "askForAlerts" }]],

  alerts_answered: (state, { alerts }) => [{ ...state, alerts }, []],

  language_chosen: (state, { language }) => [{ ...state, language }, [{ type: "language", language }]],

  failure_closed: (state) => [{ ...state, failing: null }, []],
};

/** At the sign-in it stays until somebody tries again: it says why they are there. @param {State} state @param {number} now */
const isStale = ({ screen, failing, failedAt }, now) => failing !== null && screen !== "signin" && now - failedAt >= SAID_FOR_MS;

/**
 * Tell the server that somebody is here: at most once a minute, and no input is lost, however it falls between two tellings.
 * @param {State} state @returns {Step}
 */
function told(state) {
  if (state.snapshot?.visit) return [{ ...state, activeAt: state.now }, []];
  const due = state.now - state.activeAt >= TOLD_EVERY_MS || signOffIn(state) !== null;
  if (!due || state.touchedAt <= state.activeAt || state.link !== "connected" || state.snapshot === null) return [state, []];
  return [{ ...state, activeAt: state.now }, [request("presence.active", {})]];
}

/** @param {State} state @param {string | null} code why, when it was not a tap @returns {Step} */
function signedOut(state, code) {
  return [
    { ...state, screen: "signin", token: null, snapshot: null, rows: new Map(), shown: [], filter: { text: "", waiting: false }, readiness: null,
      colleagues: null, selected: null, asked: null, held: null, arrivals: [], news: null, dialog: null, devices: NO_DEVICES, muted: false,
      cameraOff: false, link: "off", busy: false, failing: code === null ? null : { code } },
    [{ type: "closeMedia" }, { type: "disconnect" }, { type: "releaseDevices" }, { type: "forgetToken" }, { type: "keepVisit", visit: null }, { type: "keepAwake", on: false }],
  ];
}
