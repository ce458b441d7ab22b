/** The test page: one thing a screen, one main button, always in the same place. */
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { browserName, deviceProblem, leavesForBrowser } from "../device_problem.js";
import { emblem } from "../emblem.js";
import { icons } from "../icons.js";
import { languageSwitch } from "../language_switch.js";
import { copyLink } from "../link_copy.js";
import { telephone } from "../telephone.js";

/** @typedef {import("./machine.js").State} State */
/** @typedef {import("../i18n.js").Words} Words */
/** @typedef {(event: import("./machine.js").Event) => void} Dispatch */
/** @typedef {import("./effects.js").Edge} Edge */

/** About how long the call takes until its result, by what the driver measures. */
const RESULT_MS = 8000;

const SCREENS = { start, devices, sound, ended };

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
export function page(state, words, dispatch, edge) {
  const { t, language } = words;
  const { clinic } = state;
  edge.picture.setAttribute("aria-label", t("test.picture"));
  return html`
    <div class="page page-${state.screen}">
      <header class="top">
        ${emblem(clinic)}
        ${languageSwitch(words, dispatch)}
      </header>
      <main class="column">${SCREENS[state.screen](state, words, dispatch, edge)}</main>
      <footer class="foot">
        ${clinic ? html`<a class="help" href=${telephone(clinic.phone)}>${icons.phone()}<span>${t("help.call", { phone: clinic.phone })}</span></a>` : nothing}
        <p class="emergency">${t("help.emergencyAt", { number: clinic?.emergency_number ?? "911" })}</p>
      </footer>
    </div>
  `;
}

/** The heading, which is the title of the browser's tab too. @param {State} state @param {Words} words */
export function headingOf({ screen, result }, { t }) {
  if (screen === "ended") return t(`test.${result ?? "untested"}.title`);
  return t(screen === "sound" ? "test.call.title" : screen === "devices" ? "devices.title" : "test.title");
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function start(state, words, dispatch) {
  const { t } = words;
  return html`
    <h1 tabindex="-1">${headingOf(state, words)}</h1>
    <p>${t("test.lead")}</p>
    <p>${t("test.how")}</p>
    <p>${t("test.private")}</p>
    <div class="actions">${button("primary", t("start.button"), () => dispatch({ type: "start_tapped" }))}</div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function devices(state, words, dispatch) {
  const { t } = words;
  const asking = state.asking === "asking";
  const copy = copyLink(state.link, words, () => dispatch({ type: "copy_link_tapped" }));
  return html`
    <h1 tabindex="-1">${headingOf(state, words)}</h1>
    ${asking ? html`<p>${t("devices.ask")}</p><p class="quiet">${t("devices.asking")}</p>` : nothing}
    <div role="status">
      ${asking && state.slow
        ? html`<div class="trouble">
            ${icons.alert()}
            <div><p>${t("devices.slow", { browser: browserName() })}</p>${copy}</div>
          </div>`
        : nothing}
      ${state.problem !== null ? deviceProblem({ ...state, picture: true }, words, leavesForBrowser(state.problem) ? copy : nothing) : nothing}
    </div>
    <div class="actions">${asking ? nothing : button("primary", t("tryAgain"), () => dispatch({ type: "again_tapped" }))}</div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
function sound(state, words, dispatch, edge) {
  const { t } = words;
  const done_ms = state.connectedAt === null ? 0 : Math.min(RESULT_MS, state.now - state.connectedAt);
  return html`
    <h1 tabindex="-1">${headingOf(state, words)}</h1>
    ${mirror(state, words, edge)}
    <p role="status">${state.connectedAt === null ? t("test.connecting") : t(state.microphone ? "test.speak" : "test.noMicrophone")}</p>
    ${state.microphone ? html`<div class="levels">${edge.levelBar.label(t("devices.level"))}</div>` : nothing}
    <div class="progress">
      <progress max=${RESULT_MS} value=${done_ms} aria-label=${t("test.progress")}></progress>
      <span>${state.connectedAt === null ? t("moment") : words.count("test.left", Math.ceil((RESULT_MS - done_ms) / 1000))}</span>
    </div>
    <div class="actions">${state.soundBlocked ? button("primary", t("visit.tapSound"), () => dispatch({ type: "sound_tapped" })) : nothing}</div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function ended(state, words, dispatch) {
  const { t } = words;
  const phone = state.clinic?.phone ?? "";
  const { result } = state;
  const weak = result === "poor" || result === "blocked";
  return html`
    <h1 tabindex="-1">${headingOf(state, words)}</h1>
    ${result === "good" ? nothing : trouble(html`<p>${t(`test.${result ?? "untested"}.fix`, { phone })}</p>`)}
    <ul class="found">
      ${result === "good" ? works(t("network.good")) : nothing}
      ${state.camera ? works(t("test.camera")) : nothing}
      ${state.microphone && state.heard ? works(t("test.heard")) : nothing}
      ${state.soundWorks ? works(t("test.sound")) : nothing}
    </ul>
    ${state.problem === null ? nothing : deviceProblem({ ...state, picture: true }, words)}
    ${state.microphone && !state.heard ? trouble(html`<h2>${t("test.silent.title")}</h2><p>${t("test.silent.fix")}</p>`) : nothing}
    ${state.soundWorks === false ? trouble(html`<h2>${t("test.noSound.title")}</h2><p>${t("test.noSound.fix")}</p>`) : nothing}
    ${asksForSound(state) ? question(words, dispatch, weak ? "secondary" : "primary") : nothing}
    ${figures(state, words)}
    <div class="actions">
      ${weak ? html`<a class="primary" href=${telephone(phone)}>${icons.phone()}${t("expired.phone", { phone })}</a>` : nothing}
      ${button(asksForSound(state) || weak ? "secondary" : "primary", t("tryAgain"), () => dispatch({ type: "again_tapped" }))}
    </div>
  `;
}

/** Whether the own sound came out can be told by the person alone; asked where it was on its way. @param {State} state */
const asksForSound = ({ running, soundWorks, heard, connectedAt }) => running && soundWorks === null && heard && connectedAt !== null;

/** @param {Words} words @param {Dispatch} dispatch @param {string} look of the first button: the page has one main button */
const question = ({ t }, dispatch, look) => html`
  <fieldset class="fields">
    <legend>${t("test.ask")}</legend>
    <div class="ways">
      ${button(look, t("test.ask.yes"), () => dispatch({ type: "sound_judged", works: true }))}
      ${button("secondary", t("test.ask.no"), () => dispatch({ type: "sound_judged", works: false }))}
    </div>
  </fieldset>
`;

/** The person's own picture as it comes back. @param {State} state @param {Words} words @param {Edge} edge */
function mirror({ camera, pictured }, { t }, edge) {
  if (!camera) return html`<p class="quiet">${icons.cameraOff()}<span>${t("devices.soundOnly")}</span></p>`;
  return html`
    <figure class="mirror">
      <div class="preview">${edge.picture}</div>
      <figcaption>${t(pictured ? "test.seen" : "test.coming")}</figcaption>
    </figure>
  `;
}

/** What a person at the help desk asks for. @param {State} state @param {Words} words */
function figures({ details }, { t }) {
  const uplink = details?.uplink;
  if (!details || !uplink) return nothing;
  const share = (/** @type {number} */ loss) => Math.round(loss * 1000) / 10;
  return html`
    <details class="fold">
      <summary>${t("test.figures")}</summary>
      <div class="fold-body">
        <p>${t("test.figures.up", { kbps: Math.round(uplink.kbps), loss: share(uplink.loss), jitter: Math.round(uplink.jitter_ms) })}</p>
        ${details.downlink_loss === null ? nothing : html`<p>${t("test.figures.down", { loss: share(details.downlink_loss) })}</p>`}
        ${details.worst === null ? nothing : html`<p>${t("test.figures.worst", { figure: details.worst })}</p>`}
      </div>
    </details>
  `;
}

/** @param {string} text */
const works = (text) => html`<li class="good">${icons.check()}<span>${text}</span></li>`;

/** @param {unknown} body */
const trouble = (body) => html`<div class="trouble">${icons.alert()}<div>${body}</div></div>`;

/** @param {string} look @param {string} text @param {() => void} action */
const button = (look, text, action) => html`<button class=${look} type="button" @click=${action}>${text}</button>`;
