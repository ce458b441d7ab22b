/** What a patient who waits can ask for. What was asked is told back only once the server has it on the staff's list. */
import { html } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Wish} Wish */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function help(state, words, dispatch) {
  return html`
    <div class="asks">${ask(state, words, dispatch, "call")}</div>
    <details class="fold">
      <summary>${words.t("wish.more")}</summary>
      <div class="fold-body">${ask(state, words, dispatch, "interpreter")} ${ask(state, words, dispatch, "companion")}</div>
    </details>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Wish} wish */
function ask(state, words, dispatch, wish) {
  const { t } = words;
  const made = state.snapshot?.wishes.includes(wish) ?? false;
  return html`
    <div role="status">${made ? html`<p class="good">${icons.check()}<span>${told(state, words, wish)}</span></p>` : ""}</div>
    ${made
      ? ""
      : html`<button class="secondary" type="button" aria-disabled=${state.asking !== null} @click=${() => dispatch({ type: "wish_tapped", wish })}>
          ${wish === "call" ? icons.phone() : ""}${t(state.asking === wish ? "moment" : `wish.${wish}`)}
        </button>`}
  `;
}

/** @param {State} state @param {Words} words @param {Wish} wish */
function told(state, { t }, wish) {
  if (wish !== "call") return t(`wish.${wish}.made`);
  const phone = state.snapshot?.check_in?.items.find((item) => item.kind === "callback")?.answer.phone ?? "";
  return phone === "" ? t("wish.callingKnown") : t("wish.calling", { phone: masked(phone) });
}

/** Only the last four digits: somebody may look over the shoulder. @param {string} phone */
function masked(phone) {
  const digits = phone.replace(/\D/g, "");
  return `••• ${digits.slice(-4)}`;
}
