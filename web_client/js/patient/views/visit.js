/** The visit: the others fill the screen, the controls stand below, nothing covers a face. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { canFlip, moreIcon, opens, panel, toggle } from "../../bar.js";
import { clockOf } from "../../i18n.js";
import { icons } from "../../icons.js";
import { canShare } from "../../media/screen_share.js";
import { pictures, sign } from "../../media/stage_view.js";
import { tilesOf } from "../../media/tiles.js";
import { chatButton, talkNews } from "../../talk_view.js";
import { bannerOf, counterpart, held, isWeak, placeOf, roleOf, stageWordsOf, unheard } from "../state.js";
import { capital } from "./messages.js";
import { personOf } from "./page.js";
import { photoButton, photoNews } from "./photo.js";
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
  const name = personOf(state, t);
  const silent = state.muted || !state.devices.microphone;
  /** One panel at a time. @type {Dispatch} */
  const alone = (event) => {
    if (event.type === "photo_tapped" && state.tools.panel !== null) dispatch({ type: "panel_closed" });
    if (event.type === "panel_tapped" && state.photo.open) dispatch({ type: "photo_closed" });
    dispatch(event);
    if (event.type === "photo_tapped" || event.type === "panel_tapped") edge.opened?.ask();
  };
  return html`
    <main class="call">
      <h1 class="hidden" tabindex="-1">${t("visit.title", { name })}</h1>
      <div class="call-bar">
        <div role="status" class="banner">${banner(state, words, dispatch)}</div>
        ${line(state, words)}
        <div role="status" class="mate">${other?.microphone === false ? html`<p>${icons.microphoneOff()}<span>${t("visit.otherMuted", { name })}</span></p>` : nothing}</div>
        <p class="timer" role="timer" aria-label=${t("visit.timer")}>${clockOf(state.now - (state.startedAt ?? state.now))}</p>
      </div>
      <div class="call-body">
        <div class="stage">
          ${stage(state, words, edge)}
          <div role="status" class="stage-status">${stageWords(state, words)}</div>
          ${state.soundBlocked
            ? html`<button class="primary sound-button" type="button" @click=${() => dispatch({ type: "sound_tapped" })}>${icons.sound()}${t("visit.tapSound")}</button>`
            : nothing}
          ${self(state, words, dispatch, edge)}
        </div>
        ${opened(state, words, alone, edge)}
      </div>
      <div role="status">${photoNews(state, words, alone)}</div>
      ${talkNews(state, placeOf(state), words, dispatch)}
      <div class="controls" role="group" aria-label=${t("visit.controls")}>
        ${toggle("mute", silent, silent ? icons.microphoneOff() : icons.microphone(), words, dispatch)}
        ${toggle("camera", state.devices.camera && !state.cameraOff, state.cameraOff || !state.devices.camera ? icons.cameraOff() : icons.camera(), words, dispatch)}
        ${canFlip(state.devices)
          ? html`<button type="button" class="control bar-flip" @click=${() => dispatch({ type: "flip_tapped" })}>${icons.flip()}<span>${t("visit.flip")}</span></button>`
          : nothing}
        ${canShare() ? toggle("share", state.scene.sharing === "on", icons.screen(), words, dispatch) : nothing}
        ${chatButton(state, placeOf(state), words, alone)}
        ${opens("more", state.tools.panel, moreIcon(), t("visit.more"), alone)}
        <div class="controls-out">
          <button type="button" class="control control-leave" @click=${() => dispatch({ type: "leave_tapped" })}>${icons.leave()}<span>${t("visit.leave")}</span></button>
        </div>
      </div>
    </main>
  `;
}

/** Whose pictures there are. Nobody's while staff have put this person on hold. @param {State} state @param {Words} words @param {Edge} edge */
function stage(state, { t }, edge) {
  const others = held(state) ? [] : (state.snapshot?.others ?? []);
  const tiles = tilesOf(others, state.snapshot?.media ?? null, state.scene, counterpart(state)?.id ?? null, (name) => t("visit.screenOf", { name }));
  return pictures(tiles, edge.stage, t);
}

/** What was opened, if anything. @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
function opened(state, words, dispatch, edge) {
  const part = edge.opened?.here ?? null;
  const name = state.photo.open ? "photo" : state.tools.panel;
  if (name === null) return nothing;
  if (part === null) return coming(name, words, dispatch, edge);
  if (name === "photo") return part.photoPanel(state, words, dispatch, edge);
  if (name === "more") return part.more(state, pictured(state), words, dispatch, photoButton("tool", state, words, dispatch));
  return part.chatPanel(state, placeOf(state), state.clinic?.time_zone ?? "UTC", roleOf(state) !== "patient", words, dispatch);
}

/** The panel's own part is on its way, or can not be had. @param {string} name @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
function coming(name, words, dispatch, edge) {
  const { t } = words;
  const close = (/** @type {any} */ event) => dispatch(name === "photo" && event.type === "panel_closed" ? { type: "photo_closed" } : event);
  const missed = edge.opened?.missed === true;
  return panel(name, t(name === "photo" ? "photo.open" : `visit.${name}`), html`
    <div role="status"><p>${t(missed ? "visit.notLoaded" : "moment")}</p></div>
    ${missed ? html`<button class="primary" type="button" @click=${() => edge.opened?.ask()}>${t("tryAgain")}</button>` : nothing}
  `, words, close);
}

/** Whose picture a small window would show. @param {State} state */
function pictured(state) {
  const other = held(state) ? null : counterpart(state);
  return other !== null && state.scene.pictures.includes(other.id) ? other.id : null;
}

/** How good the own line is, while it is up. It changes often, so nobody is interrupted by it. @param {State} state @param {Words} words */
function line({ snapshot, media }, { t }) {
  const quality = snapshot?.media?.quality ?? null;
  return quality === null || media !== "connected" ? nothing : html`<p class="own-line">${sign(quality, t)}</p>`;
}

/** One line of trouble at a time, the gravest first. @param {State} state @param {Words} words @param {Dispatch} dispatch */
function banner(state, words, dispatch) {
  const kind = bannerOf(state);
  if (kind === null) return nothing;
  if (kind === "device") return lost(state, words, dispatch);
  return html`<p>${icons.alert()}<span>${words.t(`banner.${kind}`, { name: counterpart(state)?.name ?? "" })}</span></p>`;
}

/** @type {Record<NonNullable<ReturnType<typeof stageWordsOf>>, string>} */
const STAGE_WORDS = {
  otherPaused: "visit.otherPaused", steppedOut: "visit.steppedOut", nobody: "visit.nobody", otherDrop: "banner.otherDrop", otherCameraOff: "visit.otherCameraOff",
  noPicture: "banner.noPicture", comingIn: "visit.comingIn", handedOver: "visit.handedOver", onHold: "visit.onHold", letIn: "visit.letIn", otherHeld: "visit.otherHeld",
};

/** What stands where the other's picture will be. @param {State} state @param {Words} words */
function stageWords(state, { t }) {
  const kind = stageWordsOf(state);
  // Of several each tile says its own.
  if (kind === null || (!held(state) && (state.snapshot?.others.length ?? 0) > 1)) return nothing;
  const name = held(state) ? (state.lastOther ?? capital(t("careTeam"))) : (counterpart(state)?.name ?? state.lastOther ?? "");
  const next = state.snapshot?.next?.name ?? "";
  const key = kind === "handedOver" && (state.lastOther ?? next) === next ? "visit.handedOverTo" : STAGE_WORDS[kind];
  return html`<p class="stage-words">${t(key, { name, next, phone: state.clinic?.phone ?? "" })}</p>`;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
function self(state, { t }, dispatch, edge) {
  const shown = state.devices.camera && !state.cameraOff;
  return html`
    <div class="self self-${state.corner}">
      ${shown ? html`<div class="self-picture">${edge.stage.own}</div>` : nothing}
      <div class="self-notes">
        ${shown ? nothing : html`<p>${icons.cameraOff()}<span>${t("visit.cameraOff")}</span></p>`}
        ${shown && isWeak(state) ? html`<p>${icons.cameraOff()}<span>${t("visit.youPaused")}</span></p>` : nothing}
        ${state.muted ? html`<p>${icons.microphoneOff()}<span>${t("visit.youMuted")}</span></p>` : nothing}
        ${unheard(state) ? html`<p>${icons.microphoneOff()}<span>${t("waiting.silent")}</span></p>` : nothing}
        ${state.scene.sharing === "on" ? html`<p>${icons.screen()}<span>${t("visit.youShare")}</span></p>` : nothing}
      </div>
      <button type="button" class="self-move" aria-label=${t("visit.moveSelf")} @click=${() => dispatch({ type: "corner_tapped" })}>${icons.corner()}</button>
    </div>
  `;
}
