/** The waiting room: never silent, never more than one thing to do. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { clinicianOf } from "../state.js";
import { trouble } from "./plain.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */
/** @typedef {import("./page.js").View} View */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge @returns {View} */
export function waiting(state, words, dispatch, edge) {
  const { t } = words;
  const here = state.link === "connected";
  return html`
    <main class="column">
      <h1 tabindex="-1">${t("waiting.title")}</h1>
      <div role="status">
        ${here
          ? html`<p class="good knows">${icons.full()}<span>${t("waiting.knows", { clinician: clinicianOf(state) })}</span></p>`
          : html`${trouble(t("banner.drop"))}`}
        ${here && state.deviceLost ? lost(words, dispatch) : nothing}
      </div>
      <p class="checked">${checked(state, words)}</p>
      <p>${t("waiting.keep")}</p>
      <div class="waiting-pair">
        ${state.devices.camera
          ? html`<div class="preview preview-small">${edge.stage.own}</div>`
          : state.devices.status === "ready" ? html`<p class="quiet">${icons.cameraOff()}<span>${t("waiting.soundOnly")}</span></p>` : nothing}
        <section class="tips">
          <h2>${t("waiting.tips")}</h2>
          <ul>
            <li>${icons.quiet()}<span>${t("waiting.tip1")}</span></li>
            <li>${icons.light()}<span>${t("waiting.tip2")}</span></li>
            <li>${icons.list()}<span>${t("waiting.tip3")}</span></li>
          </ul>
        </section>
      </div>
      <div class="actions">
        <button class="secondary" type="button" @click=${() => dispatch({ type: "leave_tapped" })}>${t("waiting.leave")}</button>
      </div>
    </main>
  `;
}

/** @param {State} state @param {Words} words */
function checked(state, words) {
  if (state.checkedAt === null) return nothing;
  const seconds = Math.max(0, Math.floor((state.now - state.checkedAt) / 1000));
  return seconds < 2 ? words.t("waiting.checkedNow") : words.count("waiting.checked", seconds);
}

/** @param {Words} words @param {Dispatch} dispatch */
export const lost = ({ t }, dispatch) => html`
  <div class="trouble">
    ${icons.alert()}
    <div>
      <p>${t("banner.cameraStopped")}</p>
      <button class="secondary" type="button" @click=${() => dispatch({ type: "device_fix_tapped" })}>${t("banner.cameraFix")}</button>
    </div>
  </div>
`;
