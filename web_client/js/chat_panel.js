/** Chat, and the captions that are typed, as both pages show them. Links in a line are plain text. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { panel } from "./bar.js";
import { icons } from "./icons.js";

/** @typedef {import("./bar.js").Dispatch} Dispatch */
/** @typedef {import("./i18n.js").Words} Words */
/** @typedef {import("./talk.js").Talking} Talking */
/** @typedef {import("./talk.js").Place} Place */

/**
 * @param {Talking} state @param {Place} place @param {string} zone the clinic's @param {boolean} captioner this person may type captions
 * @param {Words} words @param {Dispatch} dispatch
 */
export function chatPanel(state, place, zone, captioner, words, dispatch) {
  const { t } = words;
  if (place.talk === null || state.tools.panel !== "chat") return nothing;
  const { draft, caption, captioning, pending, failing } = state.talk;
  const lines = place.talk.chat;
  return panel("chat", t("visit.chat"), html`
    <div class="chat-log" role="region" tabindex="0" aria-label=${t("chat.lines")}>
      ${lines.length + pending.length === 0
        ? html`<p class="chat-empty">${t("chat.empty")}</p>`
        : html`<ol>
            ${lines.map((one) => bubble(one.sender === place.me ? t("visit.you") : one.name, words.time(one.at, zone), one.text, one.sender === place.me))}
            ${pending.map((one) => (one.failed ? unsent(one, words, dispatch) : bubble(t("visit.you"), t("chat.sending"), one.text, true)))}
          </ol>`}
    </div>
    <div role="alert">${failing === null ? nothing : html`<p class=${failing === "offline" ? "hidden" : "tool-note"}>${icons.alert()}<span>${t(`chat.failing.${FAILING.has(failing) ? failing : "other"}`)}</span></p>`}</div>
    ${field("chat", t("chat.field"), draft, 500, t("chat.send"), dispatch)}
    ${captioner
      ? html`<button type="button" class="tool captions-switch" aria-pressed=${captioning} @click=${() => dispatch({ type: "captions_tapped" })}>
          <span>${t("captions.type")}</span>${captioning ? icons.check() : nothing}
        </button>`
      : nothing}
    ${captioner && captioning ? field("caption", t("captions.field"), caption, 200, t("captions.send"), dispatch) : nothing}
  `, words, dispatch);
}

/** What is said in words of its own. */
const FAILING = new Set(["offline", "too_many", "too_many_requests", "captions_taken"]);

/** @param {string} name @param {string} when @param {string} text @param {boolean} mine */
const bubble = (name, when, text, mine) => html`
  <li class="bubble ${mine ? "bubble-mine" : ""}">
    <p class="bubble-head"><strong>${name}</strong> <span>${when}</span></p>
    <p class="bubble-text">${text}</p>
  </li>
`;

/** What got no answer: it goes again under its own name, so that it never stands there twice. @param {import("./talk.js").Line} line @param {Words} words @param {Dispatch} dispatch */
const unsent = ({ key, text }, { t }, dispatch) => html`
  <li class="bubble bubble-mine">
    <p class="bubble-head"><strong>${t("visit.you")}</strong> <span class="bubble-unsent">${icons.alert()}${t("chat.notSent")}</span></p>
    <p class="bubble-text">${text}</p>
    <button type="button" class="secondary" @click=${() => dispatch({ type: "chat_again", key })}>${t("tryAgain")}</button>
  </li>
`;

/** @param {"chat" | "caption"} name @param {string} label @param {string} value @param {number} most characters @param {string} send @param {Dispatch} dispatch */
function field(name, label, value, most, send, dispatch) {
  const sent = () => dispatch({ type: `${name}_sent`, key: Date.now().toString(36) });
  return html`
    <form class="chat-form" novalidate @submit=${(/** @type {Event} */ event) => (event.preventDefault(), sent())}>
      <label for="${name}-text">${label}</label>
      <textarea id="${name}-text" rows="1" maxlength=${most} enterkeyhint="send" .value=${value}
        @input=${(/** @type {any} */ event) => dispatch({ type: `${name}_typed`, text: event.target.value })}
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          // While a word is being composed Enter belongs to the keyboard.
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          sent();
        }}></textarea>
      <button class="primary" type="submit">${send}</button>
    </form>
  `;
}
