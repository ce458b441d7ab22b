/** The own voice, back from the clinic's server after two seconds: what others will hear, and whether it is heard. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { stuck } from "../state.js";
import { notice, reachAgain, trouble } from "./plain.js";
import { speakers, unheard } from "./sound.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */
/** @typedef {import("./page.js").View} View */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge @returns {View} */
export function echo(state, words, dispatch, edge) {
  const { t } = words;
  const { echo: call, self } = state.sound;
  const on = call === "calling" || call === "speaking";
  return html`
    <main class="column">
      <h1 tabindex="-1">${t("echo.title")}</h1>
      <div role="status">${on ? html`<p>${t(`echo.${call}`)}</p>` : trouble(t(`echo.${call}`))}</div>
      ${on ? html`<div class="levels">${edge.levelBar.label(t("devices.level"))}</div>` : nothing}
      <p>${t("echo.private")}</p>
      <div role="status">${self === "silent" ? fixes(words) : nothing}</div>
      ${self === "silent" ? html`<div class="choices">${speakers(state, words, dispatch)}</div>` : nothing}
      ${notice(state, words)}
      <div class="actions">${buttons(state, words, dispatch, on)}</div>
    </main>
  `;
}

/** @param {Words} words */
const fixes = ({ t }) => html`
  <div class="trouble">
    ${icons.alert()}
    <div>
      <h2>${t("echo.silent")}</h2>
      <ol>${t("echo.fix").split("\n").map((line) => html`<li>${line}</li>`)}</ol>
      <p>${t("sound.onwards")}</p>
    </div>
  </div>
`;

/** The way on is there at each moment of the call. @param {State} state @param {Words} words @param {Dispatch} dispatch @param {boolean} on */
function buttons(state, words, dispatch, on) {
  const { t } = words;
  if (stuck(state)) return reachAgain(state, words, dispatch);
  /** @param {string} look @param {string} type @param {string} key */
  const button = (look, type, key) => html`<button class=${look} type="button" @click=${() => dispatch({ type })}>${t(key)}</button>`;
  if (!on) return html`${unheard(state, words, dispatch, "primary")} ${button("secondary", "echo_tapped", "tryAgain")}`;
  if (state.sound.refused) return html`${button("primary", "echo_tapped", "visit.tapSound")} ${unheard(state, words, dispatch)}`;
  return html`
    <button class="primary" type="button" aria-disabled=${state.busy === "join"} @click=${() => dispatch({ type: "sound_heard_tapped" })}>${t("sound.yes")}</button>
    ${state.sound.self === "silent" ? nothing : button("secondary", "sound_unheard_tapped", "sound.no")}
    ${unheard(state, words, dispatch)}
  `;
}
