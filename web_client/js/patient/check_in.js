/**
 * What comes before the waiting room: the date of birth where the clinic asks for it, and the check-in, one question a page,
 * saved as it goes. The last page, `ready`, has the way into the waiting room or says what keeps it shut.
 */
import { NO_DEVICES, roleOf, roomOpen, soundDue } from "./state.js";
import { helps, toHelped } from "./helping.js";
import { toConfirm, toDevices, toEarly, toSound } from "./moves.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").CheckInItem} CheckInItem */
/** @typedef {import("./moves.js").Step} Step */

/** What each kind of answer holds, in the order of the page. */
const FIELDS = /** @type {const} */ ({
  location: ["state", "address"], callback: ["phone"], consent: ["version", "language"], reason: ["text"], external: [],
});

/** The questions of this visit to this person; what staff have waived is none any more. @param {State} state */
export const pagesOf = (state) => (state.snapshot?.check_in?.items ?? []).filter((item) => item.state !== "waived" && item.kind in FIELDS && asks(state, item));

/** A companion answers for the patient, and consents to nothing for them. @param {State} state @param {CheckInItem} item */
const asks = (state, { kind }) => kind !== "consent" || roleOf(state) === "patient";

/** What keeps the waiting room shut. @param {State} state */
export const openItems = (state) => pagesOf(state).filter((item) => item.state === "open");

/** The item whose page is open; null on the last page. @param {State} state */
export const itemOf = (state) => pagesOf(state).find((item) => item.key === state.page) ?? null;

/** Something was answered already. @param {State} state */
const begun = (state) => pagesOf(state).some((item) => item.state === "done");

/** Check-in is done, or is none of this person's business. @param {State} state */
export const checkedIn = (state) => (helps(state) ? openItems(state).length === 0 : state.snapshot?.check_in?.complete ?? true);

/** The server would let this person wait now, or a helper be done. @param {State} state */
export const mayJoin = (state) => helps(state) || (roomOpen(state) && (checkedIn(state) || roleOf(state) !== "patient"));

/** On the device check Join stands only where nothing comes between. @param {State} state */
export const straightIn = (state) => !helps(state) && roomOpen(state) && checkedIn(state);

/** What stands in a field: what was typed, else what the server has. @param {State} state @param {CheckInItem} item @param {string} field */
export const valueOf = (state, item, field) => state.draft[`${item.key}.${field}`] ?? item.answer[field] ?? "";

/** The text to agree to: in the page's language if there is one. @param {State} state */
export function consentOf(state) {
  const { version, texts } = state.snapshot?.check_in?.consent ?? { version: "", texts: {} };
  const language = [state.language, "en", ...Object.keys(texts)].find((one) => texts[one]) ?? state.language;
  return { version, language, text: texts[language] ?? "" };
}

/** This version was agreed to before. @param {State} state @param {CheckInItem} item */
export const agreed = (state, item) => item.state === "done" && item.answer.version === consentOf(state).version;

/** To the first question that is open, or to the last page. @param {State} state @returns {Step} */
export function toCheckIn(state) {
  /** @type {State} */
  const next = { ...state, screen: "checkin", page: openItems(state)[0]?.key ?? "ready", busy: null, wants: null, notice: null, wrong: null };
  // Days before the visit nobody needs a camera that is on.
  return roomOpen(state) ? [next, []] : [{ ...next, devices: { ...NO_DEVICES, picture: state.devices.picture } }, [{ type: "releaseDevices" }]];
}

/** Snapshots of a patient who is on the way: where they are, or must go first. @param {State} state @returns {Step} */
export function onTheWay(state) {
  if (state.screen === "confirm") return toDevices({ ...state, busy: null, draft: {} });
  // A wish to join that was lost with the line is said again.
  if (state.busy === "join") return mayJoin(state) && !detour(state) ? [state, [{ type: "join" }]] : toCheckIn(state);
  if (state.screen === "devices" || state.screen === "sound") return [state, []];
  // A reload in the middle of the questions goes back to them; the camera is for the day of the visit.
  if (state.screen === "start" && begun(state) && !roomOpen(state)) return toCheckIn(state);
  if (state.screen !== "checkin") return toDevices({ ...state, testing: false });
  return [itemOf(state) === null && state.page !== "ready" ? { ...state, page: openItems(state)[0]?.key ?? "ready" } : state, []];
}

/** A companion who may go in is still led past the open questions: they may answer for the patient. @param {State} state */
const detour = (state) => (state.screen === "devices" || state.screen === "sound") && !checkedIn(state);

/** @param {State} state @returns {Step} */
export function join(state) {
  if (helps(state)) return toHelped(state);
  if (state.busy === "join") return [state, []];
  return [{ ...state, wants: "in", busy: "join", notice: null }, [{ type: "wakeAudio" }, { type: "join" }]];
}

/** @type {Record<string, (state: State, event: any) => Step>} */
export const CHECK_IN = {
  typed: (state, { name, value }) => [{ ...state, draft: { ...state.draft, [name]: value } }, []],

  confirm_tapped(state) {
    if (state.unsure || state.busy === "confirm") return [state, []];
    const birth_date = birthDateOf(state);
    if (birth_date === null) return [{ ...state, wrong: { field: "birth", key: "confirm.notADate" }, notice: null }, []];
    return [{ ...state, busy: "confirm", wrong: null, notice: null }, [{ type: "confirm", birth_date }]];
  },

  confirmed(state, { ack }) {
    if (state.screen !== "confirm") return [state, []];
    const known = { ...state, busy: null };
    if ("ok" in ack) return [known, []];
    if (ack.error.code !== "birth_date_wrong") return [{ ...known, notice: ack.error.code }, []];
    const n = Number(ack.error.tries_left ?? 0);
    if (n > 0) return [{ ...known, wrong: { field: "birth", key: "confirm.wrong", n } }, []];
    return [{ ...known, unsure: true, draft: {} }, []];
  },

  continue_tapped(state) {
    if (state.screen !== "checkin") return goOn(state);
    const item = itemOf(state);
    if (item === null) return toCheckIn(state);
    return state.busy === "answer" ? [state, []] : answer(state, item);
  },

  join_tapped(state) {
    if (state.testing) return [state, []];
    return state.screen !== "checkin" ? goOn(state) : mayJoin(state) ? join(state) : [state, []];
  },

  answered(state, { item, ack }) {
    const known = { ...state, busy: state.busy === "answer" ? null : state.busy };
    if (state.screen !== "checkin" || state.page !== item) return [known, []];
    // Staff may have waived it meanwhile.
    if ("ok" in ack || ack.error.code === "item_unknown") return [onwards(known), []];
    if (ack.error.code === "identity_needed" && roleOf(state) === "patient") return toConfirm(known);
    if (ack.error.code !== "invalid_answer") return [{ ...known, notice: ack.error.code }, []];
    const field = String(ack.error.field ?? "");
    return [{ ...known, wrong: { field: `${item}.${field}`, key: `checkin.wrong.${field}` } }, []];
  },

  back_tapped(state) {
    if (state.testing) return toEarly(state);
    if (state.screen !== "checkin") return [state, []];
    const pages = pagesOf(state);
    const at = state.page === "ready" ? pages.length : pages.findIndex((item) => item.key === state.page);
    const before = pages[at - 1];
    return before === undefined ? toDevices(state) : [{ ...state, page: before.key, wrong: null, notice: null }, []];
  },

  item_tapped: (state, { item }) => [{ ...state, page: item, wrong: null, notice: null }, []],
};

/** From the device check onwards. Before the first snapshot nobody knows where to: then the wish to join leads. @param {State} state @returns {Step} */
export function goOn(state) {
  // A question that nobody answers keeps nobody out; one that is answered later is not wanted any more.
  if (state.devices.status === "asking") {
    const { picture } = state.devices;
    const [next, effects] = goOn({ ...state, devices: { ...NO_DEVICES, status: "failed", picture } });
    return [next, [{ type: "releaseDevices" }, ...effects]];
  }
  if (state.screen === "devices" && soundDue(state)) return toSound(state);
  if (state.testing) return toEarly(state);
  return (state.snapshot === null && !helps(state)) || straightIn(state) ? join(state) : toCheckIn(state);
}

/** @param {State} state @param {CheckInItem} item @returns {Step} */
function answer(state, item) {
  const given = answerOf(state, item);
  const same = item.state === "done" && Object.entries(given).every(([field, value]) => item.answer[field] === value);
  if (item.kind === "external" || same) return [onwards(state), []];
  return [{ ...state, busy: "answer", wrong: null, notice: null }, [{ type: "answer", item: item.key, answer: given }]];
}

/** @param {State} state @param {CheckInItem} item @returns {Record<string, string>} */
function answerOf(state, item) {
  if (item.kind === "consent") {
    const { version, language } = consentOf(state);
    return agreed(state, item) ? item.answer : { version, language };
  }
  // Answers are one line; a phone's keyboard makes a new one too easily.
  return Object.fromEntries(FIELDS[item.kind].map((field) => [field, valueOf(state, item, field).replace(/\s+/g, " ").trim()]));
}

/** The next page. @param {State} state @returns {State} */
function onwards(state) {
  const pages = pagesOf(state);
  const at = pages.findIndex((item) => item.key === state.page);
  return { ...state, page: (at < 0 ? openItems(state)[0] : pages[at + 1])?.key ?? "ready", wrong: null, notice: null };
}

/** The date as RFC 3339 writes it, or null when there is no such day. @param {State} state */
function birthDateOf({ draft, now }) {
  const [year, month, day] = ["year", "month", "day"].map((part) => (draft[`birth.${part}`] ?? "").trim());
  if (!/^\d{4}$/.test(year ?? "") || !/^\d{1,2}$/.test(month ?? "") || !/^\d{1,2}$/.test(day ?? "")) return null;
  const text = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || at > now || new Date(at).toISOString().slice(0, 10) !== text ? null : text;
}
