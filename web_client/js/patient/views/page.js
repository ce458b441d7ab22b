/** The frame around every screen: clinic, language, help, emergency line. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { emblem } from "../../emblem.js";
import { icons } from "../../icons.js";
import { languageSwitch } from "../../language_switch.js";
import { telephone } from "../../telephone.js";
import { clinicianOf, counterpart, neverIn } from "../state.js";
import { early, error, expired, hours, replaced, start } from "./plain.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */
/** @typedef {import("../../../vendor/lit-html/lit-html.js").TemplateResult} View */

const SCREENS = { start, early, expired, replaced, error };

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge @returns {View} */
export function page(state, words, dispatch, edge) {
  const { t } = words;
  edge.stage.label(t("devices.preview"));
  return html`
    <div class="page page-${state.screen}">
      <header class="top">
        ${emblem(state.clinic)}
        <div class="top-ways">${largeSwitch(state, words, dispatch)}${languageSwitch(words, dispatch)}</div>
      </header>
      ${screen(state, words, dispatch, edge)}
      <footer class="foot">
        ${state.clinic ? html`<a class="help" href=${telephone(state.clinic.phone)}>${icons.phone()}<span>${t("help.call", { phone: state.clinic.phone })}</span></a>` : nothing}
        ${edge.rooms?.callMe(state, words, dispatch) ?? nothing}
        ${hours(state, words)}
        <p class="emergency">${t("help.emergencyAt", { number: state.clinic?.emergency_number ?? "911" })}</p>
      </footer>
    </div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge @returns {View} */
function screen(state, words, dispatch, edge) {
  const name = state.screen;
  if (name in SCREENS) return SCREENS[/** @type {keyof typeof SCREENS} */ (name)](state, words, dispatch);
  const room = edge.rooms?.[/** @type {keyof import("./rooms.js").Screens} */ (name)];
  if (room !== undefined) return room(state, words, dispatch, edge);
  return html`<main class="column"><h1 tabindex="-1">${headingOf(state, words.t)}</h1><p>${words.t("moment")}</p></main>`;
}

/** What stands behind the door is not loaded yet. @param {State} state @param {Edge} edge */
export const isComing = (state, edge) => !(state.screen in SCREENS) && edge.rooms === null;

/** Who is on the picture, or will be. @param {State} state @param {Words["t"]} t */
export const personOf = (state, t) => counterpart(state)?.name ?? (clinicianOf(state) || t("careTeam"));

/** The words of the browser's tab. @param {State} state @param {Words} words */
export function titleOf(state, { t }) {
  const clinic = state.clinic?.name;
  const title = headingOf(state, t);
  return clinic ? `${title} – ${clinic}` : title;
}

/** @param {State} state @param {Words["t"]} t */
export function headingOf(state, t) {
  switch (state.screen) {
    case "start":
      return state.busy === "view" || state.busy === "resume" ? t("opening.title") : t("start.title", { clinician: clinicianOf(state) || t("careTeam") });
    case "expired":
      return t(state.why === "cancelled" || state.why === "rescheduled" ? `expired.${state.why}Title` : "expired.title");
    case "visit":
      return t("visit.title", { name: personOf(state, t) });
    case "ended":
      return t(state.why === "helped" ? "helper.doneTitle" : state.why === "left" ? "ended.leftTitle" : neverIn(state) ? "ended.closedTitle" : "ended.title");
    case "sound":
      return t(state.sound.echo === null ? "sound.title" : "echo.title");
    case "error":
      return t(`error.${state.why}.title`);
    default:
      return t(`${state.screen}.title`);
  }
}

/** In the visit it stands under "More". @param {State} state @param {Words} words @param {Dispatch} dispatch */
const largeSwitch = ({ screen, tools }, { t }, dispatch) =>
  screen === "visit"
    ? nothing
    : html`<button class="language larger" type="button" aria-label=${t("tools.large")} title=${t("tools.large")} aria-pressed=${tools.large} @click=${() => dispatch({ type: "large_tapped" })}>${icons.large()}</button>`;
