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
export function initialState({ code, token, startedAt, language, now, clinic = null }) {
  return {
    screen: "start", why: null, busy: token === null ? "view" : "resume", notice: null, language, code, token,
    invitation: null, clinic, offset_ms: 0, now, testing: false, devices: NO_DEVICES, wants: null, renewed: false,
    snapshot: null, link: "off", media: "none", checkedAt: null, startedAt, muted: false, cameraOff: false,
    deviceLost: false, corner: "bottom-right", soundBlocked: false, pictureShown: false, pictureStalled: false,
  };
}

/** The other person whom the picture shows: staff before anybody else. @param {State} state */
export function counterpart(state) {
  const others = state.snapshot?.others ?? [];
  return others.find((other) => other.role !== "patient") ?? others[0] ?? null;
}

/** @param {State} state */
export const clinicianOf = (state) => state.snapshot?.visit.clinician ?? state.invitation?.visit.clinician ?? "";

/** Our best guess of the server's clock. @param {State} state */
export const serverNow = (state) => state.now + state.offset_ms;
