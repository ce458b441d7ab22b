/** What the visit shows of chat and captions outside of their panel, on both pages. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { line } from "./icons.js";
import { newLine, unread } from "./talk.js";

/** @typedef {import("./bar.js").Dispatch} Dispatch */
/** @typedef {import("./i18n.js").Words} Words */
/** @typedef {import("./talk.js").Talking} Talking */
/** @typedef {import("./talk.js").Place} Place */

const chatIcon = () => line("M4 5h16v11H10l-4 4v-4H4z");

/** The button of the bar. @param {Talking} state @param {Place} place @param {Words} words @param {Dispatch} dispatch */
export function chatButton(state, place, words, dispatch) {
  if (place.talk === null) return nothing;
  const n = unread(state, place);
  return html`
    <button type="button" class="control control-chat" id="opens-chat" aria-expanded=${state.tools.panel === "chat"} aria-describedby=${n > 0 ? "chat-unread" : nothing}
      @click=${() => dispatch({ type: "panel_tapped", panel: "chat" })}>
      ${chatIcon()}<span>${words.t("visit.chat")}</span>${n > 0 ? html`<span class="badge" aria-hidden="true">${n}</span>` : nothing}
    </button>
    ${n > 0 ? html`<span id="chat-unread" hidden>${words.count("chat.unread", n)}</span>` : nothing}
  `;
}

/**
 * The newest line and the captions, between the pictures and the bar.
 * @param {Talking} state @param {Place} place @param {Words} words @param {Dispatch} dispatch
 */
export function talkNews(state, { talk }, { t }, dispatch) {
  const news = talk === null ? null : newLine(state);
  const captions = talk?.captions ?? null;
  return html`
    <p class="hidden" role="status">${news === null ? nothing : t("chat.new", { name: news.name, text: news.text })}</p>
    <p class="hidden" role="status">${captions === null || state.talk.hidden ? nothing : captions.lines.at(-1)}</p>
    ${news === null || state.tools.panel === "chat" ? nothing : html`<p class="chat-note"><strong>${news.name}</strong> ${news.text}</p>`}
    ${captions === null
      ? nothing
      : html`<section class="captions" aria-label=${t("captions.title")}>
          <div>
            <p class="captions-name">${t("captions.by", { name: captions.name })}</p>
            ${state.talk.hidden ? nothing : captions.lines.map((one) => html`<p>${one}</p>`)}
          </div>
          <button type="button" class="captions-hide" @click=${() => dispatch({ type: "captions_hidden" })}>${t(state.talk.hidden ? "captions.show" : "captions.hide")}</button>
        </section>`}
  `;
}
