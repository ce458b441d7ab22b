/** Calls to a patient's phone, and check-in items that staff go without. */
import { html } from "../../../../vendor/lit-html/lit-html.js";
import { icons } from "../../../icons.js";
import { telephone } from "../../../telephone.js";
import { chosen, field, form, noteField } from "./fields.js";

/** @typedef {import("../../types.js").State} State */
/** @typedef {import("../../types.js").Words} Words */
/** @typedef {import("../../effects.js").Dispatch} Dispatch */

const REASONS = ["asked", "readiness", "not_here", "technical_trouble", "running_late", "other"];
const RESULTS = ["solved", "visit_by_phone", "no_answer", "voicemail", "wrong_number", "reschedule", "other"];
const WAIVE_REASONS = ["answered_by_phone", "not_needed", "technical_trouble", "urgent", "other"];

/** @param {any} dialog @param {State} _ @param {Words} words @param {Dispatch} dispatch */
export function calling(dialog, _, words, dispatch) {
  const { t } = words;
  const { name, phone, reason } = dialog;
  const number = phone === ""
    ? html`<p>${t("preview.noPhone")}</p>`
    : html`<p><a class="primary" href=${telephone(phone)}>${icons.phone()}<span>${phone}</span></a></p>`;
  return form(dialog, words, dispatch, {
    title: t("ask.call", { name }), send: t("ask.callYes"),
    body: html`
      ${number}
      <p>${t("ask.callLead")}</p>
      ${field(dialog, words, "reason", t("ask.callReason"), (fault) => chosen("reason", REASONS.map((one) => [one, t(`why.${one}`)]), words, fault, reason), ["reason_missing"])}
      ${field(dialog, words, "result", t("ask.callResult"), (fault) => chosen("result", RESULTS.map((one) => [one, t(`result.${one}`)]), words, fault), ["result_missing"])}
      ${noteField(dialog, words)}
    `,
  });
}

/** @param {any} dialog @param {State} _ @param {Words} words @param {Dispatch} dispatch */
export function waiving(dialog, _, words, dispatch) {
  const { t } = words;
  return form(dialog, words, dispatch, {
    title: t("ask.waive", { title: dialog.title }), send: t("item.waive"),
    body: html`
      <p>${t("ask.waiveLead")}</p>
      ${field(dialog, words, "reason", t("ask.callReason"), (fault) => chosen("reason", WAIVE_REASONS.map((one) => [one, t(`waive.${one}`)]), words, fault), ["reason_missing"])}
      ${noteField(dialog, words)}
    `,
  });
}
