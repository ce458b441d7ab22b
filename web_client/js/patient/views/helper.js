/** The link that the patient gives to a helper, and the end of the helper's own way. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { openItems } from "../check_in.js";
import { mayInvite } from "../helping.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function inviteHelper(state, words, dispatch) {
  if (!mayInvite(state)) return nothing;
  const { t } = words;
  const { status } = state.helper;
  const url = status === "folded" ? "" : state.helper.url;
  return html`
    <div class="asks">
      <div role="status">
        ${status === "failed" ? html`<p class="bad">${icons.alert()}<span>${t("helper.failed", { phone: state.clinic?.phone ?? "" })}</span></p>` : nothing}
        ${url === "" ? nothing : html`<p>${t("helper.lead")}</p>`}
        ${status === "copied" ? html`<p class="good">${icons.check()}<span>${t("helper.copied")}</span></p>` : nothing}
        ${status === "uncopied" ? html`<p>${t("helper.uncopied")}</p>` : nothing}
      </div>
      ${url === ""
        ? html`<button class="secondary" type="button" aria-disabled=${status === "asking"} @click=${() => dispatch({ type: "helper_tapped" })}>
            ${icons.person()}${t(status === "asking" ? "moment" : "helper.ask")}
          </button>`
        : html`<input class="link-field" readonly aria-label=${t("helper.link")} .value=${url} @focus=${(/** @type {any} */ event) => event.target.select()} />
            <button class="secondary" type="button" @click=${() => dispatch({ type: "share_link_tapped" })}>${t("helper.share")}</button>`}
    </div>
  `;
}

/** @param {State} state @param {Words} words */
export function helped(state, { t }) {
  const tested = state.reported?.camera === "works" && state.reported.microphone === "works";
  const answered = state.snapshot?.check_in != null && state.snapshot.check_in.items.length > 0 && openItems(state).length === 0;
  return html`
    <main class="column">
      <h1 tabindex="-1">${t("helper.doneTitle")}</h1>
      ${line(tested, t(tested ? "helper.tested" : "helper.untested"))}
      ${state.snapshot?.check_in?.complete ? nothing : line(answered, t(answered ? "helper.answered" : "helper.unanswered"))}
      <p>${t("helper.next")}</p>
      <p>${t("helper.samePhone")}</p>
    </main>
  `;
}

/** @param {boolean} done @param {string} text */
const line = (done, text) => html`<p class=${done ? "good" : "quiet"}>${done ? icons.check() : icons.alert()}<span>${text}</span></p>`;
