/** What a person reads who is here for the first time on this computer, and the keys for whoever wants them. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { isClinician } from "../state.js";
import { teller } from "./buttons.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function introduction(state, { t }, dispatch) {
  if (state.introduced || state.snapshot === null) return nothing;
  return html`
    <section class="introduction" aria-labelledby="introduction">
      <h2 id="introduction">${t("intro.title")}</h2>
      <ul>
        <li>${t("intro.list")}</li>
        <li>${t(isClinician(state) ? "intro.admit" : "intro.desk")}</li>
        <li>${t("intro.alerts")}</li>
      </ul>
      <div class="introduction-acts">
        <button class="secondary" type="button" @click=${() => dispatch({ type: "tone_tried" })}>${icons.sound()}<span>${t("intro.try")}</span></button>
        ${teller("secondary", t("intro.close"), dispatch, { type: "introduction_closed" })}
      </div>
    </section>
  `;
}

/** The keys of the list, and those of the visit. Each stands in the words of its button. */
const OF_LIST = [["↑ ↓", "keys.choose"], ["Enter", "keys.open"], ["A", "preview.admit"], ["M", "thread.open"], ["C", "call.phone"], ["E", "card.open"], ["?", "keys.help"]];
const OF_VISIT = [["E", "card.open"], ["?", "keys.help"], ["Esc", "keys.close"]];

/** @param {any} _ @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function keyList(_, state, { t }, dispatch) {
  const part = (/** @type {string} */ title, /** @type {string[][]} */ list) => html`
    <h3>${t(title)}</h3>
    <dl class="key-list">${list.map(([key, text = ""]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${t(text)}</dd></div>`)}</dl>`;
  return html`
    <div class="ask-form">
      <h2 id="ask-title">${t("keys.title")}</h2>
      ${part("keys.list", OF_LIST.filter(([key]) => key !== "A" || isClinician(state)))}
      ${isClinician(state) ? part("keys.visit", OF_VISIT) : nothing}
      <p>${t("keys.typing")}</p>
      <div class="ask-actions">
        <button class="primary" type="button" autofocus @click=${() => dispatch({ type: "dismissed" })}>${t("card.close")}</button>
        <button class="secondary" type="button" @click=${() => dispatch({ type: "tone_tried" })}>${icons.sound()}<span>${t("intro.try")}</span></button>
      </div>
    </div>
  `;
}
