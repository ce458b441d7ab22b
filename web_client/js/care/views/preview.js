/** The selected row in full, and what this person may do about it. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { repeat } from "../../../vendor/lit-html/directives/repeat.js";
import { icons } from "../../icons.js";
import { telephone } from "../../telephone.js";
import { fullOf } from "../in_visit.js";
import { isTakenOver, isUnsure } from "../row_facts.js";
import { selectedRow, serverNow, zoneOf } from "../state.js";
import { actions } from "./actions.js";
import { checkIn } from "./check_in.js";
import { calls } from "./calls.js";
import { bornText, browserName, deviceName, languageName, placeName, verdictText } from "./facts.js";
import { guests } from "./guests.js";
import { introduction } from "./introduction.js";
import { nowText, waitFor } from "./row.js";
import { thread } from "./thread.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {State} state @param {Row} row */
export const isOpen = (state, row) => state.screen === "preview" && state.selected === row.visit;

/** Made anew for each visit, so that nothing typed for one patient stands under another's name. @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function preview(state, words, dispatch) {
  const row = state.screen === "preview" ? selectedRow(state) : null;
  if (row === null) return html`${introduction(state, words, dispatch)}<p class="choose">${words.t("queue.choose")}</p>`;
  return html`${repeat([row], ({ visit }) => visit, () => opened(row, state, words, dispatch))}`;
}

/** @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch */
function opened(row, state, words, dispatch) {
  const { t } = words;
  const full = fullOf(state, row);
  return html`
    <button class="plain detail-back" type="button" @click=${() => dispatch({ type: "back_tapped" })}>${icons.back()}<span>${t("preview.back")}</span></button>
    <div class="who">
      <h1 tabindex="-1" class="detail-name">${row.patient.name}</h1>
      <p class="who-born">${bornText(row, words, serverNow(state), zoneOf(state)) ?? t("preview.bornUnknown")}</p>
    </div>
    ${warnings(row, words)}
    ${full.length > 0 ? html`<p class="quiet">${icons.person()}<span>${t("preview.full", { names: full.join(", ") })}</span></p>` : nothing}
    ${actions(row, state, words, dispatch)}
    ${facts(row, state, words)}
    ${checkIn(row, state, words, dispatch)}
    ${row.messages.some((one) => one.participant === row.patient.id) || row.may.includes("message")
      ? html`<section class="part-of"><h2>${t("thread.title")}</h2>${thread(row, row.patient, row.may.includes("message"), state, words, dispatch)}</section>`
      : nothing}
    ${guests(row, state, words, dispatch)}
    ${calls(row, state, words, dispatch)}
  `;
}

/** What stands between this patient and Admit. @param {Row} row @param {Words} words */
export function warnings(row, words) {
  const { t } = words;
  const licence = row.checks.includes("licence");
  const unsure = isUnsure(row.patient);
  const taken = isTakenOver(row);
  if (!licence && !unsure && !taken) return nothing;
  return html`
    <div class="trouble">
      ${icons.alert()}
      <div>
        ${licence ? html`<p>${licenceText(row, words)}</p>` : nothing}
        ${unsure ? html`<p>${t("preview.staffChecks")}</p>` : nothing}
        ${taken ? html`<p>${t("row.takenOver")}</p>` : nothing}
      </div>
    </div>
  `;
}

/** @param {Row} row @param {Words} words */
export function licenceText(row, words) {
  const { t } = words;
  const facts = { name: row.patient.name, place: placeName(row, words) };
  const names = row.providers.map((one) => one.name).join(", ");
  return names === "" ? t("preview.licenceNobody", facts) : t("preview.licence", { ...facts, names });
}

/** @param {Row} row @param {State} state @param {Words} words */
function facts(row, state, words) {
  const { t } = words;
  const { patient, readiness } = row;
  const zone = zoneOf(state);
  const grade = waitFor(row, state)?.grade ?? "ok";
  const day = (/** @type {string} */ at) => t("preview.at", { day: words.day(at, zone, serverNow(state)), time: words.time(at, zone) });
  const place = row.check_in?.items.find((item) => item.kind === "location" && item.state === "done");
  const fix = `fix.${readiness?.cause}`;
  return html`
    <dl class="facts">
      <div><dt>${t("preview.state")}</dt><dd class="wait-${grade}">${nowText(row, state, words)}</dd></div>
      <div><dt>${t("preview.booked")}</dt><dd>${day(row.starts_at)}</dd></div>
      ${patient.arrived_at === null ? nothing : html`<div><dt>${t("preview.arrived")}</dt><dd>${day(patient.arrived_at)}</dd></div>`}
      <div><dt>${t("preview.reason")}</dt><dd>${row.reason || t("preview.noReason")}</dd></div>
      <div><dt>${t("preview.provider")}</dt><dd>${row.providers.map((one) => one.name).join(", ") || t("preview.shared")}</dd></div>
      <div><dt>${t("preview.location")}</dt><dd>${place ? html`${placeName(row, words)}<br />${place.answer.address}` : t("preview.notSaid")}</dd></div>
      <div><dt>${t("preview.phone")}</dt><dd>${patient.phone === "" ? t("preview.noPhone") : html`<a href=${telephone(patient.phone)}>${patient.phone}</a>`}</dd></div>
      <div><dt>${t("preview.language")}</dt><dd>${languageName(patient.language, words)}${patient.interpreter ? `, ${t("row.interpreter")}` : ""}</dd></div>
      <div>
        <dt>${t("preview.device")}</dt>
        <dd>
          ${verdictText(row, words)}${readiness === null ? nothing : html`<br />${[deviceName(row, words), browserName(row), day(readiness.at)].filter((text) => text !== "").join(", ")}`}
          ${readiness?.echo === "works" ? html`<br />${t("preview.heardSelf")}` : nothing}
          ${words.has(fix) ? html`<br /><em>${t(fix)}</em>` : nothing}
        </dd>
      </div>
    </dl>
  `;
}
