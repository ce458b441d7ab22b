/** The selected row in full, and what this person may do about it. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { fullOf, selectedRow, serverNow } from "../state.js";
import { waitOf } from "../waits.js";
import { stateText } from "./queue.js";

/** @param {import("../state.js").State} state @param {import("../../i18n.js").Words} words @param {import("../effects.js").Dispatch} dispatch */
export function preview(state, words, dispatch) {
  const { t } = words;
  const row = selectedRow(state);
  if (row === null || state.screen !== "preview") return html`<p class="choose">${t("queue.choose")}</p>`;
  const zone = state.snapshot?.clinic.time_zone ?? "UTC";
  const { visit, patient } = row;
  const full = fullOf(state, row);
  const grade = waitOf(patient.waiting_since, serverNow(state))?.grade ?? "ok";
  return html`
    <button class="plain detail-back" type="button" @click=${() => dispatch({ type: "back_tapped" })}>${icons.back()}<span>${t("preview.back")}</span></button>
    <h1 tabindex="-1" class="detail-name">${patient.name}</h1>
    <dl class="facts">
      <div><dt>${t("preview.state")}</dt><dd class="wait-${patient.phase === "waiting" ? grade : "ok"}">${stateText(row, state, words)}</dd></div>
      <div><dt>${t("preview.booked")}</dt><dd>${words.day(row.starts_at, zone, serverNow(state))}, ${words.time(row.starts_at, zone)}</dd></div>
      <div><dt>${t("preview.reason")}</dt><dd>${row.reason || t("preview.noReason")}</dd></div>
      <div><dt>${t("preview.provider")}</dt><dd>${row.provider.name}</dd></div>
    </dl>
    ${full.length > 0 ? html`<p class="quiet">${icons.person()}<span>${t("preview.full", { names: full.join(", ") })}</span></p>` : nothing}
    <div class="detail-actions">
      ${row.may.includes("admit")
        ? html`<button class="primary" type="button" aria-disabled=${state.asked !== null} @click=${() => dispatch({ type: "admit_tapped", visit, participant: patient.id })}>
            ${t(state.asked === visit ? "preview.admitting" : "preview.admit")}
          </button>`
        : nothing}
      ${row.may.includes("enter")
        ? html`<button class="primary" type="button" aria-disabled=${state.asked !== null} @click=${() => dispatch({ type: "enter_tapped", visit })}>
            ${t(state.asked === visit ? "preview.entering" : "preview.enter")}
          </button>`
        : nothing}
      ${row.may.includes("remove")
        ? html`<button class="secondary" type="button" @click=${() => dispatch({ type: "remove_tapped", visit, participant: patient.id, name: patient.name })}>${t("preview.remove")}</button>`
        : nothing}
      ${row.may.includes("end")
        ? html`<button class="secondary" type="button" @click=${() => dispatch({ type: "end_tapped", visit })}>${t("preview.end")}</button>`
        : nothing}
    </div>
  `;
}
