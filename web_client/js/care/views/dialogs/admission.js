/** Who is let in: name and date of birth, and what must be confirmed. */
import { html, nothing } from "../../../../vendor/lit-html/lit-html.js";
import { icons } from "../../../icons.js";
import { isUnsure } from "../../row_facts.js";
import { serverNow, zoneOf } from "../../state.js";
import { bornText } from "../facts.js";
import { licenceText } from "../preview.js";
import { form } from "./fields.js";

/** @param {any} dialog @param {import("../../types.js").State} state @param {import("../../types.js").Words} words @param {import("../../effects.js").Dispatch} dispatch */
export function admission(dialog, state, words, dispatch) {
  const { t } = words;
  const row = state.rows.get(dialog.visit);
  const isPatient = row !== undefined && row.patient.id === dialog.participant;
  const identity = isPatient ? html`<p class="who-born">${bornText(row, words, serverNow(state), zoneOf(state)) ?? t("preview.bornUnknown")}</p>` : nothing;
  const licence = isPatient && dialog.checks.includes("licence") ? html`<div class="trouble">${icons.alert()}<p>${licenceText(row, words)}</p></div>` : nothing;
  const unsure = isPatient && isUnsure(row.patient);
  const told = unsure ? html`<div class="trouble">${icons.alert()}<p>${t("preview.staffChecks")}</p></div>` : nothing;
  return form(dialog, words, dispatch, {
    title: t("ask.admit", { name: dialog.name }), send: t(unsure ? "ask.admitChecked" : "preview.admit"), keep: t("ask.admitNo"),
    body: html`${identity}${told}${licence}<p>${t(licence === nothing ? "ask.admitLead" : "ask.admitLicence")}</p>`,
  });
}
