/** The day's list with what belongs to all of it: how many wait, looking for a name, running late. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { repeat } from "../../../vendor/lit-html/directives/repeat.js";
import { icons } from "../../icons.js";
import { presentRows, waitingRows } from "../queue.js";
import { isClinician } from "../state.js";
import { opener, teller } from "./buttons.js";
import { item } from "./row.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function queue(state, words, dispatch) {
  const { t } = words;
  const n = presentRows(state.rows).length;
  const lost = waitingRows(state.rows).length - n;
  const title = lost === 0 ? t("queue.title", { n }) : t("queue.titleLost", { n, lost });
  return html`
    <section class="rail">
      ${state.screen === "preview" ? html`<h2 id="list-title" tabindex="-1">${title}</h2>` : html`<h1 id="list-title" tabindex="-1">${title}</h1>`}
      <div role="status">${state.link === "connected" || state.link === "connecting" ? nothing : html`<p class="bad">${icons.alert()}<span>${t("call.drop")}</span></p>`}</div>
      ${state.snapshot === null ? nothing : tools(state, words, dispatch)}
      ${rows(state, words, dispatch)}
      ${foot(state, words, dispatch)}
    </section>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function tools(state, words, dispatch) {
  const { t } = words;
  const { filter } = state;
  const typed = (/** @type {any} */ event) => dispatch({ type: "filter_changed", filter: { text: event.target.value } });
  const only = (/** @type {boolean} */ waiting) => html`
    <button type="button" class="part" aria-pressed=${filter.waiting === waiting} @click=${() => dispatch({ type: "filter_changed", filter: { waiting } })}>
      ${t(waiting ? "queue.onlyWaiting" : "queue.all")}
    </button>`;
  return html`
    <div class="tools">
      <div class="tools-acts">
        ${opener("secondary", t("late.open"), dispatch, { kind: "late", visit: null, name: "" })}
        <button type="button" class="secondary" @click=${() => dispatch({ type: "readiness_tapped" })}>${t("readiness.open")}</button>
        ${state.snapshot?.me.role === "front_desk" ? opener("secondary", t("book.open"), dispatch, { kind: "book" }) : nothing}
      </div>
      <div class="tools-find">
        <input type="search" aria-label=${t("queue.find")} placeholder=${t("queue.find")} .value=${filter.text} @input=${typed} />
        <div class="parts" role="group" aria-label=${t("queue.show")}>${only(false)}${only(true)}</div>
      </div>
    </div>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function rows(state, words, dispatch) {
  const { t } = words;
  if (state.snapshot === null) return html`<p>${t("queue.loading")}</p>`;
  if (state.rows.size === 0) return html`<p>${t("queue.empty")}</p>`;
  if (state.shown.length === 0) return html`<p>${t("queue.none")}</p>`;
  const moved = (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && dispatch({ type: "pointed", now: Date.now() });
  return html`<ul class="rows" aria-label=${t("queue.list")} @pointermove=${moved}>
    ${repeat(state.shown, (row) => row.visit, (row) => item(row, state, words, dispatch))}
  </ul>`;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function foot(state, { t }, dispatch) {
  return html`
    <div class="rail-foot">
      <p class="keys">${t(isClinician(state) ? "queue.keysAdmit" : "queue.keys")}</p>
      ${teller("plain", t("keys.title"), dispatch, { type: "keys_tapped" })}
      ${opener("plain", t("password.open"), dispatch, { kind: "password" })}
      ${state.alerts === "denied" ? html`<p class="keys">${t("queue.alertsDenied")}</p>` : nothing}
    </div>
  `;
}
