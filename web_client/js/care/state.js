/** The care team's page at its beginning, and what can be read from its state on every screen. */

import { NO_SCENE } from "../media/scene.js";
import { NO_CHOICES, NO_TOOLS } from "../media/tools.js";
import { NO_TALK } from "../talk.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Row} Row */

/** @type {import("./types.js").Devices} */
export const NO_DEVICES = { asking: false, problem: null, camera: false, microphone: false, ...NO_CHOICES };

/** How long before the sign-off the page asks whether somebody is still there. */
const WARNING_S = 60;

/** @param {import("./types.js").Opening} opening @returns {State} */
export function initialState({ token, held, language, silent, alerts, introduced = false, now, front = true, clinic = null, muted = false, cameraOff = false, large = false, left = null }) {
  return {
    screen: token === null ? "signin" : "queue", language, token, busy: false, failing: null, failedAt: 0, clinic, snapshot: null, rows: new Map(), shown: [],
    filter: { text: "", waiting: false }, pointedAt: 0, readiness: null, colleagues: null, link: "off", media: "none", offset_ms: 0, now,
    selected: null, asked: null, askedAt: now, held, arrivals: [], news: null, silent, alerts, introduced, front, touchedAt: now, activeAt: now, dialog: null, looked: [], said: null,
    devices: NO_DEVICES, mended: [], muted, cameraOff, soundBlocked: false, scene: NO_SCENE, otherSince: now, tools: { ...NO_TOOLS, large }, talk: NO_TALK, left,
  };
}

/** @param {State} state @returns {Row | null} */
export const selectedRow = (state) => (state.selected === null ? null : (state.rows.get(state.selected) ?? null));

/** What is said in writing in the visit, and who this is. @param {State} state @returns {import("../talk.js").Place} */
export const placeOf = ({ snapshot }) => ({ talk: snapshot?.visit?.talk ?? null, me: snapshot?.visit?.me.id ?? "" });

/** @param {State} state */
export const serverNow = (state) => state.now + state.offset_ms;

/** The clinic's time zone. @param {State} state */
export const zoneOf = (state) => state.snapshot?.clinic.time_zone ?? "UTC";

/** Whether this person wants a tone for news. @param {State} state */
export const hasSound = (state) => !state.silent.includes(state.snapshot?.me.username ?? "");

/** Nurses and providers: those who may be in a visit. @param {State} state */
export const isClinician = (state) => state.snapshot?.me.role === "nurse" || state.snapshot?.me.role === "provider";

/**
 * How many seconds are left before the server signs this person off, once it is time to ask whether they are still there.
 * Nobody is asked in a visit: there the server counts them as at work.
 * @param {State} state
 */
export function signOffIn(state) {
  if (state.snapshot === null || state.snapshot.visit !== null) return null;
  const { idle_after_s } = state.snapshot;
  const left = idle_after_s - Math.floor((state.now - state.activeAt) / 1000);
  return left <= Math.min(WARNING_S, idle_after_s / 2) ? Math.max(0, left) : null;
}
