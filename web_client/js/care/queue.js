/**
 * The day's list: rows held by visit, changed by what the server sends (docs/protocol.md §4), and drawn in an order that no
 * other row's change can move.
 */

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").State} State */
/** @typedef {ReadonlyMap<string, Row>} Rows */

/** How long after the pointer's last move the list neither takes rows in nor lets them go. */
const STEADY_MS = 1000;

/**
 * The rows after this message. The same map comes back when nothing changed, and a row that did not change stays the same
 * object. Repeating a message is harmless.
 * @param {Rows} held @param {import("../net/messages.js").Queue} change
 * @returns {Rows}
 */
export function mergeQueue(held, { full, rows, gone }) {
  if (!full && rows.length === 0 && !gone.some((visit) => held.has(visit))) return held;
  const merged = new Map(full ? [] : held);
  for (const visit of gone) merged.delete(visit);
  for (const row of rows) merged.set(row.visit, row);
  return merged;
}

/** By the booked time; ties by visit, so that the order is total. @param {Row} one @param {Row} other */
const byStart = (one, other) =>
  one.starts_at < other.starts_at ? -1 : one.starts_at > other.starts_at ? 1 : one.visit < other.visit ? -1 : one.visit > other.visit ? 1 : 0;

/** @param {Rows} rows */
export const inOrder = (rows) => [...rows.values()].sort(byStart);

/** Whether somebody is in line, or held out of the visit. @param {Row} row */
export const isWaiting = (row) => row.patient.phase === "waiting" || row.patient.phase === "on_hold" || row.guests.some((guest) => guest.phase === "waiting");

/**
 * Lay the list out anew. While the pointer moves over it the rows stand still: what they say is new, which ones they are is
 * not, so that nobody taps a row that has just slid under their finger.
 * @param {State} state
 * @returns {State}
 */
export function layOut(state) {
  if (isSteady(state)) return withShown(state, state.shown.map((row) => state.rows.get(row.visit) ?? row));
  const { waiting } = state.filter;
  const text = plain(state.filter.text);
  const fits = (/** @type {Row} */ row) => (!waiting || isWaiting(row)) && plain(row.patient.name).includes(text);
  return withShown(state, inOrder(state.rows).filter(fits));
}

/** @param {State} state */
export const isSteady = (state) => state.now - state.pointedAt < STEADY_MS;

/** @param {State} state @param {Row[]} shown */
function withShown(state, shown) {
  const same = shown.length === state.shown.length && shown.every((row, at) => row === state.shown[at]);
  return same ? state : { ...state, shown };
}

/** Names are looked for without accents and capitals: "nunez" finds "Núñez". @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** Patients who wait for the door to be opened, also those whom one colleague handed over to another. @param {Rows} rows */
export const waitingRows = (rows) => [...rows.values()].filter(({ patient, handed_to }) => patient.phase === "waiting" || (patient.phase === "on_hold" && handed_to !== null));

/** Those who wait and whose page is there. @param {Rows} rows */
export const presentRows = (rows) => waitingRows(rows).filter((row) => row.patient.connected);

/** Those who wait for another visit than the one that this person is in. @param {State} state */
export const waitingOutside = (state) => presentRows(state.rows).filter((row) => row.visit !== state.snapshot?.visit?.id).length;

/** @type {WeakMap<Rows, {id: string, name: string}[]>} the list is asked for each row, and changes seldom */
const providersOf = new WeakMap();

/** The providers whose patients are in the list, by name. @param {Rows} rows */
export function providersIn(rows) {
  let found = providersOf.get(rows);
  if (found === undefined) {
    const all = new Map([...rows.values()].flatMap((row) => row.providers).map((one) => [one.id, one]));
    found = [...all.values()].sort((one, other) => one.name.localeCompare(other.name));
    providersOf.set(rows, found);
  }
  return found;
}

/** Whether this person looks after the lists of several providers. @param {State} state */
export const namesProviders = (state) => state.snapshot !== null && state.snapshot.me.role !== "provider" && providersIn(state.rows).length > 1;
