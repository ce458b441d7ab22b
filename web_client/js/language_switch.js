/** The other languages, each by its own name. */
import { html } from "../vendor/lit-html/lit-html.js";
import { LANGUAGES } from "./i18n.js";

/** @param {import("./i18n.js").Words} words @param {(event: {type: "language_chosen", language: string}) => void} dispatch */
export const languageSwitch = ({ language: shown }, dispatch) =>
  Object.entries(LANGUAGES)
    .filter(([language]) => language !== shown)
    .map(([language, { name }]) => html`<button class="language" type="button" lang=${language} @click=${() => dispatch({ type: "language_chosen", language })}>${name}</button>`);
