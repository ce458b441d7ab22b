/** After the visit: how it ended, the way back for who left, and the privacy receipt. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { joined } from "../receipt.js";
import { neverIn, stuck } from "../state.js";
import { helped } from "./helper.js";
import { headingOf } from "./page.js";
import { notice, reachAgain } from "./plain.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../../net/messages.js").Receipt} Receipt */
/** @typedef {import("../../net/messages.js").Stretch} Stretch */
/** @typedef {import("./page.js").View} View */

const ANSWERS = /** @type {const} */ (["well", "trouble", "failed"]);

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @returns {View} */
export function ended(state, words, dispatch) {
  if (state.why === "helped") return helped(state, words);
  const { t } = words;
  const left = state.why === "left";
  return html`
    <main class="column">
      <h1 tabindex="-1">${headingOf(state, t)}</h1>
      <p>${t(left ? "ended.leftLead" : neverIn(state) ? "ended.closedLead" : "ended.lead")}</p>
      ${left ? nothing : html`<p>${t("ended.questions")}</p>`}
      ${notice(state, words)}
      ${state.ticket !== null && state.admitted && !left ? question(state, words, dispatch) : nothing}
      ${state.ticket === null ? nothing : fold(state, words, dispatch)}
      ${left
        ? html`<div class="actions">
            ${stuck(state)
              ? reachAgain(state, words, dispatch)
              : html`<button class="primary unhurried" type="button" aria-disabled=${state.busy === "join"} @click=${() => dispatch({ type: "rejoin_tapped" })}>
                  ${t(state.busy === "join" ? "devices.joining" : "ended.rejoin")}
                </button>`}
          </div>`
        : nothing}
    </main>
  `;
}

/** The one question: how it worked, so that the clinic hears of trouble that nobody reported. @param {State} state @param {Words} words @param {Dispatch} dispatch */
function question({ feedback }, { t }, dispatch) {
  return html`
    <section class="question" aria-labelledby="question">
      <h2 id="question">${t("feedback.question")}</h2>
      <div role="status">
        ${feedback === "sent" ? html`<p class="good">${icons.check()}<span>${t("feedback.thanks")}</span></p>` : nothing}
        ${feedback === "failed" ? html`<p>${t("feedback.failed")}</p>` : nothing}
      </div>
      ${feedback === "sent"
        ? nothing
        : html`<div class="answers">
            ${ANSWERS.map(
              (answer) => html`<button class="secondary" type="button" aria-disabled=${feedback === "sending"} @click=${() => dispatch({ type: "feedback_tapped", answer })}>
                ${t(`feedback.answer.${answer}`)}
              </button>`,
            )}
          </div>`}
    </section>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function fold(state, words, dispatch) {
  const { t } = words;
  const { status, value } = state.receipt;
  const opened = (/** @type {any} */ event) => event.target.open && dispatch({ type: "receipt_opened" });
  return html`
    <details class="fold" @toggle=${opened}>
      <summary>${t("receipt.summary")}</summary>
      <div class="fold-body" role="status">
        ${value !== null ? receipt(value, words) : nothing}
        ${status === "loading" ? html`<p>${t("moment")}</p>` : nothing}
        ${status === "failed"
          ? html`<p>${t("receipt.failed")}</p>
              <button class="secondary" type="button" @click=${() => dispatch({ type: "receipt_opened" })}>${t("tryAgain")}</button>`
          : nothing}
      </div>
    </details>
  `;
}

/** @param {Receipt} value @param {Words} words */
function receipt(value, words) {
  const { t } = words;
  const zone = value.clinic.time_zone;
  return html`
    ${value.people.length === 0 ? html`<p>${t("receipt.nobody")}</p>` : nothing}
    <ul class="people">
      ${value.people.map(
        (one) => html`<li>
          <strong>${one.me ? t("receipt.me", { name: one.name }) : one.name}</strong>, ${t(`role.${one.role}`)}
          ${[...new Set(joined(one.times).map((time) => stretch(time, zone, words)))].map((time) => html`<br>${time}`)}
        </li>`,
      )}
    </ul>
    ${value.recorded ? nothing : html`<p>${t("receipt.notRecorded")}</p>`}
    <p>${t("receipt.path", { server: value.media_server })}</p>
  `;
}

/** @param {Stretch} time @param {string} zone @param {Words} words */
function stretch({ from, to }, zone, words) {
  const [begin, end] = [words.time(from, zone), to === null ? null : words.time(to, zone)];
  if (end === null) return words.t("receipt.since", { from: begin });
  return begin === end ? words.t("receipt.at", { at: begin }) : words.t("receipt.time", { from: begin, to: end });
}
