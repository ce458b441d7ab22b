/** Messages between the waiting room and the care team. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { textArea } from "./fields.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../../net/messages.js").Message} Message */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function messages(state, words, dispatch) {
  const { t } = words;
  const list = state.snapshot?.messages ?? [];
  const zone = state.clinic?.time_zone ?? "UTC";
  const news = list.find((message) => message.id === state.news);
  return html`
    <p class="hidden" role="status">${news ? t("messages.new", { name: news.name || t("careTeam"), text: textOf(news, words) }) : nothing}</p>
    ${list.length > 0
      ? html`<section class="messages">
          <h2>${t("messages.title")}</h2>
          <ol>${list.map((message) => entry(message, words, zone))}</ol>
        </section>`
      : nothing}
    <details class="fold" ?open=${list.length > 0}>
      <summary>${t("messages.write")}</summary>
      <form class="fold-body" novalidate @submit=${(/** @type {Event} */ event) => (event.preventDefault(), dispatch({ type: "send_tapped" }))}>
        ${textArea(state, words, dispatch, { name: "message", label: t("messages.field"), value: state.draft.message ?? "" })}
        <button class="secondary" type="submit" aria-disabled=${state.sending}>${t(state.sending ? "messages.sending" : "messages.send")}</button>
      </form>
    </details>
  `;
}

/** @param {Message} message @param {Words} words @param {string} zone */
function entry(message, words, zone) {
  const { t } = words;
  const mark = message.read ? "messages.read" : message.delivered ? "messages.delivered" : "messages.sent";
  return html`
    <li class="message ${message.mine ? "message-mine" : ""}">
      <p class="message-head"><strong>${message.mine ? t("messages.you") : message.name || capital(t("careTeam"))}</strong> <span>${words.time(message.at, zone)}</span></p>
      <p class="message-text">${textOf(message, words)}</p>
      ${message.mine ? html`<p class="message-mark">${t(mark)}</p>` : nothing}
    </li>
  `;
}

/** What a message says; the clinic's ready sentences in the page's language. @param {Message} message @param {Words} words */
function textOf({ text, canned }, { t, has }) {
  if (canned === "") return text;
  const key = `messages.canned.${canned}`;
  return t(has(key) ? key : "messages.canned.other");
}

/** At the beginning of a sentence. @param {string} text */
export const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
