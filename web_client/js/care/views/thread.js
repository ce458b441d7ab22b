/** What was written between staff and one who waits, and a field to write more. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { teller } from "./buttons.js";
import { zoneOf } from "../state.js";

/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../../net/messages.js").RowMessage} RowMessage */

/** Ready sentences, which every page says in its own language. */
const CANNED = ["soon", "late", "check_sound", "call_you", "stay", "ready"];
const MOST = 500;

/**
 * @param {import("../types.js").Row} row @param {{id: string, name: string}} person whose thread it is @param {boolean} open it takes more words now
 * @param {import("../types.js").State} state @param {Words} words @param {import("../effects.js").Dispatch} dispatch
 */
export function thread(row, person, open, state, words, dispatch) {
  const { t } = words;
  const { visit } = row;
  const participant = person.id;
  const list = row.messages.filter((message) => message.participant === participant);
  const send = (/** @type {any} */ event) => {
    event.preventDefault();
    dispatch({ type: "message_sent", visit, participant, text: String(new FormData(event.currentTarget).get("text")) });
  };
  return html`
    <div class="messages">
      ${list.length > 0 ? html`<ol>${list.map((message) => entry(message, state, words))}</ol>` : nothing}
      ${open
        ? html`
          <div class="canned" role="group" aria-label=${t("thread.ready")}>
            ${CANNED.map((canned) => teller("plain", t(`canned.${canned}`), dispatch, { type: "message_sent", visit, participant, canned }))}
          </div>
          <form class="thread-form field" @submit=${send}>
            <label for="message-${participant}">${t("thread.field", { name: person.name })}</label>
            <div><input id="message-${participant}" name="text" maxlength=${MOST} autocomplete="off" /><button class="secondary" type="submit">${t("messages.send")}</button></div>
          </form>`
        : nothing}
    </div>
  `;
}

/** @param {RowMessage} message @param {import("../types.js").State} state @param {Words} words */
function entry(message, state, words) {
  const { t } = words;
  const mark = message.read ? "messages.read" : message.delivered ? "messages.delivered" : "messages.sent";
  return html`
    <li class="message ${message.from_staff ? "message-mine" : ""}">
      <p class="message-head"><strong>${message.name}</strong> <span>${words.time(message.at, zoneOf(state))}</span></p>
      <p class="message-text">${said(message, words)}</p>
      ${message.from_staff ? html`<p class="message-mark">${t(mark)}</p>` : nothing}
    </li>
  `;
}

/** @param {RowMessage} message @param {Words} words */
function said({ text, canned }, { t, has }) {
  if (canned === "") return text;
  const key = `messages.canned.${canned}`;
  return t(has(key) ? key : "messages.canned.other");
}
