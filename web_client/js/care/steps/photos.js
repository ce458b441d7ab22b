/** Photos that come from the patient in the visit: asking for one, and looking at those that are there. */
import { failingOf, request } from "../requests.js";
import { DIALOGS } from "./dialogs.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Effect} Effect */

/** @type {import("../types.js").Handlers} */
export const PHOTOS = {
  photo_ask_tapped(state) {
    const visit = state.snapshot?.visit;
    return visit ? [{ ...state, failing: null }, [request("photo.ask", { visit: visit.id })]] : [state, []];
  },

  photo_tapped(state, { photo: id }) {
    const visit = state.snapshot?.visit;
    const photo = visit?.photos.find((one) => one.id === id);
    if (!visit || photo === undefined) return [state, []];
    const looked = [...new Set([...state.looked, id])];
    return /** @type {any} */ (DIALOGS.dialog_opened)({ ...state, looked }, { dialog: { kind: "photo", visit: visit.id, photo, full: false } });
  },

  photo_came(state, { photo, answer }) {
    const { dialog } = state;
    if (dialog?.kind !== "photo" || dialog.photo.id !== photo) return [state, []];
    const came = "error" in answer ? { failing: failingOf(answer.error) } : { answer: answer.ok };
    return [{ ...state, dialog: { ...dialog, ...came } }, []];
  },

  photo_size_tapped(state) {
    const { dialog } = state;
    return [dialog?.kind === "photo" ? { ...state, dialog: { ...dialog, full: !dialog.full } } : state, []];
  },
};

/** The photo that is fetched is the one whose dialog is open, and it goes with it. @param {State} before @param {State} state @returns {Effect[]} */
export function photoEffects(before, state) {
  const [was, now] = [shown(before), shown(state)];
  if (now === was) return [];
  return now === null || state.token === null ? [{ type: "dropPhoto" }] : [{ type: "showPhoto", photo: now, token: state.token }];
}

/** @param {State} state */
const shown = ({ dialog }) => (dialog?.kind === "photo" ? dialog.photo.id : null);
