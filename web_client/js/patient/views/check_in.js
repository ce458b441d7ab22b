/** The check-in: one question a page, and a last page that leads into the waiting room or says what is still open. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { agreed, checkedIn, consentOf, itemOf, mayJoin, openItems, pagesOf, valueOf } from "../check_in.js";
import { helps } from "../helping.js";
import { roleOf, serverNow, stuck, timesOf } from "../state.js";
import { ABROAD, statesIn } from "../states.js";
import { selectField, textArea, textField } from "./fields.js";
import { inviteHelper } from "./helper.js";
import { notice, reachAgain, lineNotice, remaining } from "./plain.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").CheckInItem} CheckInItem */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("./page.js").View} View */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @returns {View} */
export function checkin(state, words, dispatch) {
  const item = itemOf(state);
  return item === null ? last(state, words, dispatch) : question(state, words, dispatch, item);
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {CheckInItem} item @returns {View} */
function question(state, words, dispatch, item) {
  const { t } = words;
  const pages = pagesOf(state);
  const submit = (/** @type {Event} */ event) => (event.preventDefault(), dispatch({ type: "continue_tapped" }));
  const agree = item.kind === "consent" && !agreed(state, item);
  const label = state.busy === "answer" ? "checkin.saving" : agree ? "checkin.consent.agree" : "goOn";
  return html`
    <main class="column">
      <p class="step">${t("checkin.step", { n: pages.indexOf(item) + 1, of: pages.length })}</p>
      <h1 tabindex="-1">${titleOf(item, words)}</h1>
      ${roleOf(state) === "companion" || helps(state) ? html`<p class="quiet">${icons.person()}<span>${t("checkin.forPatient")}</span></p>` : nothing}
      <form class="sheet" novalidate @submit=${submit}>
        ${BODIES[item.kind](state, words, dispatch, item)}
        ${notice(state, words)}
        <div class="actions">
          <button class=${agree ? "primary unhurried" : "primary"} type="submit" aria-disabled=${state.busy === "answer"}>${t(label)}</button>
          ${back(words, dispatch)}
        </div>
      </form>
      ${lineNotice(state, words)}
      ${inviteHelper(state, words, dispatch)}
    </main>
  `;
}

/** @param {Words} words @param {Dispatch} dispatch */
const back = ({ t }, dispatch) => html`<button class="secondary" type="button" @click=${() => dispatch({ type: "back_tapped" })}>${t("checkin.back")}</button>`;

/** An item in the page's language. @param {CheckInItem} item @param {Words} words */
function titleOf(item, { t, language }) {
  if (item.kind !== "external") return t(`checkin.${item.kind}.title`);
  return item.title[language] ?? item.title.en ?? Object.values(item.title)[0] ?? t("checkin.external.untitled");
}

/** @type {Record<CheckInItem["kind"], (state: State, words: Words, dispatch: Dispatch, item: CheckInItem) => View>} */
const BODIES = {
  location(state, words, dispatch, item) {
    const { t } = words;
    const state_ = { name: `${item.key}.state`, label: t("checkin.location.state"), value: valueOf(state, item, "state"), autocomplete: "address-level1" };
    const address = { name: `${item.key}.address`, label: t("checkin.location.address"), value: valueOf(state, item, "address") };
    return html`
      <p>${t("checkin.location.why")}</p>
      ${selectField(state, words, dispatch, state_, t("checkin.location.choose"), [...statesIn(words), [ABROAD, t("checkin.location.abroad")]])}
      ${textField(state, words, dispatch, { ...address, hint: t("checkin.location.addressHint"), autocomplete: "street-address" })}
    `;
  },

  callback(state, words, dispatch, item) {
    const { t } = words;
    const phone = { name: `${item.key}.phone`, label: t("checkin.callback.phone"), value: valueOf(state, item, "phone") };
    return html`
      <p>${t("checkin.callback.why")}</p>
      ${textField(state, words, dispatch, { ...phone, type: "tel", inputmode: "tel", autocomplete: "tel", most: 40 })}
    `;
  },

  consent(state, words, _, item) {
    const { t } = words;
    const { text, version, language } = consentOf(state);
    const done = agreed(state, item);
    return html`
      ${done ? html`<p class="good">${icons.check()}<span>${t("checkin.consent.agreed")}</span></p>` : html`<p>${t("checkin.consent.lead")}</p>`}
      <div class="paper" lang=${language}>${text.split(/\n+/).map((line) => html`<p>${line}</p>`)}</div>
      <p class="hint">${t("checkin.consent.version", { version })}</p>
      ${done ? nothing : html`<p>${t("checkin.consent.no")}</p>`}
    `;
  },

  reason(state, words, dispatch, item) {
    const { t } = words;
    const text = { name: `${item.key}.text`, label: t("checkin.reason.text"), value: valueOf(state, item, "text"), most: 500 };
    return html`<p>${t("checkin.reason.why")}</p>${textArea(state, words, dispatch, text)}`;
  },

  external(_, words, _dispatch, item) {
    const { t } = words;
    if (item.state === "done") return html`<p class="good" role="status">${icons.check()}<span>${t("checkin.external.done")}</span></p>`;
    return html`
      <p>${t("checkin.external.lead")}</p>
      ${link(item, words)}
      <p>${t("checkin.external.later")}</p>
    `;
  },
};

/** Only addresses that a browser opens as a page: whatever else stood there must not run here. @param {CheckInItem} item @param {Words} words */
function link(item, words) {
  if (!/^https?:\/\//i.test(item.url)) return nothing;
  return html`
    <a class="secondary" href=${item.url} target="_blank" rel="noopener noreferrer">
      ${words.t("checkin.external.open", { title: titleOf(item, words) })}<span class="hidden">${words.t("checkin.external.newTab")}</span>
    </a>
  `;
}

/** The way in, a countdown to it, or what keeps it shut. @param {State} state @param {Words} words @param {Dispatch} dispatch @returns {View} */
function last(state, words, dispatch) {
  const { t } = words;
  const shut = !checkedIn(state) && (roleOf(state) === "patient" || helps(state));
  return html`
    <main class="column">
      <h1 tabindex="-1">${t(shut ? "checkin.open.title" : "checkin.ready.title")}</h1>
      <div role="status">${shut ? nothing : html`<p>${ready(state, words)}</p>`}</div>
      ${shut ? stillOpen(state, words, dispatch) : countdown(state, words)}
      ${notice(state, words)}
      <div class="actions">
        ${stuck(state) ? reachAgain(state, words, dispatch) : joinButton(state, words, dispatch)}
        ${back(words, dispatch)}
      </div>
      ${stuck(state) ? nothing : lineNotice(state, words)}
      ${inviteHelper(state, words, dispatch)}
    </main>
  `;
}

/** @param {State} state @param {Words} words */
function ready(state, words) {
  const times = timesOf(state);
  if (helps(state)) return words.t("helper.ready");
  if (times === null || mayJoin(state)) return words.t("checkin.ready.join");
  const zone = state.clinic?.time_zone ?? "UTC";
  const now = serverNow(state);
  const today = words.day(times.opens_at, zone, now) === words.t("day.today");
  return words.t(today ? "checkin.ready.today" : "checkin.ready.later", { day: words.date(times.opens_at, zone), time: words.time(times.opens_at, zone) });
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function stillOpen(state, words, dispatch) {
  const { t } = words;
  return html`
    <p>${t("checkin.open.lead")}</p>
    <ul class="open-items">
      ${openItems(state).map(
        (item) => html`<li><button class="secondary" type="button" @click=${() => dispatch({ type: "item_tapped", item: item.key })}>${titleOf(item, words)}</button></li>`,
      )}
    </ul>
    ${openItems(state).some((item) => item.kind === "external") ? html`<p>${t("checkin.external.later")}</p>` : nothing}
    ${state.clinic ? html`<p>${t("checkin.open.help", { phone: state.clinic.phone })}</p>` : nothing}
  `;
}

/** @param {State} state @param {Words} words */
function countdown(state, words) {
  const times = timesOf(state);
  if (times === null || mayJoin(state)) return nothing;
  const left = remaining(Date.parse(times.opens_at) - serverNow(state), words);
  return html`
    <p class="countdown" role="timer"><span>${words.t("checkin.ready.countdown")}</span> <strong>${left}</strong></p>
    <p>${words.t("early.keep")}</p>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
const joinButton = (state, { t }, dispatch) =>
  mayJoin(state)
    ? html`<button class="primary" type="button" aria-disabled=${state.busy === "join"} @click=${() => dispatch({ type: "join_tapped" })}>
        ${t(helps(state) ? "helper.done" : state.busy === "join" ? "devices.joining" : "devices.join")}
      </button>`
    : nothing;
