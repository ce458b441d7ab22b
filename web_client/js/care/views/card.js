/** The emergency card: where the patient is, whom to call, who else is there. Read in two seconds. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { telephone } from "../../telephone.js";
import { placeOf } from "../row_facts.js";
import { serverNow, zoneOf } from "../state.js";
import { bornText, placeName } from "./facts.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {string} visit @param {Words} words @param {Dispatch} dispatch */
export const cardOpener = (visit, { t }, dispatch) => html`
  <button class="plain card-open" type="button" aria-keyshortcuts="e" @click=${() => dispatch({ type: "card_tapped", visit })}>${icons.alert()}<span>${t("card.open")}</span></button>
`;

/** @param {any} dialog @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function card(dialog, state, words, dispatch) {
  const { t } = words;
  /** @type {Row} */
  const row = state.rows.get(dialog.visit) ?? dialog.row;
  const { name, phone } = row.patient;
  const number = state.snapshot?.clinic.emergency_number ?? "911";
  const local = state.snapshot?.clinic.emergency_phones[placeOf(row)];
  return html`
    <div class="ask-form card">
      <h2 id="ask-title" tabindex="-1" autofocus>${t("card.title", { name })}</h2>
      <p>${bornText(row, words, serverNow(state), zoneOf(state)) ?? t("preview.bornUnknown")}</p>
      ${state.link === "connected" ? nothing : html`<p class="card-stale">${icons.alert()}<span>${t("card.stale")}</span></p>`}
      <section>
        <h3>${t("card.where")}</h3>
        ${where(dialog, row, words, dispatch)}
      </section>
      <section>
        <h3>${t("card.services")}</h3>
        <p><a class="danger card-call" href=${telephone(number)}>${icons.phone()}<span>${number}</span></a></p>
        ${local === undefined ? nothing : html`<p>${t("card.local", { place: placeName(row, words) })}<br /><a class="danger card-call" href=${telephone(local)}>${icons.phone()}<span>${local}</span></a></p>`}
        <p>${t(placeName(row, words) === t("preview.abroad") ? "card.abroad" : "card.elsewhere", { number })}</p>
      </section>
      <section>
        <h3>${t("card.callback")}</h3>
        <p>${phone === "" ? t("preview.noPhone") : html`<a class="secondary card-call" href=${telephone(phone)}>${icons.phone()}<span>${phone}</span></a>`}</p>
      </section>
      <section>
        <h3>${t("card.with")}</h3>
        <p>${company(dialog.visit, row, state, words)}</p>
      </section>
      <div class="ask-actions"><button class="secondary" type="button" @click=${() => dispatch({ type: "dismissed" })}>${t("card.close")}</button></div>
    </div>
  `;
}

/** @param {any} dialog @param {Row} row @param {Words} words @param {Dispatch} dispatch */
function where(dialog, row, words, dispatch) {
  const { t } = words;
  const told = row.check_in?.items.find((item) => item.kind === "location" && item.state === "done");
  if (told === undefined) return html`<p class="card-place">${t("card.unknown")}</p>`;
  const { address } = told.answer;
  const place = placeName(row, words);
  return html`
    <p class="card-place">${address}<br />${place}</p>
    <p>${t("card.asTold")}</p>
    <button class="secondary" type="button" @click=${() => dispatch({ type: "copy_tapped", text: `${address}, ${place}` })}>${t("card.copy")}</button>
    <span role="status">${dialog.copied ? t("link.copied") : nothing}</span>
  `;
}

/** Who may help on the spot, or talks with the patient. @param {string} visit @param {Row} row @param {State} state @param {Words} words */
function company(visit, row, state, { t }) {
  const current = state.snapshot?.visit;
  const names = current?.id === visit
    ? current.others.filter(({ role, phase }) => role !== "patient" && phase === "in_visit").map(({ name, role }) => `${name} (${t(`role.${role}`)})`)
    : row.with;
  return names.join(", ") || t("card.nobody");
}
