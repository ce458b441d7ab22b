/** The speaker: a sound is played, the person says whether it was heard; if not, what to do on this device. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { speakerChoice } from "../../device_choice.js";
import { icons } from "../../icons.js";
import { straightIn } from "../check_in.js";
import { stuck } from "../state.js";
import { echo } from "./echo.js";
import { notice, reachAgain } from "./plain.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */
/** @typedef {import("./page.js").View} View */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge @returns {View} */
export function sound(state, words, dispatch, edge) {
  if (state.sound.echo !== null) return echo(state, words, dispatch, edge);
  const { t } = words;
  const { said, refused } = state.sound;
  return html`
    <main class="column">
      <h1 tabindex="-1">${t("sound.title")}</h1>
      <p>${t(refused ? "sound.tap" : "sound.lead")}</p>
      <div role="status">${said === "silent" ? fixes(state, words) : nothing}</div>
      ${said === "silent" ? html`<div class="choices">${speakers(state, words, dispatch)}</div>` : nothing}
      ${notice(state, words)}
      <div class="actions">${buttons(state, words, dispatch)}</div>
    </main>
  `;
}

/** What keeps a speaker silent on this device. @param {State} state @param {Words} words */
function fixes({ device: { system } }, { t }) {
  const key = system === "ios" || system === "android" ? system : "computer";
  return html`
    <div class="trouble">
      ${icons.alert()}
      <div>
        <h2>${t("sound.silent")}</h2>
        <ol>${t(`sound.fix.${key}`).split("\n").map((line) => html`<li>${line}</li>`)}</ol>
        <p>${t("sound.onwards")}</p>
      </div>
    </div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function speakers({ devices }, words, dispatch) {
  return html`
    ${speakerChoice(devices.speakers, devices.speakerId, words, (speakerId) => dispatch({ type: "speaker_chosen", speakerId }))}
    <div role="alert">${devices.refused === "speaker" ? html`<p>${words.t("tools.refused.speaker")}</p>` : nothing}</div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function buttons(state, words, dispatch) {
  const { t } = words;
  if (stuck(state)) return reachAgain(state, words, dispatch);
  const { said, refused } = state.sound;
  const joining = state.busy === "join";
  /** @param {string} look @param {string} type @param {string} key */
  const button = (look, type, key) => html`<button class=${look} type="button" @click=${() => dispatch({ type })}>${t(key)}</button>`;
  const heard = (/** @type {string} */ look) =>
    html`<button class=${look} type="button" aria-disabled=${joining} @click=${() => dispatch({ type: "sound_heard_tapped" })}>${t(joining ? "devices.joining" : "sound.yes")}</button>`;
  if (said === "silent") return html`${button("primary", "play_tapped", "tryAgain")} ${heard("secondary")} ${unheard(state, words, dispatch)}`;
  if (refused) return html`${button("primary", "play_tapped", "sound.play")} ${button("secondary", "sound_unheard_tapped", "sound.no")}`;
  return html`${heard("primary")} ${button("secondary", "sound_unheard_tapped", "sound.no")} ${button("secondary", "play_tapped", "sound.play")}
    ${state.devices.microphone ? button("secondary", "echo_tapped", "echo.title") : nothing}`;
}

/** The way on without a sound. @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function unheard(state, { t }, dispatch, look = "secondary") {
  const key = state.testing ? "devices.back" : straightIn(state) ? "devices.join" : "goOn";
  return html`<button class=${look} type="button" aria-disabled=${state.busy === "join"} @click=${() => dispatch({ type: "continue_tapped" })}>${t(key)}</button>`;
}
