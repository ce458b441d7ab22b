/** One row of the list, and its state in words. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { guard } from "../../../vendor/lit-html/directives/guard.js";
import { icons } from "../../icons.js";
import { isTakenOver, lostOf, openItems, unreadOf } from "../row_facts.js";
import { namesProviders } from "../queue.js";
import { serverNow, zoneOf } from "../state.js";
import { waitOf } from "../waits.js";
import { languageName, verdictText } from "./facts.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {"plain" | "good" | "care" | "bad" | "brand"} Look */
/** @typedef {{text: string, look: Look, icon?: keyof typeof icons}} Fact */

/**
 * Drawn anew only when something in it changed: a list may have thousands, and the clock ticks each second.
 * @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch
 */
export function item(row, state, words, dispatch) {
  const now = serverNow(state);
  const wait = waitFor(row, state);
  const open = row.visit === state.selected;
  const fresh = state.arrivals.includes(row.visit);
  const facts = [row, words, open, fresh, wait?.minutes, wait?.grade, lostOf(row, now)?.seconds, state.snapshot?.me.id, namesProviders(state)];
  return guard(facts, () => drawn(row, state, words, dispatch, { wait, open, fresh }));
}

/**
 * @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch
 * @param {{wait: import("../waits.js").Wait | null, open: boolean, fresh: boolean}} shown
 */
function drawn(row, state, words, dispatch, { wait, open, fresh }) {
  const { visit, patient } = row;
  const time = words.time(row.starts_at, zoneOf(state));
  const facts = factsOf(row, state, words);
  return html`
    <li class=${fresh ? "row row-new" : "row"} aria-label=${words.t("row.label", { name: patient.name, state: stateText(row, state, words), time })}>
      <button id="row-${visit}" type="button" data-visit=${visit} aria-current=${open} aria-labelledby="name-${visit}" aria-describedby="facts-${visit}"
        @click=${() => dispatch({ type: "row_chosen", visit })}>
        <span class="row-icon row-icon-${patient.phase}">${symbol(row)}</span>
        <span class="row-name"><span id="name-${visit}">${patient.name}</span>${fresh ? html` <em>${words.t("row.new")}</em>` : nothing}</span>
        <span class="row-time">${wait ? html`<strong class="wait wait-${wait.grade}">${waitText(wait.minutes, words)}</strong>` : time}</span>
        <span class="row-state" id="facts-${visit}">
          ${wait ? html`<span class="fact">${time}</span>` : nothing}
          ${row.reason === "" ? nothing : html`<span class="fact row-reason">${row.reason}</span>`}
          ${facts.map(chip)}
        </span>
      </button>
    </li>
  `;
}

/** A fact with its icon: never by colour alone. @param {Fact} fact */
export const chip = ({ text, look, icon }) => html`<span class="fact fact-${look}">${icon ? icons[icon]() : nothing}<span>${text}</span></span>`;

/** @param {Row} row */
function symbol({ patient }) {
  if (patient.phase === "waiting") return patient.connected ? icons.full() : icons.half();
  if (patient.phase === "arrived" || patient.phase === "preparing" || patient.phase === "on_hold") return icons.half();
  return patient.phase === "in_visit" ? icons.camera() : icons.empty();
}

/** How long this patient has waited, in line or held out of it. @param {Row} row @param {State} state */
export const waitFor = ({ patient }, state) => (patient.phase === "waiting" || patient.phase === "on_hold" ? waitOf(patient.waiting_since, serverNow(state), state.snapshot?.clinic) : null);

/** Everything that the row says, in words. @param {Row} row @param {State} state @param {Words} words */
const stateText = (row, state, words) => [nowText(row, state, words), ...prepared(row, words).map((fact) => fact.text)].filter((text) => text !== "").join(", ");

/** How things stand with this patient at this moment. @param {Row} row @param {State} state @param {Words} words */
export function nowText(row, state, words) {
  const wait = waitFor(row, state);
  const first = wait ? [words.t("row.waiting", { wait: waitText(wait.minutes, words) })] : [];
  return [...first, ...[...pressing(row, state, words), ...phase(row, words)].map((fact) => fact.text)].join(", ");
}

/** @param {number} minutes @param {Words} words */
const waitText = (minutes, words) => (minutes === 0 ? words.t("wait.now") : words.count("wait.minutes", minutes));

/** What a row says beside name, time and reason, the most pressing first. @param {Row} row @param {State} state @param {Words} words @returns {Fact[]} */
function factsOf(row, state, words) {
  /** @type {Fact[]} */
  const taken = isTakenOver(row) ? [{ text: words.t("row.takenOver"), look: "care", icon: "alert" }] : [];
  return [...taken, ...pressing(row, state, words), ...phase(row, words), ...provider(row, state, words), ...prepared(row, words)];
}

/** Whose patient this is, for those who look after several providers' lists. @param {Row} row @param {State} state @param {Words} words @returns {Fact[]} */
function provider({ providers }, state, { t }) {
  if (!namesProviders(state)) return [];
  return [{ text: providers.map((one) => one.name).join(", ") || t("row.shared"), look: "plain" }];
}

/** @param {Row} row @param {State} state @param {Words} words @returns {Fact[]} */
function pressing(row, state, words) {
  const { t } = words;
  /** @type {Fact[]} */
  const facts = [];
  if (row.handed_to !== null) {
    const mine = row.handed_to.id === state.snapshot?.me.id;
    facts.push({ text: mine ? t("row.handedToYou") : t("row.handedTo", { name: row.handed_to.name }), look: mine ? "brand" : "plain", icon: "person" });
  }
  for (const { wish } of row.wishes) facts.push({ text: t(`wants.${wish}`), look: "care", icon: wish === "call" ? "phone" : "person" });
  const unread = unreadOf(row).length;
  if (unread > 0) facts.push({ text: words.count("row.unread", unread), look: "brand", icon: "bell" });
  const wait = waitFor(row, state);
  if (wait !== null && wait.grade !== "ok") facts.push({ text: t(`wait.${wait.grade}`), look: wait.grade === "long" ? "care" : "bad", icon: "alert" });
  const lost = lostOf(row, serverNow(state));
  if (lost !== null) facts.push({ text: t(lost.asleep ? "row.asleep" : "row.lost", { ago: agoText(lost.seconds, words) }), look: "care", icon: "alert" });
  for (const guest of row.guests.filter((one) => one.phase === "waiting")) {
    facts.push({ text: t("row.guestWaits", { name: guest.name, role: t(`role.${guest.role}`) }), look: "brand", icon: "person" });
  }
  return facts;
}

/** @param {number} seconds @param {Words} words */
const agoText = (seconds, words) => (seconds < 60 ? words.count("ago.seconds", seconds) : words.count("ago.minutes", Math.floor(seconds / 60)));

/** @param {Row} row @param {Words} words @returns {Fact[]} */
function phase(row, words) {
  const { t } = words;
  const { patient } = row;
  /** @type {Fact[]} */
  const facts = [];
  if (patient.phase === "in_visit" || patient.phase === "on_hold") {
    const held = patient.phase === "on_hold";
    const names = row.with.join(", ");
    facts.push({ text: names === "" ? t(held ? "row.held" : "row.in_visitAlone") : t(held ? "row.heldWith" : "row.in_visitWith", { names }), look: "plain" });
  } else if (patient.phase !== "waiting") {
    const checksIn = patient.phase === "arrived" && row.check_in?.complete === false;
    facts.push({ text: checksIn ? t("row.preparing") : t(`row.${patient.phase}`), look: "plain" });
  }
  if (row.late_minutes !== null) facts.push({ text: words.count("row.late", row.late_minutes), look: "plain" });
  return facts;
}

/** Check-in, device, language: what can be helped before the visit. @param {Row} row @param {Words} words @returns {Fact[]} */
function prepared(row, words) {
  const { t } = words;
  /** @type {Fact[]} */
  const facts = [];
  const items = row.check_in?.items.length ?? 0;
  const open = openItems(row).length;
  if (open > 0) facts.push({ text: t("row.checkInOpen", { n: open, of: items }), look: "care", icon: "list" });
  else if (items > 0) facts.push({ text: t("row.checkInDone"), look: "good", icon: "check" });
  const verdict = row.readiness?.verdict ?? "untested";
  const bad = verdict === "fair" || verdict === "poor";
  facts.push({ text: verdictText(row, words), look: bad ? "care" : verdict === "good" ? "good" : "plain", ...(bad ? { icon: "alert" } : verdict === "good" ? { icon: "check" } : {}) });
  const { language, interpreter } = row.patient;
  if (language !== words.language) facts.push({ text: languageName(language, words), look: "plain" });
  if (interpreter) facts.push({ text: t("row.interpreter"), look: "care", icon: "person" });
  return facts;
}
