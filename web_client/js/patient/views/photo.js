/** What the visit shows of photos outside of their panel. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { askedFor, justSent, maySend } from "../photo.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** Opens the panel. @param {string} look @param {State} state @param {Words} words @param {Dispatch} dispatch */
export const photoButton = (look, state, { t }, dispatch) =>
  maySend(state)
    ? html`<button type="button" class=${look} id="opens-photo" aria-expanded=${state.photo.open} @click=${() => dispatch({ type: "photo_tapped" })}>${icons.photo()}<span>${t("photo.open")}</span></button>`
    : nothing;

/** What the care team asks for, and that it has come. @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function photoNews(state, { t }, dispatch) {
  const asked = askedFor(state);
  if (asked === null) return justSent(state) ? html`<p class="photo-note">${icons.check()}<span>${t("photo.sent")}</span></p>` : nothing;
  return html`
    <div class="photo-note">
      ${icons.photo()}
      <p>${t("photo.wanted", { name: asked.name })}</p>
      <button class="primary" type="button" @click=${() => dispatch({ type: "photo_tapped" })}>${t("photo.start")}</button>
      <button class="secondary" type="button" @click=${() => dispatch({ type: "photo_later_tapped" })}>${t("photo.later")}</button>
    </div>
  `;
}
