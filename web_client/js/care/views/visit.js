/** The visit on the care team's side: the patient large, nobody cropped, people and controls beside. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { canFlip, moreIcon, opens, toggle } from "../../bar.js";
import { chatPanel } from "../../chat_panel.js";
import { clockOf } from "../../i18n.js";
import { icons } from "../../icons.js";
import { canShare } from "../../media/screen_share.js";
import { pictures } from "../../media/stage_view.js";
import { tilesOf } from "../../media/tiles.js";
import { more } from "../../more.js";
import { chatButton, talkNews } from "../../talk_view.js";
import { bannerOf, counterpart, knocking, isFull, patientName, stageWordsOf, visitRow } from "../in_visit.js";
import { waitingOutside } from "../queue.js";
import { placeOf, serverNow, zoneOf } from "../state.js";
import { company } from "./company.js";
import { deviceTrouble } from "./device_trouble.js";
import { lines } from "./lines.js";
import { photoNews } from "./photos.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
export function visit(state, words, dispatch, edge) {
  const { t } = words;
  const current = state.snapshot?.visit;
  if (!current) return html`<main class="call"></main>`;
  const name = patientName(state);
  const since = current.started_at === null ? serverNow(state) : Date.parse(current.started_at);
  const off = state.cameraOff || !state.devices.camera;
  const silent = state.muted || !state.devices.microphone;
  return html`
    <main class="call">
      <h1 class="hidden" tabindex="-1">${t("visit.title", { name })}</h1>
      <div class="call-bar">
        <div role="status" class="banner">${banner(state, words, dispatch)}</div>
        ${lines(state, words)}
        <div role="status" class="mate">${counterpart(state)?.microphone === false ? html`<p>${icons.microphoneOff()}<span>${t("visit.otherMuted", { name })}</span></p>` : nothing}</div>
        ${waitingOutside(state) > 0 ? html`<p class="outside">${t("queue.title", { n: waitingOutside(state) })}</p>` : nothing}
        <p class="timer" role="timer" aria-label=${t("visit.timer")}>${clockOf(serverNow(state) - since)}</p>
      </div>
      <div class="call-body">
        <div class="stage">
          ${stage(state, words, edge)}
          <div role="status" class="stage-status">${stageWords(state, words)}</div>
          ${state.soundBlocked
            ? html`<button class="primary sound-button" type="button" @click=${() => dispatch({ type: "sound_tapped" })}>${icons.sound()}${t("visit.tapSound")}</button>`
            : nothing}
          <div class="self self-bottom-right">
            ${off ? nothing : html`<div class="self-picture">${edge.stage.own}</div>`}
            <div class="self-notes">
              ${off ? html`<p>${icons.cameraOff()}<span>${t("visit.cameraOff")}</span></p>` : nothing}
              ${!off && state.scene.weak ? html`<p>${icons.cameraOff()}<span>${t("visit.youPaused")}</span></p>` : nothing}
              ${state.muted ? html`<p>${icons.microphoneOff()}<span>${t("visit.youMuted")}</span></p>` : nothing}
              ${state.scene.sharing === "on" ? html`<p>${icons.screen()}<span>${t("visit.youShare")}</span></p>` : nothing}
            </div>
          </div>
        </div>
        ${state.tools.panel === "more" ? more(state, pictured(state), words, dispatch) : nothing}
        ${chatPanel(state, placeOf(state), zoneOf(state), true, words, dispatch)}
        ${company(state, words, dispatch)}
      </div>
      ${talkNews(state, placeOf(state), words, dispatch)}
      <div class="controls" role="group" aria-label=${t("visit.controls")}>
        ${toggle("mute", silent, silent ? icons.microphoneOff() : icons.microphone(), words, dispatch)}
        ${toggle("camera", !off, off ? icons.cameraOff() : icons.camera(), words, dispatch)}
        ${canFlip(state.devices)
          ? html`<button type="button" class="control bar-flip" @click=${() => dispatch({ type: "flip_tapped" })}>${icons.flip()}<span>${t("visit.flip")}</span></button>`
          : nothing}
        ${canShare() ? toggle("share", state.scene.sharing === "on", icons.screen(), words, dispatch) : nothing}
        ${chatButton(state, placeOf(state), words, dispatch)}
        ${opens("more", state.tools.panel, moreIcon(), t("visit.more"), dispatch)}
        <div class="controls-out">
          <button type="button" class="control" title=${t("call.leaveHint")} @click=${() => dispatch({ type: "leave_tapped" })}>${icons.leave()}<span>${t("call.leave")}</span></button>
          ${current.may.includes("end")
            ? html`<button type="button" class="control control-end" @click=${() => dispatch({ type: "dialog_opened", dialog: { kind: "end", visit: current.id, name } })}>${icons.end()}<span>${t("call.end")}</span></button>`
            : nothing}
        </div>
      </div>
    </main>
  `;
}

/** Whose pictures there are. @param {State} state @param {Words} words @param {Edge} edge */
function stage(state, { t }, edge) {
  const { others = [], media = null } = state.snapshot?.visit ?? {};
  return pictures(tilesOf(others, media, state.scene, counterpart(state)?.id ?? null, (name) => t("visit.screenOf", { name })), edge.stage, t);
}

/** Whose picture a small window would show. @param {State} state */
function pictured(state) {
  const other = counterpart(state);
  return other !== null && state.scene.pictures.includes(other.id) ? other.id : null;
}

/** One line of trouble at a time, the gravest first. @param {State} state @param {Words} words @param {Dispatch} dispatch */
function banner(state, words, dispatch) {
  const { t } = words;
  const kind = bannerOf(state);
  if (kind === null) return nothing;
  if (kind === "knocking") return html`${knocking(state).map((one) => atTheDoor(one, state, words, dispatch))}`;
  if (kind === "photo") return photoNews(state, words, dispatch);
  if (kind === "device") return deviceTrouble(state, words, dispatch);
  const key = kind === "weak" ? "banner.weak" : kind === "otherPaused" ? "visit.otherPaused" : `call.${kind}`;
  return html`<p>${icons.alert()}<span>${t(key, { name: patientName(state) })}</span></p>`;
}

/** @param {{id: string, name: string, role: string}} one @param {State} state @param {Pick<Words, "t">} words @param {Dispatch} dispatch */
function atTheDoor({ id, name, role }, state, { t }, dispatch) {
  const row = visitRow(state);
  const full = row !== null && isFull(row);
  const visit = state.snapshot?.visit?.id ?? "";
  return html`<div class="trouble">
    ${icons.person()}
    <div>
      <p>${t("call.knocking", { name, role: t(`role.${role}`) })}</p>
      ${full ? html`<p id="full-${id}">${t("guest.full")}</p>` : nothing}
      <button class="primary" type="button" aria-disabled=${full || state.asked !== null} aria-describedby=${full ? `full-${id}` : nothing} @click=${() => full || dispatch({ type: "admit_tapped", visit, participant: id })}>
        ${t(state.asked === null ? "preview.admit" : "preview.admitting")}
      </button>
    </div>
  </div>`;
}

/** What stands where the patient's picture will be. @param {State} state @param {Words} words */
function stageWords(state, { t }) {
  const kind = stageWordsOf(state);
  // Of several each tile says its own.
  if (kind === null || (state.snapshot?.visit?.others.length ?? 0) > 1) return nothing;
  const key = kind === "otherCameraOff" || kind === "otherPaused" ? `visit.${kind}` : kind === "takenOver" ? "row.takenOver" : `call.${kind}`;
  return html`<p class="stage-words">${t(key, { name: patientName(state) })}</p>`;
}
