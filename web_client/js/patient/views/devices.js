/** Camera and microphone: the preview, the level, and for each failure its own words. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { choice } from "../../device_choice.js";
import { browserName, deviceProblem, leavesForBrowser } from "../../device_problem.js";
import { icons } from "../../icons.js";
import { copyLink } from "../../link_copy.js";
import { straightIn } from "../check_in.js";
import { inviteHelper } from "./helper.js";
import { doorOpened, soundDue, stuck } from "../state.js";
import { copyTold, notice, reachAgain } from "./plain.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */
/** @typedef {import("./page.js").View} View */

/** How long a microphone may be silent before the page says what to do. */
const SILENT_MS = 8000;

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge @returns {View} */
export function devices(state, words, dispatch, edge) {
  const { t } = words;
  const { status } = state.devices;
  return html`
    <main class="column column-wide">
      <h1 tabindex="-1">${t("devices.title")}</h1>
      ${status === "asking" ? asking(state, words, dispatch) : nothing}
      <div role="status">${doorOpened(state) ? html`<p class="good">${icons.check()}<span>${t("devices.time")}</span></p>` : nothing}</div>
      <div role="status">${state.devices.problem ? problem(state, words, leavesForBrowser(state.devices.problem) ? copy(state, words, dispatch) : nothing) : nothing}</div>
      ${notice(state, words)}
      ${state.devices.camera ? html`<div class="preview">${edge.stage.own}</div>` : nothing}
      ${status === "ready" && !stuck(state) ? found(state, words, dispatch, edge) : nothing}
      <div class="actions">${buttons(state, words, dispatch)}</div>
      ${inviteHelper(state, words, dispatch)}
    </main>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function asking(state, words, dispatch) {
  const { t } = words;
  const { slow } = state.devices;
  return html`
    <p>${t("devices.ask")}</p>
    <p class="quiet">${t("devices.asking")}</p>
    <div role="status">
      ${slow
        ? html`<div class="trouble">
            ${icons.alert()}
            <div>
              <p>${t("devices.slow", { browser: browserName() })}</p>
              ${copy(state, words, dispatch)}
            </div>
          </div>`
        : nothing}
    </div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
const copy = (state, words, dispatch) => copyLink(copyTold(state), words, () => dispatch({ type: "copy_link_tapped" }));

/** @param {State} state @param {Words} words @param {unknown} [ways] buttons */
export const problem = (state, words, ways) => deviceProblem(state.devices, words, ways);

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
function found(state, words, dispatch, edge) {
  const { t } = words;
  const { camera, microphone, picture, heard, since } = state.devices;
  return html`
    ${microphone
      ? html`<div class="levels">
          ${edge.levelBar.label(t("devices.level"))}
          ${heard
            ? html`<p class="good">${icons.check()}<span>${t("devices.heard")}</span></p>`
            : html`<p class="quiet">${icons.microphone()}<span>${t(state.now - since > SILENT_MS ? "devices.silent" : "devices.speak")}</span></p>`}
        </div>`
      : nothing}
    ${picture || camera ? nothing : html`<p class="quiet">${icons.cameraOff()}<span>${t("devices.soundOnly")}</span></p>`}
    ${network(state, words, dispatch)}
    <div class="choices">
      ${camera ? choice("camera", state.devices.cameras, state.devices.cameraId, words, (id) => dispatch({ type: "device_chosen", cameraId: id })) : nothing}
      ${microphone ? choice("microphone", state.devices.microphones, state.devices.microphoneId, words, (id) => dispatch({ type: "device_chosen", microphoneId: id })) : nothing}
    </div>
    ${state.devices.problem === null && !doorOpened(state) ? html`<p>${t(soundDue(state) ? "devices.goOnSound" : state.testing ? "devices.tested" : straightIn(state) ? "devices.ready" : "devices.goOn")}</p>` : nothing}
  `;
}

/** The connection: checked unseen, told in a line; a weak one with the ways round it. @param {State} state @param {Words} words @param {Dispatch} dispatch */
function network(state, { t }, dispatch) {
  const { tested } = state.network;
  const told =
    tested === null ? html`<p class="quiet">${icons.line()}<span>${t("network.testing")}</span></p>`
    : tested === "good" ? html`<p class="good">${icons.check()}<span>${t("network.good")}</span></p>`
    : tested === "untested" ? nothing
    : html`<div class="trouble">
        ${icons.alert()}
        <div>
          <p>${t(`network.${tested}`)}</p>
          ${tested === "poor" && state.devices.camera
            ? html`<button class="secondary" type="button" @click=${() => dispatch({ type: "sound_only_tapped" })}>${t("devices.soundOnlyButton")}</button>`
            : nothing}
        </div>
      </div>`;
  return html`<div role="status">${told}</div>`;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function buttons(state, words, dispatch) {
  const { t } = words;
  const { status, problem: code, microphone, picture } = state.devices;
  /** @param {string} type @param {string} key @param {string} look */
  const button = (type, key, look) => html`<button class=${look} type="button" @click=${() => dispatch({ type })}>${t(key)}</button>`;
  if (stuck(state)) return reachAgain(state, words, dispatch);
  if (doorOpened(state)) {
    return html`
      <button class="primary" type="button" aria-disabled=${state.busy === "redeem"} @click=${() => dispatch({ type: "start_tapped" })}>
        ${t(state.busy === "redeem" ? "start.busy" : "start.button")}
      </button>
      ${button("back_tapped", "devices.back", "secondary")}
    `;
  }
  const back = state.testing ? button("back_tapped", "devices.back", code === null && status === "ready" ? "primary" : "secondary") : nothing;
  const straight = straightIn(state) && !soundDue(state);
  // Where the sound or check-in comes first, or the room is not open yet, the way on is not the way in.
  const join = (/** @type {string} */ look, key = straight ? "devices.join" : "goOn") => html`
    <button class=${look} type="button" aria-disabled=${state.busy === "join"} @click=${() => dispatch({ type: straight ? "join_tapped" : "continue_tapped" })}>
      ${t(state.busy === "join" ? (straight ? "devices.joining" : "moment") : key)}
    </button>
  `;
  const listen = straight ? "devices.listen" : "devices.goOnListen";
  if (status === "asking") {
    if (!state.devices.slow) return back;
    // Some apps never answer, neither for both nor for sound alone.
    return html`${picture ? button("sound_only_tapped", "devices.soundOnlyButton", "secondary") : state.testing ? nothing : join("secondary", listen)} ${back}`;
  }
  if (code === null) return !state.testing ? join("primary") : soundDue(state) ? html`${join("primary")} ${button("back_tapped", "devices.back", "secondary")}` : back;
  if (state.testing) return html`${button("retry_tapped", "tryAgain", "primary")} ${back}`;
  if (code === "no_microphone") return html`${join("primary")} ${button("retry_tapped", "tryAgain", "secondary")}`;
  // With a working microphone sound only is the way on; without one, another try is.
  if (microphone && picture) return html`${button("sound_only_tapped", "devices.soundOnlyButton", "primary")} ${button("retry_tapped", "tryAgain", "secondary")}`;
  return html`
    ${button("retry_tapped", "tryAgain", "primary")}
    ${picture ? button("sound_only_tapped", "devices.soundOnlyButton", "secondary") : join("secondary", listen)}
  `;
}
