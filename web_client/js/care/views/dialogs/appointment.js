/** Booking, another time, cancelling: what the front desk does over the appointments interface. */
import { html, nothing } from "../../../../vendor/lit-html/lit-html.js";
import { LANGUAGES } from "../../../i18n.js";
import { clockAt, dayOf } from "../../clinic_days.js";
import { serverNow, zoneOf } from "../../state.js";
import { languageName } from "../facts.js";
import { choice, field, form, linkShown } from "./fields.js";

/** @typedef {import("../../types.js").State} State */
/** @typedef {import("../../types.js").Words} Words */
/** @typedef {import("../../effects.js").Dispatch} Dispatch */

const MINUTES = [15, 20, 30, 45, 60, 90];

/** @param {any} dialog @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function booking(dialog, state, words, dispatch) {
  const { t } = words;
  if (dialog.answer !== null) return link(dialog, words, dispatch, t("book.done"));
  const input = (/** @type {string} */ name, /** @type {string} */ type, /** @type {{required?: boolean, most?: number}} */ more = {}) =>
    field(dialog, words, name, t(`book.${name}`), ({ invalid, described }) => html`
      <input id="ask-${name}" name=${name} type=${type} ?required=${more.required} maxlength=${more.most ?? nothing} autocomplete="off" aria-invalid=${invalid} aria-describedby=${described} />`, [name]);
  return form(dialog, words, dispatch, {
    title: t("book.open"), send: t("book.send"),
    body: html`
      <div class="ask-grid">
        ${input("name", "text", { required: true, most: 120 })}
        ${input("birth_date", "date")}
        ${input("phone", "tel", { most: 40 })}
        ${input("email", "email", { most: 254 })}
        ${field(dialog, words, "language", t("preview.language"), () => choice("language", Object.keys(LANGUAGES).map((one) => [one, languageName(one, words)]), words.language), ["language"])}
        ${provider(dialog, state, words)}
        ${when(dialog, state, words)}
        ${field(dialog, words, "minutes", t("book.minutes"), () => choice("minutes", MINUTES.map((n) => [String(n), words.count("wait.minutes", n)]), "30"), ["minutes"])}
        ${input("reason", "text", { most: 500 })}
      </div>
      <label class="tick"><input type="checkbox" name="interpreter" /><span>${t("book.interpreter")}</span></label>
      <label class="tick"><input type="checkbox" name="sms_opt_in" /><span>${t("book.sms")}</span></label>
    `,
  });
}

/** @param {any} dialog @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function rescheduling(dialog, state, words, dispatch) {
  const { t } = words;
  if (dialog.answer !== null) return link(dialog, words, dispatch, t("reschedule.done"));
  const body = html`<p>${t("reschedule.lead")}</p><div class="ask-grid">${when(dialog, state, words, Date.parse(dialog.starts_at))}</div>`;
  return form(dialog, words, dispatch, { title: t("reschedule.title", { name: dialog.name }), send: t("reschedule.open"), body });
}

/** @param {any} dialog @param {State} _ @param {Words} words @param {Dispatch} dispatch */
export function cancelling(dialog, _, words, dispatch) {
  const { t } = words;
  const { name } = dialog;
  return form(dialog, words, dispatch, { title: t("ask.cancel", { name }), body: html`<p>${t("ask.cancelLead")}</p>`, send: t("ask.cancelYes"), keep: t("ask.cancelNo"), danger: true });
}

/** @param {any} dialog @param {Words} words @param {Dispatch} dispatch @param {string} title */
const link = (dialog, words, dispatch, title) => linkShown(dialog, words, dispatch, dialog.answer.links.patient, title, words.t("book.doneLead"));

/** @param {any} dialog @param {State} state @param {Words} words */
function provider(dialog, state, words) {
  const providers = (state.colleagues ?? []).filter((one) => one.role === "provider");
  const list = [["", words.t("book.shared")], ...providers.map((one) => [one.username, one.name])];
  return field(dialog, words, "provider", words.t("preview.provider"), () => html`
    <select id="ask-provider" name="provider">${list.map(([value, name]) => html`<option value=${value}>${name}</option>`)}</select>`, ["providers"]);
}

/** Day and clock time in the clinic's zone, whatever the desk's computer is set to. @param {any} dialog @param {State} state @param {Words} words @param {number} [present] when it is booked for so far */
function when(dialog, state, words, present) {
  const { t } = words;
  const today = dayOf(serverNow(state), zoneOf(state));
  const [day, clock] = present === undefined ? [nothing, nothing] : [dayOf(present, zoneOf(state)), clockAt(present, zoneOf(state))];
  const times = ["date_missing", "start", "starts_at", "skipped", "fold"];
  return html`
    ${field(dialog, words, "date", t("book.date"), ({ invalid, described }) => html`
      <input id="ask-date" name="date" type="date" value=${day} required min=${today} aria-invalid=${invalid} aria-describedby=${described} />`, times)}
    ${field(dialog, words, "time", t("book.time", { zone: zoneOf(state).split("/").at(-1)?.replaceAll("_", " ") ?? "" }), ({ invalid, described }) => html`
      <input id="ask-time" name="time" type="time" value=${clock} required aria-invalid=${invalid} aria-describedby=${described} />`, ["time_missing"])}
    ${dialog.twice
      ? field(dialog, words, "fold", t("book.fold"), () => choice("fold", [["0", t("book.first")], ["1", t("book.second")]], "0"))
      : nothing}
  `;
}
