/** The keys of the list and of the visit. They work wherever the focus is, but for fields and dialogs, which have their own. */
import { reasonToCall } from "../row_facts.js";
import { isOpen } from "./preview.js";

/** @typedef {import("../types.js").State} State */

/** @param {KeyboardEvent} event @param {State} state @param {import("../effects.js").Dispatch} dispatch */
export function keys(event, state, dispatch) {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
  if (document.querySelector("dialog[open]") !== null || event.target.closest("input, select, textarea") !== null) return;
  const from = event.target.closest("[data-visit]")?.getAttribute("data-visit") ?? state.selected;
  const key = event.key.toLowerCase();
  const told = state.screen === "visit" ? toldInVisit(key, state) : state.readiness !== null ? null : toldBy(key, from, state);
  if (told === null) return;
  event.preventDefault();
  dispatch(told);
}

/** @param {string} key @param {string | null} from @param {State} state @returns {import("../types.js").Event | null} */
function toldBy(key, from, state) {
  if (key === "arrowdown" || key === "arrowup") return { type: "row_moved", from, by: key === "arrowdown" ? 1 : -1 };
  if (key === "?") return { type: "keys_tapped" };
  const row = from === null ? undefined : state.rows.get(from);
  if (row === undefined) return null;
  const { visit, patient } = row;
  if (key === "e") return { type: "card_tapped", visit };
  if (key === "a") return { type: "admit_key", visit };
  if (key === "m" && isOpen(state, row) && row.may.includes("message")) return { type: "message_tapped", participant: patient.id };
  if (key === "c" && row.may.includes("call")) return { type: "dialog_opened", dialog: { kind: "call", visit, name: patient.name, phone: patient.phone, reason: reasonToCall(row) } };
  return null;
}

/** @param {string} key @param {State} state @returns {import("../types.js").Event | null} */
function toldInVisit(key, { snapshot }) {
  if (key === "?") return { type: "keys_tapped" };
  return key === "e" && snapshot?.visit ? { type: "card_tapped", visit: snapshot.visit.id } : null;
}
