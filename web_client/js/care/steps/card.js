/** The emergency card, the list of keys, and what a person reads who is here for the first time. */
import { request } from "../requests.js";
import { DIALOGS } from "./dialogs.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Step} Step */

/** @type {import("../types.js").Handlers} */
export const CARD = {
  /** The row is kept in the dialog: the card says what was last known, whatever happens to the line or to the visit. */
  card_tapped(state, { visit }) {
    const row = state.rows.get(visit);
    if (row === undefined) return [state, []];
    const [opened] = shown(state, { kind: "card", visit, row });
    return [opened, [request("visit.look", { visit })]];
  },

  keys_tapped: (state) => shown(state, { kind: "keys" }),

  tone_tried: (state) => [state, [{ type: "wakeAudio" }, { type: "chime" }]],

  introduction_closed: (state) => [{ ...state, introduced: true }, [{ type: "keepIntroduced" }, { type: "focus", id: "list-title" }]],
};

/** @param {State} state @param {import("../types.js").Asked} dialog @returns {Step} */
const shown = (state, dialog) => /** @type {any} */ (DIALOGS.dialog_opened)(state, { dialog });
