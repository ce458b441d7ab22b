/** The visit on the care team's side: the patient large, nobody cropped, people and controls beside. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { clockOf } from "../../i18n.js";
import { icons } from "../../icons.js";
import { canShare } from "../../media/screen_share.js";
import { pictures, sign } from "../../media/stage_view.js";
import { tilesOf } from "../../media/tiles.js";
import { chatButton, chatPanel, talkNews } from "../../talk_view.js";
import { bannerOf, counterpart, knocking, isFull, patientName, stageWordsOf, visitRow } from "../in_visit.js";
import { waitingOutside } from "../queue.js";
import { placeOf, serverNow, zoneOf } from "../state.js";
import { company } from "./company.js";
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
        ${line(state, words)}
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
        ${chatPanel(state, placeOf(state), zoneOf(state), true, words, dispatch)}
        ${company(state, words, dispatch)}
      </div>
      ${talkNews(state, placeOf(state), words, dispatch)}
      <div class="controls" role="group" aria-label=${t("visit.controls")}>
        ${toggle("mute", silent, silent ? icons.microphoneOff() : icons.microphone(), words, dispatch)}
        ${toggle("camera", !off, off ? icons.cameraOff() : icons.camera(), words, dispatch)}
        ${canShare() ? toggle("share", state.scene.sharing === "on", icons.screen(), words, dispatch) : nothing}
        ${chatButton(state, placeOf(state), words, dispatch)}
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

/** How good the own line is, while it is up. @param {State} state @param {Words} words */
function line({ snapshot, media }, { t }) {
  const quality = snapshot?.visit?.media?.quality ?? null;
  return quality === null || media !== "connected" ? nothing : html`<p class="own-line">${sign(quality, t)}</p>`;
}

/** One line of trouble at a time, the gravest first. @param {State} state @param {Words} words @param {Dispatch} dispatch */
function banner(state, { t }, dispatch) {
  const kind = bannerOf(state);
  if (kind === null) return nothing;
  if (kind === "knocking") return html`${knocking(state).map((one) => atTheDoor(one, state, { t }, dispatch))}`;
  if (kind === "photo") return photoNews(state, { t }, dispatch);
  const { problem } = state.devices;
  if (kind === "weak") return html`<p>${icons.alert()}<span>${t("banner.weak")}</span></p>`;
  if (kind !== "device") return html`<p>${icons.alert()}<span>${t(`call.${kind}`, { name: patientName(state) })}</span></p>`;
  return html`<div class="trouble">
    ${icons.alert()}
    <div>
      <p>${t(`call.device.${problem}`, { name: patientName(state) })}</p>
      <button class="secondary" type="button" @click=${() => dispatch({ type: "device_fix_tapped" })}>${t("tryAgain")}</button>
    </div>
  </div>`;
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

/** @param {"mute" | "camera" | "share"} name @param {boolean} pressed @param {import("./page.js").View} icon @param {Words} words @param {Dispatch} dispatch */
const toggle = (name, pressed, icon, { t }, dispatch) => html`
  <button type="button" class="control control-${name}" aria-pressed=${pressed} @click=${() => dispatch({ type: `${name}_tapped` })}>
    ${icon}<span>${t(`visit.${name}`)}</span>
  </button>
`;
