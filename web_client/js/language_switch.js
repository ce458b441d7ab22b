/** The other languages, each by its own name: a button where there is one, a list where there are several. */
import { html } from "../vendor/lit-html/lit-html.js";
import { LANGUAGES } from "./i18n.js";

/** @param {import("./i18n.js").Words} words @param {(event: {type: "language_chosen", language: string}) => void} dispatch */
export function languageSwitch({ t, language: shown }, dispatch) {
  const all = Object.entries(LANGUAGES);
  if (all.length <= 2) {
    return all
      .filter(([language]) => language !== shown)
      .map(([language, { name }]) => html`<button class="language" type="button" lang=${language} @click=${() => dispatch({ type: "language_chosen", language })}>${name}</button>`);
  }
  const chosen = (/** @type {Event} */ event) => dispatch({ type: "language_chosen", language: /** @type {HTMLSelectElement} */ (event.target).value });
  return html`
    <select class="language" aria-label=${t("language.choose")} @change=${chosen}>
      ${all.map(([language, { name }]) => html`<option value=${language} lang=${language} .selected=${language === shown}>${name}</option>`)}
    </select>
  `;
}
