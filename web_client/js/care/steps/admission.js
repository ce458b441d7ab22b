/** Into a visit: admit, go back in, take it to this window. */
import { checksOf, failingOf, request } from "../requests.js";
import { isUnsure } from "../row_facts.js";
import { NO_DEVICES } from "../state.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Step} Step */
/** @typedef {import("../types.js").Effect} Effect */

/** By then the answer is here or lost, and so is the snapshot with the visit. */
const LONGEST_MS = 10_000;

/** @type {import("../types.js").Handlers} */
export const ADMISSION = {
  /** The button stands under name and date of birth: it confirms those, unless this device never told the date. What warns is asked in a dialog. */
  admit_tapped(state, { visit, participant }) {
    const checks = checksFor(state, visit, participant);
    const shown = state.screen === "preview" && state.selected === visit;
    const patient = state.rows.get(visit)?.patient;
    const unsure = patient !== undefined && patient.id === participant && isUnsure(patient);
    if (unsure || checks.some((check) => check !== "identity" || !shown)) return asking(state, visit, participant, checks);
    return admit(state, visit, participant, checks);
  },

  admit_key(state, { visit }) {
    const row = state.rows.get(visit);
    if (row === undefined || !row.may.includes("admit")) return [state, []];
    return asking(state, visit, row.patient.id, row.checks);
  },

  enter_tapped: (state, { visit }) => enter(state, visit),

  use_here_tapped: (state) => (state.snapshot?.visit ? enter(state, state.snapshot.visit.id) : [state, []]),
};

/** Only the patient is checked. @param {State} state @param {string} visit @param {string} participant @returns {readonly string[]} */
function checksFor(state, visit, participant) {
  const row = state.rows.get(visit);
  return row?.patient.id === participant ? row.checks : [];
}

/** @param {State} state @param {string} visit @param {string} participant @param {readonly string[]} checks @returns {Step} */
function asking(state, visit, participant, checks) {
  const row = state.rows.get(visit);
  const name = [row?.patient, ...(row?.guests ?? [])].find((one) => one?.id === participant)?.name ?? "";
  const dialog = { kind: /** @type {const} */ ("admit"), visit, participant, name, checks, sent: null, failing: null, answer: null, twice: false, copied: false };
  return [{ ...state, dialog }, []];
}

/**
 * Asks the server and for the camera at the same moment.
 * @param {State} state @param {string} visit @param {string} participant @param {readonly string[]} confirmed @returns {Step}
 */
export function admit(state, visit, participant, confirmed) {
  if (state.asked !== null) return [state, []];
  const asking = { ...state, asked: visit, askedAt: state.now, failing: null };
  const admitting = request("visit.admit", { visit, participant, confirmed: [...confirmed] });
  // From within the visit: the own camera runs already.
  if (state.screen === "visit") return [asking, [admitting]];
  return [capturing(asking), [admitting, { type: "capture" }, { type: "wakeAudio" }]];
}

/** @param {State} state @param {string} visit @returns {Step} */
export function enter(state, visit) {
  if (state.asked !== null) return [state, []];
  return [{ ...capturing(state), asked: visit, askedAt: state.now, failing: null }, [request("visit.enter", { visit }), { type: "capture" }, { type: "wakeAudio" }]];
}

/**
 * The answer to either. The visit itself begins with the snapshot.
 * @param {State} state @param {import("../types.js").Argument} argument @param {import("../types.js").Ack} ack @returns {Step}
 */
export function entered(state, argument, ack) {
  const dialog = state.dialog?.kind === "admit" ? null : state.dialog;
  if ("ok" in ack) return [state.screen === "visit" ? { ...state, asked: null, dialog } : { ...state, dialog }, []];
  const { error } = ack;
  const failed = { ...state, asked: null, failing: error.code === "confirmation_needed" ? null : failingOf(error), dialog };
  const [next] = error.code === "confirmation_needed" ? asking(failed, String(argument.visit), String(argument.participant), checksOf(error)) : [failed];
  // The camera was asked for at the same moment as the admission.
  return state.screen === "visit" ? [next, []] : [{ ...next, devices: NO_DEVICES }, [{ type: "releaseDevices" }]];
}

/** The visit did not begin although nobody refused it: all doors can be opened again, and the camera is dark. @param {State} state @returns {Step} */
export function givenUp(state) {
  if (state.asked === null || state.screen === "visit" || state.now - state.askedAt < LONGEST_MS) return [state, []];
  return [{ ...state, asked: null, devices: NO_DEVICES, failing: { code: "timeout" } }, [{ type: "releaseDevices" }]];
}

/** @param {State} state @returns {State} */
export const capturing = (state) => ({ ...state, devices: { ...state.devices, asking: true, problem: null, camera: false, microphone: false, refused: null } });
