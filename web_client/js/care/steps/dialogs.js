/** Dialogs: what each asks, what it waits for, and what stays in it when the answer has come. */
import { instantsOf } from "../clinic_days.js";
import { failingOf, request } from "../requests.js";
import { openItems } from "../row_facts.js";
import { zoneOf } from "../state.js";
import { admit, entered } from "./admission.js";
import { relisted } from "./list.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Step} Step */
/** @typedef {import("../types.js").Effect} Effect */
/** @typedef {import("../types.js").Dialog} Dialog */
/** @typedef {import("../types.js").Ack} Ack */
/** @typedef {Readonly<Record<string, string>>} Values the dialog's fields */

/** @type {Record<string, (dialog: any, values: any) => readonly [import("../types.js").RequestName, import("../types.js").Argument]>} */
const OVER_SOCKET = {
  end: ({ visit }) => ["visit.end", { visit }],
  no_show: ({ visit }) => ["visit.no_show", { visit }],
  complete: ({ visit }) => ["visit.complete", { visit }],
  remove: ({ visit, participant }) => ["visit.remove", { visit, participant }],
  hand_over: ({ visit }, { to }) => ["visit.hand_over", { visit, to }],
  invite: ({ visit }, { role, name, minutes }) => ["visit.invite", { visit, role, name: name.trim(), minutes: Number(minutes) }],
  call: ({ visit }, { reason, result, note }) => ["call.record", { visit, reason, result, note: note.trim() }],
  waive: ({ visit, item }, { reason, note }) => ["checkin.waive", { visit, item, reason, note: note.trim() }],
  late: ({ visit }, { minutes, provider }) => ["queue.late", { minutes: Number(minutes), ...(visit === null ? (provider ? { provider } : {}) : { visit }) }],
};

/** @type {Record<string, (dialog: any, values: any) => readonly [import("../types.js").CallName, import("../types.js").Argument]>} */
const OVER_HTTP = {
  password: (_, values) => ["password", { old: values.old, new: values.new }],
  book: (_, values) => ["book", booking(values)],
  reschedule: ({ visit }, values) => ["reschedule", { visit, starts_at: startOf(values), ...foldOf(values) }],
  cancel: ({ visit }) => ["cancel", { visit }],
};

/** Those whose answer is worth reading. */
const SHOWS_ANSWER = new Set(["invite", "late", "book", "reschedule", "password"]);

/** Those after which the call list says something else. */
const RELISTS = new Set(["call", "reschedule", "cancel"]);

/** Those that choose among colleagues. */
const NEEDS_COLLEAGUES = new Set(["hand_over", "book"]);

/** @type {import("../types.js").Handlers} */
export const DIALOGS = {
  dialog_opened(state, { dialog }) {
    const opened = { ...state, dialog: { ...dialog, sent: null, failing: null, answer: null, twice: false, copied: false } };
    return [opened, NEEDS_COLLEAGUES.has(dialog.kind) ? [request("staff.list", {})] : []];
  },

  dialog_sent(state, { values }) {
    const { dialog } = state;
    if (dialog === null || dialog.sent !== null || dialog.answer !== null) return [state, []];
    if (dialog.kind === "admit") {
      const [next, effects] = admit(state, dialog.visit, dialog.participant, dialog.checks);
      return [{ ...next, dialog: { ...dialog, sent: "visit.admit", failing: null } }, effects];
    }
    const wrong = wrongTime(state, dialog, values);
    if (wrong !== null) return [{ ...state, dialog: { ...dialog, ...wrong } }, toField(wrong.failing)];
    return sent(state, dialog, values);
  },

  dialog_incomplete(state, { field }) {
    if (state.dialog === null) return [state, []];
    const failing = { code: "incomplete", field };
    return [{ ...state, dialog: { ...state.dialog, failing } }, toField(failing)];
  },

  dismissed: (state) => [state.dialog === null ? state : { ...state, dialog: null }, []],

  copy_tapped: (state, { text }) => [state, [{ type: "copy", text }]],

  copied: (state) => [state.dialog === null ? state : { ...state, dialog: { ...state.dialog, copied: true } }, []],

  answered(state, { name, argument, ack }) {
    if (name === "visit.admit" || name === "visit.enter") return entered(state, argument, ack);
    const { dialog } = state;
    if ("error" in ack) return dialog !== null && dialog.sent === name ? answeredDialog(state, dialog, ack) : refused(state, name, ack);
    // What did not work before is no news once the next request has.
    const worked = state.failing === null || BY_ITSELF.has(name) ? state : { ...state, failing: null };
    if (dialog !== null && dialog.sent === name) return answeredDialog(worked, dialog, ack);
    return DONE[name]?.(worked, argument, ack) ?? [worked, []];
  },
};

/** What a page asks by itself: a refusal is nothing that a person could do something about. */
const BY_ITSELF = new Set(["visit.look", "visit.modality", "message.read", "presence.active"]);

/** @type {Record<string, (state: State, argument: any, ack: any) => Step>} */
const DONE = {
  "message.send": (state, { participant, text }) => [state, text === undefined ? [] : [{ type: "clear", id: `message-${participant}`, text }]],
  "note.keep": (state) => [state, relisted(state)],
  "staff.list": (state, _, { ok }) => [{ ...state, colleagues: ok.staff }, []],
  "readiness.list": (state, { day }, { ok }) => [state.readiness?.day === day ? { ...state, readiness: { day, list: ok } } : state, []],
};

/** @param {State} state @param {string} name @param {{error: import("../../net/messages.js").Failure}} ack @returns {Step} */
function refused(state, name, { error }) {
  if (BY_ITSELF.has(name)) return [state, []];
  // Without the list the shared queue can still be booked, and the dialog says that there is nobody.
  if (name === "staff.list") return [{ ...state, colleagues: [] }, []];
  return [{ ...state, failing: failingOf(error), said: name === "message.send" ? null : state.said }, []];
}

/** @param {State} state @param {Dialog} dialog @param {Values} values @returns {Step} */
function sent(state, dialog, values) {
  const socket = OVER_SOCKET[dialog.kind];
  const waiting = (/** @type {string} */ name) => ({ ...state, failing: null, dialog: { ...dialog, sent: name, failing: null } });
  if (socket !== undefined) {
    const [name, argument] = socket(dialog, values);
    return [waiting(name), [request(name, argument)]];
  }
  const http = OVER_HTTP[dialog.kind];
  if (http === undefined || state.token === null) return [state, []];
  const [name, argument] = http(dialog, values);
  return [waiting(name), [{ type: "call", name, token: state.token, argument }]];
}

/** @param {State} state @param {Dialog} dialog @param {Ack} ack @returns {Step} */
function answeredDialog(state, dialog, ack) {
  if ("error" in ack) {
    const failing = failingOf(ack.error);
    return [{ ...state, dialog: { ...dialog, sent: null, failing } }, toField(failing)];
  }
  const after = RELISTS.has(dialog.kind) ? relisted(state) : [];
  if (SHOWS_ANSWER.has(dialog.kind)) return [{ ...state, dialog: { ...dialog, sent: null, failing: null, answer: ack.ok } }, after];
  return [{ ...state, dialog: null }, dialog.kind === "waive" ? [...after, toItems(state, dialog.visit, dialog.item)] : after];
}

/** The fields that a refusal calls by another name than the form. @type {Record<string, string>} */
const FIELDS = { providers: "provider", start: "date", starts_at: "date", skipped: "date" };

/** Whoever reads what is wrong with a field stands in it. @param {import("../types.js").Failing} failing @returns {Effect[]} */
function toField({ field = "" }) {
  const name = field.replace(/^patient\.|_missing$/g, "");
  return name === "" ? [] : [{ type: "focus", id: `ask-${FIELDS[name] ?? name}` }];
}

/** On to the next open item; the one that was waived has no button any more. @param {State} state @param {string} visit @param {string} waived @returns {Effect} */
function toItems(state, visit, waived) {
  const row = state.rows.get(visit);
  const next = row === undefined ? undefined : openItems(row).find(({ key }) => key !== waived);
  return { type: "focus", id: next === undefined ? `items-${visit}` : `waive-${visit}-${next.key}` };
}

/** @param {Values} values */
const startOf = ({ date, time }) => `${date}T${time}`;

/** @param {Values} values */
const foldOf = ({ fold }) => (fold === undefined || fold === "" ? {} : { fold: Number(fold) });

/**
 * The clinic's clocks skip an hour and have one twice each year: neither is guessed.
 * @param {State} state @param {Dialog} dialog @param {Values} values
 * @returns {{failing: import("../types.js").Failing, twice?: boolean} | null}
 */
function wrongTime(state, dialog, values) {
  if (dialog.kind !== "book" && dialog.kind !== "reschedule") return null;
  const times = instantsOf(values.date ?? "", values.time ?? "", zoneOf(state)).length;
  if (times === 0) return { failing: { code: "invalid_booking", field: "skipped" } };
  return times === 2 && !values.fold ? { failing: { code: "invalid_booking", field: "fold" }, twice: true } : null;
}

/** @param {Values} values */
function booking(values) {
  const { name, birth_date, language, phone, email, provider, minutes, reason } = values;
  return {
    starts_at: startOf(values), ...foldOf(values), minutes: Number(minutes), providers: provider ? [provider] : [], reason: reason?.trim() ?? "",
    patient: {
      name: name?.trim() ?? "", language, phone: phone?.trim() ?? "", email: email?.trim() ?? "",
      ...(birth_date ? { birth_date } : {}), interpreter: values.interpreter === "on", sms_opt_in: values.sms_opt_in === "on",
    },
  };
}
