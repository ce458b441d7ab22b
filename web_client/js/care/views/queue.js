/** The day's list. Rows stand in the server's order and never move because another row changed. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { repeat } from "../../../vendor/lit-html/directives/repeat.js";
import { icons } from "../../icons.js";
import { presentRows, serverNow, waitingRows } from "../state.js";
import { waitOf } from "../waits.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../state.js").Row} Row */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function queue(state, words, dispatch) {
  const { t } = words;
  const rows = state.snapshot?.queue;
  const n = presentRows(state.snapshot).length;
  const lost = waitingRows(state.snapshot).length - n;
  const title = lost === 0 ? t("queue.title", { n }) : t("queue.titleLost", { n, lost });
  return html`
    <section class="rail">
      ${state.screen === "preview" ? html`<h2>${title}</h2>` : html`<h1 tabindex="-1">${title}</h1>`}
      <div role="status">${state.link === "connected" || state.link === "connecting" ? nothing : html`<p class="bad">${icons.alert()}<span>${t("call.drop")}</span></p>`}</div>
      ${rows === undefined
        ? html`<p>${t("queue.loading")}</p>`
        : rows.length === 0
          ? html`<p>${t("queue.empty")}</p>`
          : html`<ul class="rows" aria-label=${t("queue.list")}>
              ${repeat(rows, (row) => row.visit, (row) => item(row, state, words, dispatch))}
            </ul>`}
      <div class="rail-foot">
        <p class="keys">${t("queue.keys")}</p>
        <button class="plain" type="button" aria-pressed=${state.sound} @click=${() => dispatch({ type: "tone_tapped" })}>
          ${state.sound ? icons.sound() : icons.soundOff()}<span>${t("queue.tone")}</span>
        </button>
        ${state.alerts === "default" ? html`<button class="plain" type="button" @click=${() => dispatch({ type: "alerts_tapped" })}>${icons.bell()}<span>${t("queue.alerts")}</span></button>` : nothing}
        ${state.alerts === "denied" ? html`<p class="keys">${t("queue.alertsDenied")}</p>` : nothing}
      </div>
    </section>
  `;
}

/** @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch */
function item(row, state, words, dispatch) {
  const { patient } = row;
  const zone = state.snapshot?.clinic.time_zone ?? "UTC";
  const time = words.time(row.starts_at, zone);
  const wait = patient.phase === "waiting" ? waitOf(patient.waiting_since, serverNow(state)) : null;
  const open = row.visit === state.selected;
  const fresh = state.arrivals.includes(row.visit);
  return html`
    <li class=${fresh ? "row row-new" : "row"} aria-label=${words.t("row.label", { name: patient.name, state: stateText(row, state, words), time })}>
      <button id="row-${row.visit}" type="button" data-visit=${row.visit} aria-current=${open} @click=${() => dispatch({ type: "row_chosen", visit: row.visit })}>
        <span class="row-icon row-icon-${patient.phase}">${symbol(row)}</span>
        <span class="row-name">${patient.name}${fresh ? html` <em>${words.t("row.new")}</em>` : nothing}</span>
        <span class="row-time">${wait ? html`<strong class="wait wait-${wait.grade}">${waitText(wait.minutes, words)}</strong>` : time}</span>
        <span class="row-state">${[wait ? time : "", detailText(row, wait, words)].filter((text) => text !== "").join(" · ")}</span>
      </button>
    </li>
  `;
}

/** @param {Row} row */
function symbol({ patient }) {
  if (patient.phase === "waiting") return patient.connected ? icons.full() : icons.half();
  if (patient.phase === "arrived") return icons.half();
  return patient.phase === "in_visit" ? icons.camera() : icons.empty();
}

/** Everything about the row's state in words. @param {Row} row @param {State} state @param {Words} words */
export function stateText(row, state, words) {
  const { t } = words;
  const { patient } = row;
  const wait = patient.phase === "waiting" ? waitOf(patient.waiting_since, serverNow(state)) : null;
  const first = wait ? t("row.waiting", { wait: waitText(wait.minutes, words) }) : null;
  return [first, detailText(row, wait, words)].filter((text) => text !== null && text !== "").join(", ");
}

/** @param {Row} row @param {import("../waits.js").Wait | null} wait @param {Words} words */
function detailText(row, wait, { t }) {
  const { patient } = row;
  if (wait !== null) {
    const grade = wait.grade === "ok" ? null : t(`wait.${wait.grade}`);
    const line = patient.connected ? null : t("row.lost");
    return [grade, line].filter((text) => text !== null).join(", ") || "";
  }
  if (patient.phase === "in_visit") return row.with.length > 0 ? t("row.in_visitWith", { names: row.with.join(", ") }) : t("row.in_visitAlone");
  return t(`row.${patient.phase}`);
}

/** @param {number} minutes @param {Words} words */
const waitText = (minutes, words) => (minutes === 0 ? words.t("wait.now") : words.count("wait.minutes", minutes));

/**
 * The list's keys work wherever the focus is, but for fields and dialogs, which have their own.
 * @param {KeyboardEvent} event @param {State} state @param {Dispatch} dispatch
 */
export function keys(event, state, dispatch) {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
  if (event.target.closest("input, select, textarea, dialog") !== null) return;
  const from = event.target.closest("[data-visit]")?.getAttribute("data-visit") ?? state.selected;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    dispatch({ type: "row_moved", from, by: event.key === "ArrowDown" ? 1 : -1 });
  } else if (event.key.toLowerCase() === "a" && from !== null) {
    event.preventDefault();
    dispatch({ type: "admit_key", visit: from });
  }
}
