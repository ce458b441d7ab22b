/** What can be read from a row, without words. */

/** @typedef {import("./types.js").Row} Row */

/** What patients and guests wrote and nobody here has seen, in all threads or in one. @param {Row} row @param {string} [participant] */
export const unreadOf = (row, participant) =>
  row.messages.filter((one) => !one.from_staff && !one.read && (participant === undefined || one.participant === participant));

/** @param {Row} row */
export const openItems = (row) => (row.check_in?.items ?? []).filter((item) => item.state === "open");

/**
 * How long a patient's page has been out of touch, and whether it is a phone that only fell asleep in the waiting room.
 * @param {Row} row @param {number} now the server's clock, in ms
 * @returns {{seconds: number, asleep: boolean} | null} null while it is in touch, or was never there
 */
export function lostOf({ patient, readiness }, now) {
  const { connected, lost_at, phase } = patient;
  if (connected || lost_at === null || phase === "left" || phase === "removed" || phase === "invited") return null;
  return { seconds: Math.max(0, Math.floor((now - Date.parse(lost_at)) / 1000)), asleep: phase === "waiting" && readiness?.device === "phone" };
}

/**
 * Whole years from a day to another.
 * @param {string} birthDate `1961-04-30` @param {string} today in the clinic's zone, in the same form
 */
export function ageOf(birthDate, today) {
  const [years, before] = [Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)), today.slice(5) < birthDate.slice(5)];
  return Math.max(0, before ? years - 1 : years);
}

/** The state in which the patient says to be, or "". @param {Row} row */
export const placeOf = (row) => row.check_in?.items.find((item) => item.kind === "location" && item.state === "done")?.answer.state ?? "";

/** Whether staff must ask for the date of birth: this device did not tell it. @param {Row["patient"]} patient */
export const isUnsure = ({ identity }) => identity === "staff_checks";

/** Whether another device took the patient's place and the date of birth is still to come from it. @param {Row} row */
export const isTakenOver = ({ patient }) => patient.identity === "asked" && (patient.phase === "on_hold" || patient.phase === "waiting");

/** Whether the last test of this patient's device needs somebody's help. @param {Row} row */
export const needsHelp = ({ readiness }) => readiness?.verdict === "fair" || readiness?.verdict === "poor";

/** Why staff ring this patient, where the patient has said so; else it is theirs to say, for the trail keeps it. @param {Row} row */
export const reasonToCall = ({ wishes }) => (wishes.some(({ wish }) => wish === "call") ? "asked" : "");

/** @param {Row} row */
export const isTested = ({ readiness }) => readiness !== null && readiness.verdict !== "untested";

/**
 * Those who wrote and whom a look at this row's threads would mark: the last message of each.
 * @param {Row} row @param {boolean} read seen with the page in front, else only on the screen
 */
export function toMark(row, read) {
  /** @type {Map<string, string>} */
  const last = new Map();
  for (const one of row.messages) if (!one.from_staff && !(read ? one.read : one.delivered)) last.set(one.participant, one.id);
  return [...last].map(([participant, message]) => ({ visit: row.visit, participant, message, read }));
}
