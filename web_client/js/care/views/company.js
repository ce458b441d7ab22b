/** Who is in the visit, and what this person may do about each of them. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { patientName, visitRow } from "../in_visit.js";
import { isTakenOver } from "../row_facts.js";
import { isClinician } from "../state.js";
import { opener, teller } from "./buttons.js";
import { cardOpener } from "./card.js";
import { photoList } from "./photos.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Other} Other */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function company(state, words, dispatch) {
  const { t } = words;
  const current = state.snapshot?.visit;
  if (!current) return nothing;
  const { id: visit, may, me } = current;
  const name = patientName(state);
  return html`
    <aside class="company" aria-label=${t("call.people")}>
      ${cardOpener(visit, words, dispatch)}
      <h2>${t("call.people")}</h2>
      <ul>
        ${current.others.map((one) => other(one, state, words, dispatch))}
        <li><p><strong>${me.name}</strong><br />${t("visit.you")}</p></li>
      </ul>
      <div class="company-acts">
        ${may.includes("hand_over") ? opener("plain", t("call.handOver"), dispatch, { kind: "hand_over", visit, name }) : nothing}
        ${may.includes("invite") ? opener("plain", t("call.invite"), dispatch, { kind: "invite", visit, name }) : nothing}
      </div>
      ${photoList(state, words, dispatch)}
    </aside>
  `;
}

/** @param {Other} one @param {State} state @param {Words} words @param {Dispatch} dispatch */
function other(one, state, { t }, dispatch) {
  const { id: participant, name } = one;
  const id = `person-${participant}`;
  const visit = state.snapshot?.visit?.id ?? "";
  return html`
    <li>
      <p><strong id=${id}>${name}</strong><br />${facts(one, t)}${isPatientTaken(state, one) ? html`<br />${t("row.takenOver")}` : nothing}</p>
      <div class="company-acts">
        ${may(state, one, "admit") ? teller("plain", t("call.resume"), dispatch, { type: "admit_tapped", visit, participant }, id) : nothing}
        ${may(state, one, "hold") ? teller("plain", t("call.hold"), dispatch, { type: "hold_tapped", visit, participant }, id) : nothing}
        ${may(state, one, "return") ? teller("plain", t("call.return"), dispatch, { type: "return_tapped", visit, participant }, id) : nothing}
        ${may(state, one, "remove") ? opener("plain", t("call.remove"), dispatch, { kind: "remove", visit, participant, name }, id) : nothing}
      </div>
    </li>
  `;
}

/**
 * The server says what may be done about the patient. With guests the same is possible to clinicians, as their phase allows;
 * colleagues come and go by themselves.
 * @param {State} state @param {Other} one @param {"admit" | "hold" | "return" | "remove"} what
 */
function may(state, { role, phase }, what) {
  if (role === "patient") return state.snapshot?.visit?.may.includes(what) ?? false;
  if (role === "provider" || role === "nurse" || !isClinician(state)) return false;
  return { admit: phase === "on_hold", hold: phase === "in_visit", return: true, remove: true }[what];
}

/** @param {State} state @param {Other} one */
function isPatientTaken(state, { role }) {
  const row = visitRow(state);
  return role === "patient" && row !== null && isTakenOver(row);
}

/** Who somebody is, and what comes from them. @param {Other} one @param {Words["t"]} t */
function facts(one, t) {
  const said = [t(`role.${one.role}`), t(one.connected ? "call.connected" : "call.lost")];
  if (one.phase === "on_hold") return [...said, t("call.held")].join(", ");
  if (one.connected && one.microphone === false) said.push(t("call.muted"));
  if (one.connected && one.camera === false) said.push(t("call.cameraOff"));
  if (one.connected && one.screen === true) said.push(t("call.sharing"));
  if (one.connected && one.paused === true) said.push(t("call.paused"));
  if (one.connected && (one.quality === "fair" || one.quality === "poor")) said.push(t(`call.line.${one.quality}`));
  return said.join(", ");
}
