/** The two buttons that come up everywhere on the care team's page. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";

/** @typedef {import("../effects.js").Dispatch} Dispatch */

/**
 * Opens a dialog.
 * @param {"primary" | "secondary" | "plain" | "danger"} look @param {string} label @param {Dispatch} dispatch @param {import("../types.js").Asked} dialog
 * @param {string} [describedBy] id of what the button is about, where its name does not say it @param {string} [id] its own, where the focus is sent to it
 */
export const opener = (look, label, dispatch, dialog, describedBy = "", id = "") =>
  teller(look, label, dispatch, { type: "dialog_opened", dialog }, describedBy, id);

/**
 * Tells the machine.
 * @param {"primary" | "secondary" | "plain" | "danger"} look @param {string} label @param {Dispatch} dispatch @param {import("../types.js").Event} event
 * @param {string} [describedBy] @param {string} [id]
 */
export const teller = (look, label, dispatch, event, describedBy = "", id = "") => html`
  <button id=${id || nothing} class=${look} type="button" aria-describedby=${describedBy || nothing} @click=${() => dispatch(event)}>${label}</button>
`;
