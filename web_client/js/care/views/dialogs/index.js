/** The dialog that is open: one form each for what must be asked. */
import { html, nothing } from "../../../../vendor/lit-html/lit-html.js";
import { admission } from "./admission.js";
import { booking, cancelling, rescheduling } from "./appointment.js";
import { calling, waiving } from "./contact.js";
import { handingOver, inviting, late } from "./team.js";
import { password } from "./password.js";
import { card } from "../card.js";
import { keyList } from "../introduction.js";
import { photo } from "../photos.js";
import { form } from "./fields.js";

/** @typedef {import("../../types.js").State} State */
/** @typedef {import("../../types.js").Words} Words */
/** @typedef {import("../../effects.js").Dispatch} Dispatch */
/** @typedef {(dialog: any, state: State, words: Words, dispatch: Dispatch) => unknown} View */

/** A plain question: yes or no. @type {View} */
const asked = (dialog, _, words, dispatch) => {
  const { t } = words;
  const text = (/** @type {string} */ part) => t(`ask.${dialog.kind}${part}`, { name: dialog.name });
  return form(dialog, words, dispatch, { title: text(""), body: html`<p>${text("Lead")}</p>`, send: text("Yes"), keep: text("No"), danger: true });
};

/** @type {Record<import("../../types.js").AskedKind, View>} */
const VIEWS = {
  admit: admission, end: asked, remove: asked, no_show: asked, complete: asked, cancel: cancelling, hand_over: handingOver, invite: inviting,
  call: calling, waive: waiving, late, book: booking, reschedule: rescheduling, password, photo, card, keys: keyList,
};

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export const dialogView = (state, words, dispatch) => (state.dialog === null ? nothing : VIEWS[state.dialog.kind](state.dialog, state, words, dispatch));
