/** The list's keys. They work wherever the focus is, but for fields and dialogs, which have their own. */
import { reasonToCall } from "../row_facts.js";
import { isOpen } from "./preview.js";

/** @typedef {import("../types.js").State} State */

/** @param {KeyboardEvent} event @param {State} state @param {import("../effects.js").Dispatch} dispatch */
export function keys(event, state, dispatch) {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
  if (state.readiness !== null || event.target.closest("input, select, textarea, dialog") !== null) return;
  const from = event.target.closest("[data-visit]")?.getAttribute("data-visit") ?? state.selected;
  const told = toldBy(event.key.toLowerCase(), from, state);
  if (told === null) return;
  event.preventDefault();
  dispatch(told);
}

/** @param {string} key @param {string | null} from @param {State} state @returns {import("../types.js").Event | null} */
function toldBy(key, from, state) {
  if (key === "arrowdown" || key === "arrowup") return { type: "row_moved", from, by: key === "arrowdown" ? 1 : -1 };
  const row = from === null ? undefined : state.rows.get(from);
  if (row === undefined) return null;
  const { visit, patient } = row;
  if (key === "a") return { type: "admit_key", visit };
  if (key === "m" && isOpen(state, row) && row.may.includes("message")) return { type: "message_tapped", participant: patient.id };
  if (key === "c" && row.may.includes("call")) return { type: "dialog_opened", dialog: { kind: "call", visit, name: patient.name, phone: patient.phone, reason: reasonToCall(row) } };
  return null;
}
