/** The visit: the other person fills the screen, the controls stand below, nothing covers a face. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { clockOf } from "../../i18n.js";
import { icons } from "../../icons.js";
import { clinicianOf, counterpart } from "../state.js";
import { lost } from "./waiting.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */
/** @typedef {import("./page.js").View} View */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge @returns {View} */
export function visit(state, words, dispatch, edge) {
  const { t } = words;
  const other = counterpart(state);
  const name = other?.name ?? clinicianOf(state);
  return html`
    <main class="call">
      <h1 class="hidden" tabindex="-1">${t("visit.title", { name })}</h1>
      <div class="call-bar">
        <div role="status" class="banner">${banner(state, words, dispatch)}</div>
        <p class="timer" role="timer" aria-label=${t("visit.timer")}>${clockOf(state.now - (state.startedAt ?? state.now))}</p>
      </div>
      <div class="stage">
        ${edge.stage.remote}
        ${state.pictureShown && !state.pictureStalled ? nothing : html`<p class="stage-words">${words.t(wordsOf(state), { name })}</p>`}
        ${state.soundBlocked
          ? html`<button class="primary sound-button" type="button" @click=${() => dispatch({ type: "sound_tapped" })}>${icons.sound()}${t("visit.tapSound")}</button>`
          : nothing}
        ${self(state, words, dispatch, edge)}
      </div>
      <div class="controls" role="group" aria-label=${t("visit.controls")}>
        ${toggle("mute", state.muted, state.muted ? icons.microphoneOff() : icons.microphone(), words, dispatch)}
        ${toggle("camera", state.devices.camera && !state.cameraOff, state.cameraOff || !state.devices.camera ? icons.cameraOff() : icons.camera(), words, dispatch)}
        ${state.devices.cameras.length > 1 && state.devices.camera
          ? html`<button type="button" class="control" @click=${() => dispatch({ type: "flip_tapped" })}>${icons.flip()}<span>${t("visit.flip")}</span></button>`
          : nothing}
        <button type="button" class="control control-leave" @click=${() => dispatch({ type: "leave_tapped" })}>${icons.leave()}<span>${t("visit.leave")}</span></button>
      </div>
    </main>
  `;
}

/** One line of trouble at a time, the gravest first. @param {State} state @param {Words} words @param {Dispatch} dispatch */
function banner(state, words, dispatch) {
  const { t } = words;
  const other = counterpart(state);
  const said = (/** @type {string} */ text) => html`<p>${icons.alert()}<span>${text}</span></p>`;
  if (state.link !== "connected" || state.media === "reconnecting") return said(t("banner.drop"));
  if (state.deviceLost) return lost(words, dispatch);
  if (other !== null && !other.connected) return said(t("banner.otherDrop", { name: other.name }));
  return nothing;
}

/** What stands where the other's picture will be. @param {State} state */
function wordsOf(state) {
  if (counterpart(state) === null) return "visit.nobody";
  return state.pictureShown ? "banner.noPicture" : "visit.comingIn";
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
function self(state, { t }, dispatch, edge) {
  const shown = state.devices.camera && !state.cameraOff;
  return html`
    <div class="self self-${state.corner}">
      ${shown ? edge.stage.own : nothing}
      <div class="self-notes">
        ${shown ? nothing : html`<p>${icons.cameraOff()}<span>${t("visit.cameraOff")}</span></p>`}
        ${state.muted ? html`<p>${icons.microphoneOff()}<span>${t("visit.youMuted")}</span></p>` : nothing}
      </div>
      <button type="button" class="self-move" aria-label=${t("visit.moveSelf")} @click=${() => dispatch({ type: "corner_tapped" })}>${icons.corner()}</button>
    </div>
  `;
}

/** @param {"mute" | "camera"} name @param {boolean} pressed @param {View} icon @param {Words} words @param {Dispatch} dispatch */
const toggle = (name, pressed, icon, { t }, dispatch) => html`
  <button type="button" class="control control-${name}" aria-pressed=${pressed} @click=${() => dispatch({ type: `${name}_tapped` })}>
    ${icon}<span>${t(`visit.${name}`)}</span>
  </button>
`;
