/** The buttons of the open row: exactly what the server would grant this person now. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { reasonToCall } from "../row_facts.js";
import { opener, teller } from "./buttons.js";
import { cardOpener } from "./card.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function actions(row, state, words, dispatch) {
  return html`
    <div class="detail-actions">
      ${into(row, state, words, dispatch)}
      ${talk(row, words, dispatch)}
      ${cardOpener(row.visit, words, dispatch)}
    </div>
    <div class="detail-actions detail-more">${rest(row, words, dispatch)}</div>
  `;
}

/** @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch */
function into({ visit, patient, may }, state, { t }, dispatch) {
  const held = patient.phase === "on_hold";
  const busy = state.asked === visit;
  const entry = (/** @type {"primary" | "secondary"} */ look, /** @type {string} */ label, /** @type {import("../types.js").Event} */ event) =>
    html`<button class=${look} type="button" aria-disabled=${state.asked !== null} @click=${() => dispatch(event)}>${label}</button>`;
  return html`
    ${may.includes("admit") ? entry("primary", t(busy ? "preview.admitting" : held ? "call.resume" : "preview.admit"), { type: "admit_tapped", visit, participant: patient.id }) : nothing}
    ${may.includes("enter") ? entry(may.includes("admit") ? "secondary" : "primary", t(busy ? "preview.entering" : "preview.enter"), { type: "enter_tapped", visit }) : nothing}
  `;
}

/** @param {Row} row @param {Words} words @param {Dispatch} dispatch */
function talk(row, { t }, dispatch) {
  const { visit, patient, may } = row;
  const { id, name, phone } = patient;
  return html`
    ${may.includes("message") ? teller("secondary", t("thread.open"), dispatch, { type: "message_tapped", participant: id }) : nothing}
    ${may.includes("call") ? opener("secondary", t("call.phone"), dispatch, { kind: "call", visit, name, phone, reason: reasonToCall(row) }) : nothing}
    ${may.includes("hand_over") ? opener("secondary", t("call.handOver"), dispatch, { kind: "hand_over", visit, name }) : nothing}
    ${may.includes("invite") ? opener("secondary", t("call.invite"), dispatch, { kind: "invite", visit, name }) : nothing}
  `;
}

/** @param {Row} row @param {Words} words @param {Dispatch} dispatch */
function rest({ visit, patient, starts_at, may }, { t }, dispatch) {
  const { id, name } = patient;
  return html`
    ${may.includes("hold") ? teller("plain", t("call.hold"), dispatch, { type: "hold_tapped", visit, participant: id }) : nothing}
    ${may.includes("return") ? teller("plain", t("call.return"), dispatch, { type: "return_tapped", visit, participant: id }) : nothing}
    ${may.includes("late") ? opener("plain", t("late.one"), dispatch, { kind: "late", visit, name }) : nothing}
    ${may.includes("reschedule") ? opener("plain", t("reschedule.open"), dispatch, { kind: "reschedule", visit, name, starts_at }) : nothing}
    ${may.includes("cancel") ? opener("plain", t("ask.cancelYes"), dispatch, { kind: "cancel", visit, name }) : nothing}
    ${may.includes("no_show") ? opener("plain", t("ask.no_showYes"), dispatch, { kind: "no_show", visit, name }) : nothing}
    ${may.includes("complete") ? opener("plain", t("ask.completeYes"), dispatch, { kind: "complete", visit, name }) : nothing}
    ${may.includes("remove") ? opener("plain", t("call.remove"), dispatch, { kind: "remove", visit, participant: id, name }) : nothing}
    ${may.includes("end") ? opener("plain", t("call.end"), dispatch, { kind: "end", visit, name }) : nothing}
  `;
}
