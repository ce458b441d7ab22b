/** The call list of a day: whose camera, sound or connection needs help before the visit. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { repeat } from "../../../vendor/lit-html/directives/repeat.js";
import { icons } from "../../icons.js";
import { dayOf, nextDay } from "../clinic_days.js";
import { isTested, needsHelp, reasonToCall } from "../row_facts.js";
import { serverNow, zoneOf } from "../state.js";
import { opener } from "./buttons.js";
import { callList, note } from "./calls.js";
import { fullDate, verdictText } from "./facts.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function readiness(state, words, dispatch) {
  const { t } = words;
  if (state.readiness === null) return nothing;
  const { day, list } = state.readiness;
  const picked = (/** @type {any} */ event) => dispatch({ type: "readiness_day", day: event.target.value });
  return html`
    <section class="calling">
      <button class="plain" type="button" @click=${() => dispatch({ type: "readiness_closed" })}>${icons.back()}<span>${t("preview.back")}</span></button>
      <h1 tabindex="-1">${t("readiness.title")}</h1>
      <div class="field calling-day"><label for="readiness-day">${t("readiness.day")}</label><input id="readiness-day" type="date" .value=${day} @change=${picked} /></div>
      <div role="status">${list === null ? html`<p>${t("queue.loading")}</p>` : html`<p class="calling-sum">${summary(list, day, state, words)}</p>`}</div>
      ${list === null ? nothing : parts(list.rows, state, words, dispatch)}
    </section>
  `;
}

/** "4 of tomorrow's 38 need help". @param {import("../../net/messages.js").CallList} list @param {string} day @param {State} state @param {Words} words */
function summary({ total, ready, untested }, day, state, words) {
  const today = dayOf(serverNow(state), zoneOf(state));
  const when = day === today ? "Today" : day === nextDay(today) ? "Tomorrow" : "";
  const facts = { n: total - ready - untested, of: total, day: fullDate(day, words), untested, ready };
  if (total === 0) return words.t("readiness.none");
  const first = { Today: "readiness.today", Tomorrow: "readiness.tomorrow", "": "readiness.onDay" }[when];
  return `${words.t(first, facts)} ${words.t("readiness.rest", facts)}`;
}

/** Those who are ready need no call; they are listed for whoever may move or cancel their appointment. @param {readonly Row[]} rows @param {State} state @param {Words} words @param {Dispatch} dispatch */
function parts(rows, state, words, dispatch) {
  return html`
    ${part("readiness.help", rows.filter(needsHelp), state, words, dispatch)}
    ${part("readiness.untested", rows.filter((row) => !isTested(row)), state, words, dispatch)}
    ${part("readiness.ready", rows.filter((row) => isTested(row) && !needsHelp(row) && (row.may.includes("reschedule") || row.may.includes("cancel"))), state, words, dispatch)}
  `;
}

/** @param {"readiness.help" | "readiness.untested" | "readiness.ready"} title @param {readonly Row[]} rows @param {State} state @param {Words} words @param {Dispatch} dispatch */
function part(title, rows, state, words, dispatch) {
  if (rows.length === 0) return nothing;
  return html`
    <h2>${words.t(title, { n: rows.length })}</h2>
    <ul class="calling-list">${repeat(rows, (row) => row.visit, (row) => one(row, state, words, dispatch))}</ul>
  `;
}

/** The list of the day shows today alone: what is booked for later is moved and cancelled here. @param {Row} row @param {Words} words @param {Dispatch} dispatch */
function moving({ visit, patient, starts_at, may }, { t }, dispatch) {
  const { name } = patient;
  return html`<div class="company-acts">
    ${may.includes("reschedule") ? opener("plain", t("reschedule.open"), dispatch, { kind: "reschedule", visit, name, starts_at }, `call-${visit}`) : nothing}
    ${may.includes("cancel") ? opener("plain", t("ask.cancelYes"), dispatch, { kind: "cancel", visit, name }, `call-${visit}`) : nothing}
  </div>`;
}

/** @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch */
function one(row, state, words, dispatch) {
  const { t } = words;
  const { visit, patient } = row;
  const fix = `fix.${row.readiness?.cause}`;
  const help = needsHelp(row);
  return html`
    <li aria-label=${t("readiness.row", { name: patient.name, verdict: verdictText(row, words) })}>
      <div>
        <p><strong id="call-${visit}">${patient.name}</strong> <span class="calling-time">${words.time(row.starts_at, zoneOf(state))}</span></p>
        <p class=${help ? "fact fact-care" : "fact"}>${help ? icons.alert() : nothing}<span>${verdictText(row, words)}</span></p>
        ${words.has(fix) ? html`<p>${t(fix)}</p>` : nothing}
        <p>${patient.phone || t("preview.noPhone")}</p>
        ${callList(row, state, words)}
      </div>
      <div>
        ${row.may.includes("call") ? html`
          ${opener("secondary", t("call.phone"), dispatch, { kind: "call", visit, name: patient.name, phone: patient.phone, reason: reasonToCall(row) }, `call-${visit}`)}
          ${note(row, words, dispatch)}` : row.note}
        ${moving(row, words, dispatch)}
      </div>
    </li>
  `;
}
