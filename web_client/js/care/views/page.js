/** The frame of the care team's page, its dialogs and its message of failure. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { emblem } from "../../emblem.js";
import { icons } from "../../icons.js";
import { languageSwitch } from "../../language_switch.js";
import { telephone } from "../../telephone.js";
import { patientName } from "../in_visit.js";
import { presentRows } from "../queue.js";
import { hasSound, selectedRow, signOffIn } from "../state.js";
import { failureText } from "./dialogs/fields.js";
import { dialogView } from "./dialogs/index.js";
import { preview } from "./preview.js";
import { queue } from "./queue.js";
import { readiness } from "./readiness.js";
import { signin } from "./signin.js";
import { visit } from "./visit.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */
/** @typedef {import("../../../vendor/lit-html/lit-html.js").TemplateResult} View */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge @returns {View} */
export function page(state, words, dispatch, edge) {
  const { t } = words;
  const clinic = state.snapshot?.clinic ?? state.clinic;
  edge.stage.label(t("devices.preview"));
  return html`
    <div class="page page-${state.screen}">
      <header class="top">
        ${emblem(clinic, t("care.title"))}
        ${state.screen === "signin" || state.screen === "visit" ? nothing : account(state, words, dispatch)}
        ${languageSwitch(words, dispatch)}
      </header>
      ${failing(state, words, dispatch)}
      ${body(state, words, dispatch, edge)}
      <footer class="foot">
        ${clinic ? html`<a class="help" href=${telephone(clinic.phone)}>${icons.phone()}<span>${t("help.call", { phone: clinic.phone })}</span></a>` : nothing}
        <p class="emergency">${clinic ? t("help.emergencyAt", { number: clinic.emergency_number }) : t("help.emergency")}</p>
      </footer>
      <p class="hidden" role="status">${state.news === null ? nothing : t(`news.${state.news.kind}`, { name: state.news.name })}</p>
      <dialog class="ask" data-for="dialog" aria-labelledby="ask-title" @close=${() => dispatch({ type: "dismissed" })}>${dialogView(state, words, dispatch)}</dialog>
      <dialog class="ask" data-for="idle" aria-labelledby="idle-title" @cancel=${(/** @type {Event} */ event) => event.preventDefault()}>${stillThere(state, words)}</dialog>
    </div>
  `;
}

/** The words of the browser's tab. @param {State} state @param {Words} words */
export function titleOf(state, { t }) {
  const clinic = state.snapshot?.clinic.name ?? state.clinic?.name ?? t("care.title");
  const waiting = presentRows(state.rows).length;
  const count = waiting > 0 ? t("queue.titleTab", { n: waiting }) : t("queue.titleTabNone");
  switch (state.screen) {
    case "signin":
      return t("signin.title");
    case "visit":
      return `${t("visit.title", { name: patientName(state) })} – ${clinic}`;
    case "preview":
      return `${count} – ${selectedRow(state)?.patient.name ?? ""} – ${clinic}`;
    default:
      return `${count} – ${clinic}`;
  }
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
function body(state, words, dispatch, edge) {
  if (state.screen === "signin") return signin(state, words, dispatch);
  if (state.screen === "visit") return visit(state, words, dispatch, edge);
  if (state.readiness !== null) return html`<main>${elsewhere(state, words, dispatch)}${readiness(state, words, dispatch)}</main>`;
  return html`
    <main class="desk desk-${state.screen}">
      ${elsewhere(state, words, dispatch)}
      ${queue(state, words, dispatch)}
      <section class="detail">${preview(state, words, dispatch)}</section>
    </main>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function elsewhere(state, { t }, dispatch) {
  if (!state.snapshot?.visit?.elsewhere) return nothing;
  return html`
    <div class="elsewhere" role="status">
      <div class="trouble">
        ${icons.alert()}
        <div>
          <p>${t("queue.elsewhere", { name: patientName(state) })}</p>
          <button class="secondary" type="button" @click=${() => dispatch({ type: "use_here_tapped" })}>${t("queue.useHere")}</button>
        </div>
      </div>
    </div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function account(state, { t }, dispatch) {
  const name = state.snapshot?.me.name;
  const sound = hasSound(state);
  return html`
    <div class="account">
      ${name ? html`<p>${t("queue.signedInAs", { name })}</p>` : nothing}
      <button class="plain" type="button" aria-pressed=${sound} aria-label=${t("queue.tone")} @click=${() => dispatch({ type: "tone_tapped" })}>
        ${sound ? icons.sound() : icons.soundOff()}<span>${t("queue.toneShort")}</span>
      </button>
      ${state.alerts === "default" ? html`<button class="plain" type="button" aria-label=${t("queue.alerts")} @click=${() => dispatch({ type: "alerts_tapped" })}>${icons.bell()}<span>${t("queue.alertsShort")}</span></button>` : nothing}
      <button class="plain" type="button" @click=${() => dispatch({ type: "sign_out_tapped" })}>${t("queue.signOut")}</button>
    </div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function failing(state, words, dispatch) {
  return html`<div class="failing" role="alert">
    ${state.failing === null || state.screen === "signin"
      ? nothing
      : html`<div class="trouble trouble-bad">
          ${icons.alert()}
          <p>${failureText(state.failing, words)}</p>
          <button class="plain" type="button" aria-label=${words.t("failing.close")} @click=${() => dispatch({ type: "failure_closed" })}>✕</button>
        </div>`}
  </div>`;
}

/** Any key or tap says so; the button is there to be tapped. @param {State} state @param {Words} words */
function stillThere(state, words) {
  const seconds = signOffIn(state);
  if (seconds === null) return nothing;
  return html`
    <h2 id="idle-title">${words.t("idle.title")}</h2>
    <p role="timer">${words.count("idle.lead", seconds)}</p>
    <div class="ask-actions"><button class="primary" type="button" autofocus>${words.t("idle.stay")}</button></div>
  `;
}
