/** Who is in the visit with this person, who stands at its door, and what is said about sound and picture. */
import { isTakenOver } from "./row_facts.js";
import { isClinician } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Other} Other */

/** The patient first, if they are there: it is they who fill the screen. Nobody who is held does. @param {State} state @returns {Other | null} */
export function counterpart(state) {
  const others = (state.snapshot?.visit?.others ?? []).filter((other) => other.phase === "in_visit");
  return others.find((other) => other.role === "patient") ?? others[0] ?? null;
}

/** The row of the visit that this person is in. @param {State} state @returns {Row | null} */
export const visitRow = (state) => state.rows.get(state.snapshot?.visit?.id ?? "") ?? null;

/** Whose visit this is, also while they are outside. @param {State} state */
export const patientName = (state) => counterpart(state)?.name ?? visitRow(state)?.patient.name ?? "";

/** Those who stand at the door of this visit and may be let in. @param {State} state @returns {{id: string, name: string, role: import("../net/messages.js").Role}[]} */
export function knocking(state) {
  const row = visitRow(state);
  if (row === null) return [];
  const patient = row.patient.phase === "waiting" && row.may.includes("admit") ? [{ ...row.patient, role: /** @type {const} */ ("patient") }] : [];
  return [...patient, ...waitingGuests(state, row)];
}

/** How many a visit takes at a time. */
const PLACES = 5;

/** Whether nobody more can be let in. @param {Row} row */
export const isFull = (row) => row.with.length + [row.patient, ...row.guests].filter((one) => one.phase === "in_visit").length >= PLACES;

/** The invited who wait, for one who may let them in. @param {State} state @param {Row} row */
export const waitingGuests = (state, row) => (isClinician(state) ? row.guests.filter((guest) => guest.phase === "waiting") : []);

/**
 * Who is in a visit that this person could otherwise go into, and that takes nobody else; nobody for a role that never goes in.
 * @param {State} state @param {Row} row
 */
export function fullOf(state, row) {
  const mine = row.may.some((one) => one === "admit" || one === "enter" || one === "leave");
  return mine || !isClinician(state) || row.patient.phase !== "in_visit" ? [] : row.with;
}

/**
 * What the others are told of this window's microphone and camera; null while there is nobody to tell, or nothing sure to say.
 * @param {State} state
 */
export function sendsOf({ link, screen, snapshot, devices, muted, cameraOff, scene }) {
  if (link !== "connected" || screen !== "visit" || !snapshot?.visit || devices.asking) return null;
  const camera = devices.camera && !cameraOff;
  return { visit: snapshot.visit.id, microphone: devices.microphone && !muted, camera, screen: scene.sharing === "on", paused: camera && scene.weak };
}

/**
 * How this person takes part, and why; kept with the visit. Null where `sendsOf` has nothing to say.
 * @param {State} state @returns {{visit: string, modality: "video" | "audio", reason: "chosen" | "device" | "network"} | null}
 */
export function modalityOf(state) {
  const sends = sendsOf(state);
  if (sends === null) return null;
  if (sends.paused) return { visit: sends.visit, modality: "audio", reason: "network" };
  return { visit: sends.visit, modality: sends.camera ? "video" : "audio", reason: sends.camera || state.cameraOff ? "chosen" : "device" };
}

/** The newest photo that nobody has opened on this page. @param {State} state */
export const newPhoto = ({ snapshot, looked }) => snapshot?.visit?.photos.filter(({ id }) => !looked.includes(id)).at(-1) ?? null;

/** Trouble with a device that is mended in browser or system, step by step. Of any other the words say what the patient sees and hears of it. */
export const MENDABLE = ["blocked", "blocked_system", "busy"];

/** Whose picture waits, so that the sound gets through. @param {Other} other */
const isPaused = ({ camera, paused }) => camera !== false && paused === true;

/** How long the other's first picture may take before nobody promises it any more. */
const COMING_MS = 10_000;

/**
 * The one line above the picture, the gravest first.
 * @param {State} state
 * @returns {"drop" | "knocking" | "photo" | "otherDrop" | "device" | "weak" | "otherPaused" | "noPicture" | null}
 */
export function bannerOf(state) {
  const other = counterpart(state);
  if (state.link !== "connected" || state.media === "reconnecting") return "drop";
  if (knocking(state).length > 0) return "knocking";
  if (newPhoto(state) !== null) return "photo";
  if (other !== null && !other.connected) return "otherDrop";
  if (state.devices.problem !== null) return "device";
  if (state.scene.weak && state.devices.camera && !state.cameraOff) return "weak";
  if (other !== null && isPaused(other)) return "otherPaused";
  return other !== null && other.camera !== false && state.scene.stalled.includes(other.id) ? "noPicture" : null;
}

/**
 * The words where the patient's picture would be. A picture, even one that stands still, is not covered, and what the banner
 * says is not said again.
 * @param {State} state
 * @returns {"nobody" | "takenOver" | "heldAlone" | "otherDrop" | "otherCameraOff" | "otherPaused" | "noPicture" | "comingIn" | null}
 */
export function stageWordsOf(state) {
  const other = counterpart(state);
  const banner = bannerOf(state);
  if (banner === "drop") return null;
  const row = visitRow(state);
  if (other === null && row !== null && isTakenOver(row)) return "takenOver";
  if (other === null) return (state.snapshot?.visit?.others ?? []).some((one) => one.phase === "on_hold") ? "heldAlone" : "nobody";
  const shown = state.scene.pictures.includes(other.id);
  if (!other.connected) return banner === "otherDrop" || shown ? null : "otherDrop";
  if (other.camera === false) return "otherCameraOff";
  if (isPaused(other)) return banner === "otherPaused" ? null : "otherPaused";
  if (shown) return null;
  return state.now - state.otherSince >= COMING_MS ? "noPicture" : "comingIn";
}
