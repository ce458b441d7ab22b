/** The patient's page at one moment: how it begins, and what follows from it. Its types stand in types.js. */

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Devices} Devices */
/** @typedef {import("./types.js").Opening} Opening */

/** @type {Devices} */
export const NO_DEVICES = {
  status: "idle", problem: null, slow: false, heard: false, since: 0, picture: true, camera: false, microphone: false,
  cameras: [], microphones: [], cameraId: "", microphoneId: "",
};

/** @param {Opening} opening @returns {State} */
export function initialState({ code, token, startedAt, language, now, clinic = null, picture = true, muted = false, cameraOff = false, taken = false }) {
  return {
    screen: "start", why: null, busy: token === null ? "view" : "resume", busySince: now, notice: null, taken, language, code, token,
    invitation: null, clinic, offset_ms: 0, now, testing: false, devices: { ...NO_DEVICES, picture }, wants: null, renewed: false,
    snapshot: null, link: "off", media: "none", checkedAt: null, startedAt, muted, cameraOff,
    deviceLost: false, corner: "bottom-right", soundBlocked: false, pictureShown: false, pictureStalled: false,
    lastOther: null, otherSince: now,
  };
}

/** What a reload of this tab must find again; null without a session. @param {State} state @returns {import("./types.js").Session | null} */
export const sessionOf = ({ code, token, startedAt, devices: { picture }, muted, cameraOff }) =>
  token === null ? null : { code, token, startedAt, picture, muted, cameraOff };

/**
 * What the others are told of this page's microphone and camera; null while there is nobody to tell, or nothing sure to say.
 * @param {State} state
 */
export function sendsOf({ link, screen, devices, muted, cameraOff }) {
  const settled = devices.status === "ready" || devices.status === "failed";
  if (link !== "connected" || !settled || (screen !== "waiting" && screen !== "visit")) return null;
  return { screen, microphone: devices.microphone && !muted, camera: devices.camera && !cameraOff };
}

/** The other person whom the picture shows: staff before anybody else. @param {State} state */
export function counterpart(state) {
  const others = state.snapshot?.others ?? [];
  return others.find((other) => other.role !== "patient") ?? others[0] ?? null;
}

/** @param {State} state */
export const clinicianOf = (state) => state.snapshot?.visit.clinician ?? state.invitation?.visit.clinician ?? "";

/** How long a page waits for the server before it says that it can not reach it. */
const STUCK_MS = 5000;

/** The server has not answered for a while, and the patient can do something about it. @param {State} state */
export const stuck = ({ busy, busySince, now }) => (busy === "join" || busy === "resume") && now - busySince >= STUCK_MS;

/** The device test before the visit: the door has opened meanwhile. @param {State} state */
export const doorOpened = (state) =>
  state.testing && state.invitation !== null && serverNow(state) >= Date.parse(state.invitation.visit.opens_at);

/** How long the other's first picture may take before nobody promises it any more. */
const COMING_MS = 10_000;

/**
 * The one line above the picture, the gravest first.
 * @param {State} state
 * @returns {"drop" | "device" | "otherDrop" | "noPicture" | null}
 */
export function bannerOf(state) {
  const other = counterpart(state);
  if (state.link !== "connected" || state.media === "reconnecting") return "drop";
  if (state.deviceLost) return "device";
  if (other !== null && !other.connected) return "otherDrop";
  return other !== null && other.camera !== false && state.pictureShown && state.pictureStalled ? "noPicture" : null;
}

/**
 * The words where the other's picture would be. A picture, even one that stands still, is not covered, and what the banner
 * says is not said again.
 * @param {State} state
 * @returns {"steppedOut" | "nobody" | "otherDrop" | "otherCameraOff" | "noPicture" | "comingIn" | null}
 */
export function stageWordsOf(state) {
  const other = counterpart(state);
  const banner = bannerOf(state);
  if (banner === "drop") return null;
  if (other === null) return state.lastOther === null ? "nobody" : "steppedOut";
  if (!other.connected) return banner === "otherDrop" || state.pictureShown ? null : "otherDrop";
  if (other.camera === false) return "otherCameraOff";
  if (state.pictureShown) return null;
  return state.now - state.otherSince >= COMING_MS ? "noPicture" : "comingIn";
}

/** Our best guess of the server's clock. @param {State} state */
export const serverNow = (state) => state.now + state.offset_ms;
