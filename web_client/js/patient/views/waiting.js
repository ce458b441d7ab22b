/** The waiting room: never silent, one thing to do at a time, the care team one message away. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { clinicianOf, roleOf } from "../state.js";
import { problem } from "./devices.js";
import { help } from "./help.js";
import { capital, messages } from "./messages.js";
import { notice, trouble } from "./plain.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */
/** @typedef {import("./page.js").View} View */

/** Above this no number is promised. */
const LONGEST_MINUTES = 60;

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge @returns {View} */
export function waiting(state, words, dispatch, edge) {
  const { t } = words;
  const here = state.link === "connected";
  return html`
    <main class="column">
      <h1 tabindex="-1">${t("waiting.title")}</h1>
      <div role="status">
        ${here ? standing(state, words) : trouble(t("banner.drop"))}
        ${here && state.deviceLost ? lost(state, words, dispatch) : nothing}
      </div>
      <p class="checked">${checked(state, words)}</p>
      ${roleOf(state) === "patient" ? line(state, words) : nothing}
      <p>${t("waiting.keep")}</p>
      ${notice(state, words)}
      ${roleOf(state) === "patient" ? help(state, words, dispatch) : nothing}
      ${messages(state, words, dispatch)}
      <div class="waiting-pair">
        ${self(state, words, dispatch, edge)}
        <section class="tips">
          <h2>${t("waiting.tips")}</h2>
          <ul>
            <li>${icons.quiet()}<span>${t("waiting.tip1")}</span></li>
            <li>${icons.light()}<span>${t("waiting.tip2")}</span></li>
            ${roleOf(state) === "patient" ? html`<li>${icons.list()}<span>${t("waiting.tip3")}</span></li>` : nothing}
          </ul>
        </section>
      </div>
      <div class="actions">
        <button class="secondary" type="button" @click=${() => dispatch({ type: "leave_tapped" })}>${t("waiting.leave")}</button>
      </div>
    </main>
  `;
}

/** Whether somebody knows, and what has changed. @param {State} state @param {Words} words */
function standing(state, words) {
  const { t } = words;
  const clinician = capital(clinicianOf(state) || t("careTeam"));
  const { visit, next, staff_present, wishes = [] } = state.snapshot ?? {};
  const late = visit?.late_minutes ?? null;
  const ways = roleOf(state) === "patient" && !wishes.includes("call") ? ` ${t("waiting.lateWays")}` : "";
  return html`
    ${state.returned ? html`<p>${t("waiting.returned")}</p>` : nothing}
    <p class="good knows">${icons.full()}<span>${t(staff_present ? "waiting.knows" : "waiting.listed")}</span></p>
    ${next ? html`<p>${t("waiting.next", { name: next.name })}</p>` : nothing}
    ${late === null || late <= 0 ? nothing : trouble(words.count("waiting.late", late, { clinician }) + ways)}
  `;
}

/** The place in line, as honest as it is known; its room is kept, so that nothing moves when more is known. @param {State} state @param {Words} words */
function line({ wait }, words) {
  if (wait === null) return html`<p class="line">${words.t("waiting.inLine")}</p>`;
  const ahead = wait.ahead === null ? "" : wait.ahead === 0 ? words.t("waiting.nobodyAhead") : words.count("waiting.ahead", wait.ahead);
  return html`<p class="line">${words.t("waiting.inLine")} ${range(wait, words)} ${ahead}</p>`;
}

/** @param {import("../../net/messages.js").Wait} wait @param {Words} words */
function range({ low, high }, words) {
  if (low >= LONGEST_MINUTES) return words.t("waiting.long");
  if (low <= 0) return words.count("waiting.less", Math.max(1, high));
  return low >= high ? words.count("waiting.about", high) : words.t("waiting.range", { low, high });
}

/** @param {State} state @param {Words} words */
function checked(state, words) {
  if (state.checkedAt === null) return nothing;
  const seconds = Math.max(0, Math.floor((state.now - state.checkedAt) / 1000));
  const when = seconds < 2 ? words.t("waiting.checkedNow") : words.count("waiting.checked", seconds);
  return state.link === "connected" ? `${words.t("waiting.connected")} ${when}` : when;
}

/** How the others will see and hear this patient. @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
function self(state, { t }, dispatch, edge) {
  const { camera, microphone, picture, status } = state.devices;
  const seen = camera && !state.cameraOff;
  const settled = status === "ready" || status === "failed";
  const note = (/** @type {any} */ icon, /** @type {string} */ key) => html`<p class="quiet">${icon}<span>${t(key)}</span></p>`;
  if (!seen && !settled) return nothing;
  return html`
    <div class="waiting-self">
      ${seen ? html`<div class="preview preview-small">${edge.stage.own}</div>` : note(icons.cameraOff(), "waiting.soundOnly")}
      ${settled && !microphone ? note(icons.microphoneOff(), "waiting.silent") : nothing}
      ${microphone && state.muted ? note(icons.microphoneOff(), "waiting.muted") : nothing}
      ${settled && !state.deviceLost && (!microphone || (picture && !camera))
        ? html`<button class="secondary" type="button" @click=${() => dispatch({ type: "device_fix_tapped" })}>${t("tryAgain")}</button>`
        : nothing}
    </div>
  `;
}

/**
 * Camera or microphone went away, or did not start: what it was, another try, and the way without a picture.
 * @param {State} state @param {Words} words @param {Dispatch} dispatch
 */
export function lost(state, words, dispatch) {
  const { t } = words;
  const stopped = state.devices.problem === null;
  const ways = html`
    <div class="ways">
      <button class="primary" type="button" @click=${() => dispatch({ type: "device_fix_tapped" })}>${t(stopped ? "banner.cameraFix" : "tryAgain")}</button>
      ${state.devices.picture
        ? html`<button class="secondary" type="button" @click=${() => dispatch({ type: "sound_only_tapped" })}>${t("devices.soundOnlyButton")}</button>`
        : nothing}
    </div>
  `;
  if (!stopped) return problem(state, words, ways);
  return html`<div class="trouble">${icons.alert()}<div><p>${t("banner.cameraStopped")}</p>${ways}</div></div>`;
}
