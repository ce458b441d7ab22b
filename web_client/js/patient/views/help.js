/** What a patient can ask for. What was asked is told back only once the server has it on the staff's list. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { asksByLink } from "../room.js";
import { roleOf } from "../state.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Wish} Wish */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** The wish for a call, in the help line of every screen whose link opens something now. @param {State} state @param {Words} words @param {Dispatch} dispatch */
export const callMe = (state, words, dispatch) =>
  mayAsk(state) ? html`<div class="asks asks-call">${ask(state, words, dispatch, "call")}</div>` : nothing;

/** Further wishes of a patient who waits. @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function help(state, words, dispatch) {
  return html`
    <details class="fold">
      <summary>${words.t("wish.more")}</summary>
      <div class="fold-body">${ask(state, words, dispatch, "interpreter")} ${ask(state, words, dispatch, "companion")}</div>
    </details>
  `;
}

/** There is a session to ask in, or a link, and it is the patient's. @param {State} state */
const mayAsk = (state) => (state.token !== null && (state.snapshot ?? state.invitation) !== null && roleOf(state) === "patient") || asksByLink(state);

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Wish} wish */
function ask(state, words, dispatch, wish) {
  const { t } = words;
  const made = (state.token === null && wish === "call" && state.called !== null) || (state.snapshot?.wishes.includes(wish) ?? false);
  return html`
    <div role="status">
      ${made ? html`<p class="good">${icons.check()}<span>${told(state, words, wish)}</span></p>` : nothing}
      ${!made && state.unasked === wish ? html`<p class="bad">${icons.alert()}<span>${t("wish.lost", { phone: state.clinic?.phone ?? "" })}</span></p>` : nothing}
    </div>
    ${made
      ? nothing
      : html`<button class="secondary" type="button" aria-disabled=${state.asking !== null} @click=${() => dispatch({ type: "wish_tapped", wish })}>
          ${wish === "call" ? icons.phone() : nothing}${t(state.asking === wish ? "moment" : `wish.${wish}`)}
        </button>`}
  `;
}

/** @param {State} state @param {Words} words @param {Wish} wish */
function told(state, { t }, wish) {
  if (wish !== "call") return t(`wish.${wish}.made`);
  const phone = state.snapshot?.check_in?.items.find((item) => item.kind === "callback")?.answer.phone ?? "";
  if (phone !== "") return t("wish.calling", { phone: masked(phone) });
  // Nobody promises a call that can not be made.
  return (state.token === null ? state.called : state.snapshot?.visit)?.callback_known ? t("wish.callingKnown") : t("wish.noNumber", { phone: state.clinic?.phone ?? "" });
}

/** Only the last four digits: somebody may look over the shoulder. @param {string} phone */
function masked(phone) {
  const digits = phone.replace(/\D/g, "");
  return `••• ${digits.slice(-4)}`;
}
