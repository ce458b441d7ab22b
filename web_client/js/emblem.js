/** The clinic in the header of every screen: its logo, or the plain mark, and its name. */
import { html } from "../vendor/lit-html/lit-html.js";
import { icons } from "./icons.js";

/** @param {import("./net/messages.js").Clinic | null} clinic @param {string} [unnamed] what stands there before the clinic is known */
export const emblem = (clinic, unnamed = "") => html`
  <p class="brand">${clinic?.logo ? html`<img class="logo" src=${clinic.logo} alt="" />` : icons.mark()}<span>${clinic?.name ?? unnamed}</span></p>
`;
