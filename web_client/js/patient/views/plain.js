/** The screens that say one thing, start, early, expired, replaced, error, and the parts that others share with them. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { telephone } from "../../telephone.js";
import { clinicianOf, roleOf, serverNow, stuck } from "../state.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("./page.js").View} View */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @returns {View} */
export function start(state, words, dispatch) {
  const { t } = words;
  const { invitation } = state;
  if (invitation === null || state.busy === "view" || state.busy === "resume") {
    return html`
      <main class="column">
        <h1 tabindex="-1">${t(state.busy === "resume" ? "opening.resume" : "opening.title")}</h1>
        ${stuck(state) ? nothing : html`<p>${t("moment")}</p>`}
        ${notice(state, words)}
        <div class="actions">${stuck(state) ? reachAgain(state, words, dispatch) : nothing}</div>
      </main>
    `;
  }
  const zone = invitation.clinic.time_zone;
  const { starts_at } = invitation.visit;
  const when = { day: words.day(starts_at, zone, serverNow(state)), time: words.time(starts_at, zone) };
  return html`
    <main class="column">
      <h1 tabindex="-1">${t("start.title", { clinician: clinicianOf(state) || t("careTeam") })}</h1>
      <p class="when">${t("start.when", when)}</p>
      ${roleOf(state) === "patient" ? nothing : html`<p class="quiet">${icons.person()}<span>${t(`start.as.${roleOf(state)}`)}</span></p>`}
      ${invitation.in_use || state.taken ? trouble(t("start.inUse", { phone: invitation.clinic.phone })) : nothing}
      ${invitation.state === "check_in" ? html`<p>${t("start.checkin")}</p><p>${opens(state, words)}</p>` : nothing}
      <p>${t("start.lead")}</p>
      <p>${t("start.private")}</p>
      ${notice(state, words)}
      <div class="actions">
        <button class="primary" type="button" aria-disabled=${state.busy === "redeem"} @click=${() => dispatch({ type: "start_tapped" })}>
          ${t(state.busy === "redeem" ? "start.busy" : "start.button")}
        </button>
      </div>
    </main>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @returns {View} */
export function early(state, words, dispatch) {
  const { t } = words;
  const { invitation } = state;
  if (invitation === null) return html``;
  const zone = invitation.clinic.time_zone;
  const { starts_at, opens_at, check_in_opens_at } = invitation.visit;
  const before = Date.parse(check_in_opens_at) < Date.parse(opens_at);
  const now = serverNow(state);
  const sameDay = words.day(starts_at, zone, now) === t("day.today");
  const opensToday = words.day(opens_at, zone, now) === t("day.today");
  return html`
    <main class="column">
      <h1 tabindex="-1">${t("early.title")}</h1>
      <p>${t(sameDay ? "early.whenToday" : "early.when", { clinician: clinicianOf(state) || t("careTeam"), day: words.date(starts_at, zone), time: words.time(starts_at, zone) })}</p>
      ${before ? html`<p>${t("early.checkin", { day: words.date(check_in_opens_at, zone), time: words.time(check_in_opens_at, zone) })}</p>` : nothing}
      <p>${t(opensToday ? "early.open" : "early.openDay", { day: words.date(opens_at, zone), time: words.time(opens_at, zone) })}</p>
      <p class="countdown" role="timer"><span>${t(before ? "early.countdownCheckin" : "early.countdown")}</span> <strong>${remaining(Date.parse(check_in_opens_at) - now, words)}</strong></p>
      <p>${t("early.keep")}</p>
      <div class="actions">
        <button class="primary" type="button" @click=${() => dispatch({ type: "test_tapped" })}>${t("early.test")}</button>
      </div>
    </main>
  `;
}

/** When the waiting room opens. @param {State} state @param {Words} words */
function opens(state, words) {
  const { invitation } = state;
  if (invitation === null) return "";
  const [{ opens_at }, zone] = [invitation.visit, invitation.clinic.time_zone];
  const today = words.day(opens_at, zone, serverNow(state)) === words.t("day.today");
  return words.t(today ? "start.opensToday" : "start.opens", { day: words.date(opens_at, zone), time: words.time(opens_at, zone) });
}

/** @param {State} state @param {Words} words @returns {View} */
export function expired(state, words) {
  const { t } = words;
  if (state.why === "rescheduled") return rescheduled(state, words);
  const when = state.snapshot?.visit.starts_at ?? state.invitation?.visit.starts_at;
  const zone = state.clinic?.time_zone ?? "UTC";
  // On the day itself the link may have ended because the visit took place, or because the care team closed it.
  const today = when !== undefined && state.why === "ended" && words.day(when, zone, serverNow(state)) === t("day.today");
  return html`
    <main class="column">
      <h1 tabindex="-1">${t(state.why === "cancelled" ? "expired.cancelledTitle" : "expired.title")}</h1>
      ${when && state.clinic && !today ? html`<p>${t("expired.was", { day: words.date(when, zone) })}</p>` : nothing}
      <p>${t(today ? "ended.questions" : "expired.call")}</p>
      ${callButton(state, words)}
    </main>
  `;
}

/** @param {State} state @param {Words} words @returns {View} */
const rescheduled = (state, words) => html`
  <main class="column">
    <h1 tabindex="-1">${words.t("expired.rescheduledTitle")}</h1>
    <p>${words.t("expired.newLink")}</p>
    <p>${words.t("expired.noLink")}</p>
    ${callButton(state, words)}
  </main>
`;

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @returns {View} */
export function replaced(state, words, dispatch) {
  const { t } = words;
  return html`
    <main class="column">
      <h1 tabindex="-1">${t("replaced.title")}</h1>
      <p>${t("replaced.lead")}</p>
      ${state.clinic ? html`<p>${t("replaced.notYou", { phone: state.clinic.phone })}</p>` : nothing}
      ${notice(state, words)}
      <div class="actions">${tryAgain(state, words, dispatch)}</div>
    </main>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @returns {View} */
export function error(state, words, dispatch) {
  const { t } = words;
  const again = state.why === "offline" || state.why === "failed";
  return html`
    <main class="column">
      <h1 tabindex="-1">${t(`error.${state.why}.title`)}</h1>
      <p>${t(`error.${state.why}.lead`)}</p>
      ${again ? html`<div class="actions">${tryAgain(state, words, dispatch)}</div>` : callButton(state, words)}
    </main>
  `;
}

/** What failed on this screen, said at once to those who listen. @param {State} state @param {Words} words */
export function notice(state, { t }) {
  const code = stuck(state) ? "offline" : state.notice;
  return html`<div role="alert">${code === null || copyTold(state) !== null ? nothing : trouble(t(NOTICES.has(code) ? `notice.${code}` : "notice.failed"))}</div>`;
}

/** What became of the tap that copies the link: it is said beside its button. @param {State} state */
export const copyTold = ({ notice: told }) => (told === "copied" || told === "uncopied" ? told : null);

const NOTICES = new Set(["offline", "too_many_attempts", "storage_failed"]);

/** The line is down while somebody fills in a form: they may go on, and what they typed stays. @param {State} state @param {Words} words */
export const lineNotice = (state, { t }) =>
  html`<div role="status">${state.link === "reconnecting" ? trouble(t("banner.drop")) : nothing}</div>`;

/** @param {string} text */
export const trouble = (text) => html`<div class="trouble">${icons.alert()}<p>${text}</p></div>`;

/** The server does not answer: again, or by telephone. @param {State} state @param {Words} words @param {Dispatch} dispatch */
export const reachAgain = (state, { t }, dispatch) => html`
  <button class="primary" type="button" @click=${() => dispatch({ type: "reach_tapped" })}>${t("tryAgain")}</button>
  ${state.clinic
    ? html`<a class="secondary" href=${telephone(state.clinic.phone)}>${icons.phone()}${t("expired.phone", { phone: state.clinic.phone })}</a>`
    : nothing}
`;

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
const tryAgain = (state, { t }, dispatch) => html`
  <button class="primary" type="button" aria-disabled=${state.busy !== null} @click=${() => dispatch({ type: "retry_tapped" })}>
    ${t(state.busy === null ? "tryAgain" : "moment")}
  </button>
`;

/** @param {State} state @param {Words} words */
const callButton = (state, { t }) =>
  state.clinic
    ? html`<div class="actions"><a class="primary" href=${telephone(state.clinic.phone)}>${icons.phone()}${t("expired.phone", { phone: state.clinic.phone })}</a></div>`
    : nothing;

/** When somebody picks up the clinic's phone. @param {State} state @param {Words} words */
export function hours({ clinic }, { t, language }) {
  const told = clinic?.support_hours[language] ?? clinic?.support_hours.en ?? "";
  return told === "" ? nothing : html`<p class="hours">${t("help.hours", { hours: told })}</p>`;
}

/** The two largest units of what is left. @param {number} ms @param {Words} words */
export function remaining(ms, words) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  /** @type {[string, number][]} */
  const units = [
    ["count.days", Math.floor(seconds / 86_400)],
    ["count.hours", Math.floor(seconds / 3600) % 24],
    ["count.minutes", Math.floor(seconds / 60) % 60],
    ["count.seconds", seconds % 60],
  ];
  const from = units.findIndex(([, n]) => n > 0);
  const shown = from < 0 ? units.slice(-1) : units.slice(from, from + 2);
  return shown.filter(([, n], index) => index === 0 || n > 0).map(([key, n]) => words.count(key, n)).join(" ");
}
