/** How good the line of each side is, above the pictures: the weaker one is the one to ask about. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { sign } from "../../media/stage_view.js";
import { counterpart } from "../in_visit.js";

/** It changes often, so nobody is interrupted by it. @param {import("../types.js").State} state @param {import("../types.js").Words} words */
export function lines(state, { t }) {
  const other = counterpart(state);
  const own = state.media === "connected" ? (state.snapshot?.visit?.media?.quality ?? null) : null;
  const theirs = other?.connected === true ? other.quality : null;
  const line = (/** @type {string} */ name, /** @type {import("../../media/types.js").Quality | null | undefined} */ quality) =>
    quality ? html`<p class="line-of"><span class="line-name">${name}</span> ${sign(quality, t)}</p>` : nothing;
  return html`<div class="lines">${line(t("visit.you"), own)}${line(other?.name ?? "", theirs)}</div>`;
}
