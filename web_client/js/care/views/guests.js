/** Those whom staff invited to this visit: companions, interpreters, guest clinicians. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { isFull } from "../in_visit.js";
import { isClinician, zoneOf } from "../state.js";
import { opener } from "./buttons.js";
import { thread } from "./thread.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Guest} Guest */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function guests(row, state, words, dispatch) {
  if (row.guests.length === 0) return nothing;
  return html`
    <section class="part-of">
      <h2>${words.t("guest.heading")}</h2>
      <ul class="items">${row.guests.map((guest) => one(guest, row, state, words, dispatch))}</ul>
    </section>
  `;
}

/** @param {Guest} guest @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch */
function one(guest, row, state, words, dispatch) {
  const { t } = words;
  const { id, phase } = guest;
  // A helper's link is the patient's to give, who writes no name on it.
  const name = guest.name || t(`role.${guest.role}`);
  const { visit } = row;
  const wrote = row.messages.some((message) => message.participant === id);
  const atTheDoor = isClinician(state) && phase === "waiting";
  const full = atTheDoor && isFull(row);
  const isThere = phase === "waiting" || phase === "arrived";
  return html`
    <li>
      <p><strong id="guest-${id}">${name}</strong>, ${guestText(guest, state, words)}</p>
      ${full ? html`<p id="full-${id}">${t("guest.full")}</p>` : nothing}
      <div class="detail-actions">
        ${atTheDoor ? html`<button class="secondary" type="button" aria-describedby="guest-${id}${full ? ` full-${id}` : ""}" aria-disabled=${full || state.asked !== null}
          @click=${() => full || dispatch({ type: "admit_tapped", visit, participant: id })}>${t("preview.admit")}</button>` : nothing}
        ${isClinician(state) ? opener("plain", t("call.remove"), dispatch, { kind: "remove", visit, participant: id, name }, `guest-${id}`) : nothing}
      </div>
      ${wrote || isThere ? html`<details class="fold"><summary>${t("thread.with", { name })}</summary><div class="fold-body">${thread(row, guest, isThere, state, words, dispatch)}</div></details>` : nothing}
    </li>
  `;
}

/** @param {Guest} guest @param {State} state @param {Words} words */
function guestText({ name, role, phase, link_expires_at, connected }, state, words) {
  const { t } = words;
  const told = [...(name === "" ? [] : [t(`role.${role}`)]), t(phase === "on_hold" ? "row.held" : phase === "waiting" ? "guest.waiting" : phase === "in_visit" ? "guest.inVisit" : `row.${phase}`)];
  if (phase === "waiting" && !connected) told.push(t("call.lost"));
  if (link_expires_at !== null && phase === "invited") told.push(t("guest.linkUntil", { time: words.time(link_expires_at, zoneOf(state)) }));
  return told.join(", ");
}
