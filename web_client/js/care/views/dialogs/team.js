/** Colleagues and guests: hand over, invite, running late. */
import { html, nothing } from "../../../../vendor/lit-html/lit-html.js";
import { icons } from "../../../icons.js";
import { namesProviders, providersIn } from "../../queue.js";
import { zoneOf } from "../../state.js";
import { choice, done, field, form, linkShown } from "./fields.js";

/** @typedef {import("../../types.js").State} State */
/** @typedef {import("../../types.js").Words} Words */
/** @typedef {import("../../effects.js").Dispatch} Dispatch */

const LATE_MINUTES = [5, 10, 15, 20, 30, 45, 60];
const LINK_MINUTES = [15, 30, 45, 60];

/** @param {any} dialog @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function handingOver(dialog, state, words, dispatch) {
  const { t } = words;
  const colleagues = (state.colleagues ?? []).filter((one) => one.username !== state.snapshot?.me.username && one.role !== "front_desk");
  const named = (/** @type {(typeof colleagues)[number]} */ { name, role, here }) => t(here ? "handover.here" : "handover.away", { name, role: t(`role.${role}`) });
  // Those who are here first: they can take the patient now.
  const list = [...colleagues].sort((one, other) => Number(other.here) - Number(one.here));
  const body = state.colleagues === null
    ? html`<p>${t("queue.loading")}</p>`
    : list.length === 0
      ? html`<p>${t("handover.nobody")}</p>`
      : html`
        <p>${t("handover.lead", { name: dialog.name })}</p>
        <fieldset class="choices">
          <legend>${t("handover.to")}</legend>
          ${missing(dialog, "to", words)}
          ${list.map((one, at) => html`<label><input id=${at === 0 ? "ask-to" : nothing} type="radio" name="to" value=${one.username} required ?autofocus=${at === 0} /><span>${named(one)}</span></label>`)}
        </fieldset>`;
  return form(dialog, words, dispatch, { title: t("handover.title", { name: dialog.name }), body, send: t("call.handOver") });
}

/** What is said where nothing of a list was chosen. @param {any} dialog @param {string} name @param {Words} words */
const missing = ({ failing }, name, { t }) =>
  failing?.field === `${name}_missing` ? html`<p class="fault">${icons.alert()}<span>${t(`wrong.${failing.field}`)}</span></p>` : nothing;

/** @param {any} dialog @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function inviting(dialog, state, words, dispatch) {
  const { t } = words;
  if (dialog.answer !== null) {
    const { url, expires_at } = dialog.answer;
    return linkShown(dialog, words, dispatch, url, t("invite.done"), t("invite.doneLead", { time: words.time(expires_at, zoneOf(state)) }));
  }
  return form(dialog, words, dispatch, {
    title: t("invite.title"), send: t("call.invite"),
    body: html`
      <p>${t("invite.lead")}</p>
      ${field(dialog, words, "role", t("invite.role"), () => choice("role", ["companion", "interpreter", "guest"].map((role) => [role, t(`role.${role}`)]), "companion"))}
      ${field(dialog, words, "name", t("invite.name"), ({ invalid, described }) => html`
        <input id="ask-name" name="name" required maxlength="120" autocomplete="off" aria-invalid=${invalid} aria-describedby=${described} />`, ["name"])}
      ${field(dialog, words, "minutes", t("invite.minutes"), () => choice("minutes", LINK_MINUTES.map((n) => [String(n), words.count("wait.minutes", n)]), "30"))}
    `,
  });
}

/** @param {any} dialog @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function late(dialog, state, words, dispatch) {
  const { t } = words;
  const all = dialog.visit === null;
  if (dialog.answer !== null) return done(words, dispatch, t("late.done"), words.count("late.told", dialog.answer.told));
  return form(dialog, words, dispatch, {
    title: all ? t("late.open") : t("late.title", { name: dialog.name }), send: t("late.send"),
    body: html`
      <p>${t(all ? "late.leadAll" : "late.leadOne")}</p>
      ${all && namesProviders(state) ? field(dialog, words, "provider", t("late.whose"), () => html`
        <select id="ask-provider" name="provider">
          <option value="">${t("late.everyone")}</option>
          ${providersIn(state.rows).map((one) => html`<option value=${one.id}>${one.name}</option>`)}
        </select>`) : nothing}
      <fieldset class="choices choices-row">
        <legend>${t("late.by")}</legend>
        ${LATE_MINUTES.map((n) => html`<label><input type="radio" name="minutes" value=${n} required ?checked=${n === 15} /><span>${words.count("wait.minutes", n)}</span></label>`)}
        <label><input type="radio" name="minutes" value="0" /><span>${t("late.back")}</span></label>
      </fieldset>
    `,
  });
}
