/**
 * What the care team's page knows at one moment.
 *
 * @typedef {import("../net/messages.js").CareSnapshot} CareSnapshot
 * @typedef {import("../net/messages.js").Row} Row
 * @typedef {import("../net/messages.js").Other} Other
 * @typedef {import("../media/devices.js").Captured} Captured
 * @typedef {import("../i18n.js").Language} Language
 *
 * @typedef {"signin" | "queue" | "preview" | "visit"} Screen
 * @typedef {{code: string, by?: string, seconds?: number}} Failing a failure to say, by code
 * @typedef {{kind: "end", visit: string} | {kind: "remove", visit: string, participant: string, name: string}
 *   | {kind: "admit", visit: string, participant: string, name: string}} Question what the dialog asks
 *
 * @typedef {object} Devices
 * @property {boolean} asking
 * @property {import("../media/devices.js").Problem | null} problem
 * @property {boolean} camera
 * @property {boolean} microphone
 *
 * @typedef {object} State
 * @property {Screen} screen
 * @property {Language} language
 * @property {string | null} token
 * @property {boolean} busy a sign-in is under way
 * @property {Failing | null} failing
 * @property {import("../net/messages.js").Clinic | null} clinic as the page itself names it
 * @property {CareSnapshot | null} snapshot
 * @property {import("../net/socket.js").LinkStatus | "off"} link
 * @property {import("../media/peer.js").MediaStatus} media
 * @property {number} offset_ms the server's clock minus ours
 * @property {number} now
 * @property {string | null} selected the visit whose row is open
 * @property {string | null} asked the visit that this person asked to be in; the answer is under way
 * @property {string | null} held the visit that this window held before a reload
 * @property {readonly string[]} arrivals visits whose patient came since they were last looked at
 * @property {string | null} arrived the name to announce
 * @property {boolean} sound a tone for each arrival
 * @property {"default" | "granted" | "denied" | "none"} alerts the browser's permission for notifications
 * @property {Question | null} question
 * @property {Devices} devices
 * @property {boolean} muted
 * @property {boolean} cameraOff
 * @property {boolean} soundBlocked
 * @property {boolean} pictureShown
 * @property {boolean} pictureStalled
 * @property {number} otherSince when the one whom the picture shows came in
 */

/** @type {Devices} */
export const NO_DEVICES = { asking: false, problem: null, camera: false, microphone: false };

/**
 * @typedef {{token: string | null, held: string | null, language: Language, sound: boolean, alerts: State["alerts"], now: number,
 *   clinic?: State["clinic"], muted?: boolean, cameraOff?: boolean}} Opening
 */

/** @param {Opening} opening @returns {State} */
export function initialState({ token, held, language, sound, alerts, now, clinic = null, muted = false, cameraOff = false }) {
  return {
    screen: token === null ? "signin" : "queue", language, token, busy: false, failing: null, clinic, snapshot: null, link: "off", media: "none",
    offset_ms: 0, now, selected: null, asked: null, held, arrivals: [], arrived: null, sound, alerts, question: null,
    devices: NO_DEVICES, muted, cameraOff, soundBlocked: false, pictureShown: false, pictureStalled: false, otherSince: now,
  };
}

/** @param {State} state */
export const selectedRow = (state) => state.snapshot?.queue.find((row) => row.visit === state.selected) ?? null;

/** The patient first: it is they who fill the screen. @param {State} state @returns {Other | null} */
export function counterpart(state) {
  const others = state.snapshot?.visit?.others ?? [];
  return others.find((other) => other.role === "patient") ?? others[0] ?? null;
}

/** Whose visit this is, also while they are outside. @param {State} state */
export function patientName(state) {
  const visit = state.snapshot?.visit;
  return counterpart(state)?.name ?? state.snapshot?.queue.find((row) => row.visit === visit?.id)?.patient.name ?? "";
}

/** @param {State} state */
export const serverNow = (state) => state.now + state.offset_ms;

/** Those who wait for the door to be opened. @param {CareSnapshot | null} snapshot */
export const waitingRows = (snapshot) => (snapshot?.queue ?? []).filter((row) => row.patient.phase === "waiting");

/** The row of the visit that this person is in, while its patient stands outside and may be let in again. @param {State} state */
export function knocking(state) {
  const row = state.snapshot?.queue.find((one) => one.visit === state.snapshot?.visit?.id);
  return row !== undefined && row.patient.phase === "waiting" && row.may.includes("admit") ? row : null;
}

/** Those who wait and whose page is there. @param {CareSnapshot | null} snapshot */
export const presentRows = (snapshot) => waitingRows(snapshot).filter((row) => row.patient.connected);

/** Those who wait for another visit than the one that this person is in. @param {State} state */
export const waitingOutside = (state) => presentRows(state.snapshot).filter((row) => row.visit !== state.snapshot?.visit?.id).length;

/**
 * Who is in a visit that this person could otherwise go into, and that takes nobody else; nobody for a role that never goes in.
 * @param {State} state @param {Row} row
 */
export function fullOf(state, row) {
  const mine = row.may.some((one) => one === "admit" || one === "enter" || one === "leave");
  return mine || state.snapshot?.me.role === "front_desk" || row.patient.phase !== "in_visit" ? [] : row.with;
}

/**
 * What the others are told of this window's microphone and camera; null while there is nobody to tell, or nothing sure to say.
 * @param {State} state
 */
export function sendsOf({ link, screen, snapshot, devices, muted, cameraOff }) {
  if (link !== "connected" || screen !== "visit" || !snapshot?.visit || devices.asking) return null;
  return { visit: snapshot.visit.id, microphone: devices.microphone && !muted, camera: devices.camera && !cameraOff };
}

/** How long the other's first picture may take before nobody promises it any more. */
const COMING_MS = 10_000;

/**
 * The one line above the picture, the gravest first.
 * @param {State} state
 * @returns {"drop" | "knocking" | "otherDrop" | "device" | "noPicture" | null}
 */
export function bannerOf(state) {
  const other = counterpart(state);
  if (state.link !== "connected" || state.media === "reconnecting") return "drop";
  if (knocking(state) !== null) return "knocking";
  if (other !== null && !other.connected) return "otherDrop";
  if (state.devices.problem !== null) return "device";
  return other !== null && other.camera !== false && state.pictureShown && state.pictureStalled ? "noPicture" : null;
}

/**
 * The words where the patient's picture would be. A picture, even one that stands still, is not covered, and what the banner
 * says is not said again.
 * @param {State} state
 * @returns {"nobody" | "otherDrop" | "otherCameraOff" | "noPicture" | "comingIn" | null}
 */
export function stageWordsOf(state) {
  const other = counterpart(state);
  const banner = bannerOf(state);
  if (banner === "drop") return null;
  if (other === null) return "nobody";
  if (!other.connected) return banner === "otherDrop" || state.pictureShown ? null : "otherDrop";
  if (other.camera === false) return "otherCameraOff";
  if (state.pictureShown) return null;
  return state.now - state.otherSince >= COMING_MS ? "noPicture" : "comingIn";
}
