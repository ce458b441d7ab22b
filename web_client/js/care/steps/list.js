/** The list and what is open beside it: choosing, looking for a name, writing, the note, the call list. */
import { dayOf, nextDay } from "../clinic_days.js";
import { layOut } from "../queue.js";
import { request } from "../requests.js";
import { serverNow, zoneOf } from "../state.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Step} Step */

/** The same words to the same person so soon after are a second tap, not a second message. */
const TWICE_MS = 4000;

/** @type {import("../types.js").Handlers} */
export const LIST = {
  row_chosen(state, { visit }) {
    // A row that stands still under the pointer may be gone already.
    if (!state.rows.has(visit)) return [state, []];
    const opened = { ...state, screen: /** @type {const} */ ("preview"), selected: visit, failing: null, arrivals: state.arrivals.filter((one) => one !== visit) };
    const again = state.screen === "preview" && state.selected === visit;
    return [opened, again ? [] : [request("visit.look", { visit })]];
  },

  row_moved(state, { from, by }) {
    const rows = state.shown;
    const at = rows.findIndex((row) => row.visit === (from ?? state.selected));
    const to = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    return [state, to === undefined ? [] : [{ type: "focus", id: `row-${to.visit}` }]];
  },

  back_tapped: (state) => [{ ...state, screen: "queue", selected: null, failing: null }, []],

  /** The list takes rows in and lets them go again a moment after this; `tick` sees to it. */
  pointed: (state, { now }) => [{ ...state, pointedAt: now }, []],

  filter_changed: (state, { filter }) => [layOut({ ...state, filter: { ...state.filter, ...filter }, pointedAt: 0 }), []],

  message_tapped: (state, { participant }) => [state, [{ type: "focus", id: `message-${participant}` }]],

  message_sent(state, { visit, participant, text, canned }) {
    if (!canned && text.trim() === "") return [state, []];
    const words = `${participant} ${canned ?? text.trim()}`;
    if (state.said?.words === words && state.now - state.said.at < TWICE_MS) return [state, []];
    return [{ ...state, failing: null, said: { words, at: state.now } }, [request("message.send", { visit, participant, ...(canned ? { canned } : { text: text.trim() }) })]];
  },

  note_kept: (state, { visit, text }) => [{ ...state, failing: null }, [request("note.keep", { visit, text })]],

  readiness_tapped: (state) => listed(state, nextDay(dayOf(serverNow(state), zoneOf(state)))),

  readiness_day: (state, { day }) => (state.readiness === null || day === "" ? [state, []] : listed(state, day)),

  readiness_closed: (state) => [{ ...state, readiness: null, failing: null }, []],
};

/** @param {State} state @param {string} day @returns {Step} */
function listed(state, day) {
  const list = state.readiness?.day === day ? state.readiness.list : null;
  return [{ ...state, readiness: { day, list }, failing: null }, [request("readiness.list", { day })]];
}

/** Draw the call list anew, if it is open: somebody rang or noted something. @param {State} state */
export const relisted = (state) => (state.readiness === null ? [] : [request("readiness.list", { day: state.readiness.day })]);
