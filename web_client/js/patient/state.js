/** The patient's page at one moment: how it begins, and what follows from it. Its types stand in types.js. */

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Devices} Devices */
/** @typedef {import("./types.js").Opening} Opening */
/** @typedef {import("../net/messages.js").Other} Other */

import { NO_SCENE } from "../media/scene.js";
import { NO_CHOICES, NO_TOOLS } from "../media/tools.js";
import { NO_TALK } from "../talk.js";
import { NO_PHOTO } from "./photo.js";

/** @type {Devices} */
export const NO_DEVICES = {
  status: "idle", problem: null, slow: false, heard: false, stirred: false, since: 0, picture: true, camera: false, microphone: false,
  ...NO_CHOICES,
};

/** @type {import("./types.js").DeviceClass} */
const UNKNOWN_DEVICE = { device: "other", system: "other", browser: "other", in_app: false };

/** @param {Opening} opening @returns {State} */
export function initialState({
  code, token, startedAt, language, languageChosen = false, now, clinic = null, picture = true, muted = false, cameraOff = false,
  taken = false, device = UNKNOWN_DEVICE, visible = true, large = false, left = null, heard = false,
}) {
  return {
    screen: "start", why: null, busy: token === null ? "view" : "resume", busySince: now, notice: null, taken, language, languageChosen,
    code, token, ticket: token, wrong: null, draft: {}, page: null, unsure: false,
    invitation: null, clinic, offset_ms: 0, now, testing: false, devices: { ...NO_DEVICES, picture }, sound: { known: heard, said: null, refused: false, echo: null, self: null }, wants: null, renewed: false,
    snapshot: null, link: "off", media: "none", mediaSince: now, checkedAt: null, startedAt, muted, cameraOff,
    deviceLost: false, mended: [], corner: "bottom-right", soundBlocked: false, scene: NO_SCENE, tools: { ...NO_TOOLS, large },
    lastOther: null, otherSince: now, wait: null, visible, news: null, sending: false, asking: null, unasked: null, called: null, admitted: startedAt !== null, moved: false, returned: false,
    device, network: { kind: "untested", next: "untested", times: 0, tested: null }, reported: null, modality: "video",
    receipt: { status: "none", value: null }, feedback: "none", photo: NO_PHOTO, helper: { status: "none", url: "" }, talk: NO_TALK, left,
  };
}

/** What a reload of this tab must find again; null without a session. @param {State} state @returns {import("./types.js").Session | null} */
export const sessionOf = ({ code, token, startedAt, devices: { picture }, muted, cameraOff }) =>
  token === null ? null : { code, token, startedAt, picture, muted, cameraOff };

/** Camera and microphone were asked for, and the answer is here. @param {State} state */
export const settled = ({ devices: { status } }) => status === "ready" || status === "failed";

/** Nothing of this person is heard, and not because they muted themselves. @param {State} state */
export const unheard = (state) => settled(state) && !state.devices.microphone && !state.muted;

/**
 * What the others are told of this page's microphone and camera; null while there is nobody to tell, or nothing sure to say.
 * @param {State} state
 */
export function sendsOf(state) {
  const { link, screen, devices, muted, cameraOff, scene } = state;
  if (link !== "connected" || !settled(state) || (screen !== "waiting" && screen !== "visit")) return null;
  const camera = devices.camera && !cameraOff;
  return { of: screen, microphone: devices.microphone && !muted, camera, screen: scene.sharing === "on", paused: camera && scene.weak };
}

/**
 * With or without a picture, and why; null outside of the visit.
 * @param {State} state
 * @returns {{modality: "video" | "audio", reason: "chosen" | "device" | "network"} | null}
 */
export function modalityOf(state) {
  const { link, screen, devices, cameraOff, scene } = state;
  if (link !== "connected" || screen !== "visit" || !settled(state) || held(state)) return null;
  if (devices.camera && !cameraOff) return scene.weak ? { modality: "audio", reason: "network" } : { modality: "video", reason: "chosen" };
  return { modality: "audio", reason: !devices.camera && devices.picture ? "device" : "chosen" };
}

/** What is said in writing, and who this is. @param {State} state @returns {import("../talk.js").Place} */
export const placeOf = ({ snapshot }) => ({ talk: snapshot?.talk ?? null, me: snapshot?.me.id ?? "" });

/** Staff have put this person on hold. @param {State} state */
export const held = (state) => state.snapshot?.me.phase === "on_hold";

/** @param {Other} other */
const weight = ({ role, phase }) => (phase === "in_visit" ? 2 : 0) + (role === "provider" || role === "nurse" ? 1 : 0);

/** The visit is over, and this person was never let into it. @param {State} state */
export const neverIn = ({ why, admitted }) => why === "over" && !admitted;

/** The other person whom the picture shows: who is in the visit before who is on hold, staff before anybody else. @param {State} state */
export function counterpart(state) {
  const others = state.snapshot?.others ?? [];
  return others.reduce((best, other) => (best === null || weight(other) > weight(best) ? other : best), /** @type {Other | null} */ (null));
}

/** @param {State} state */
export const clinicianOf = (state) => state.snapshot?.visit.clinician ?? state.invitation?.visit.clinician ?? "";

/** @param {State} state @returns {import("../net/messages.js").Role} */
export const roleOf = (state) => state.snapshot?.me.role ?? state.invitation?.role ?? "patient";

/** @param {State} state */
export const timesOf = (state) => state.snapshot?.visit ?? state.invitation?.visit ?? null;

/** The waiting room takes people in by now. @param {State} state */
export function roomOpen(state) {
  const times = timesOf(state);
  return times !== null && serverNow(state) >= Date.parse(times.opens_at);
}

/** The person has not said yet whether sound comes out of this speaker. @param {State} state */
export const soundDue = ({ sound }) => !sound.known;

/** How long a page waits for the server before it says that it can not reach it. */
const STUCK_MS = 5000;

/** The server has not answered for a while, and the patient can do something about it. @param {State} state */
export const stuck = ({ busy, busySince, now }) => (busy === "join" || busy === "resume") && now - busySince >= STUCK_MS;

/** The device test before check-in: the way in has opened meanwhile. @param {State} state */
export const doorOpened = (state) =>
  state.testing && state.invitation !== null && serverNow(state) >= Date.parse(state.invitation.visit.check_in_opens_at);

/** How long the other's first picture may take before nobody promises it any more. */
const COMING_MS = 10_000;

/**
 * The one line above the picture, the gravest first.
 * @param {State} state
 * @returns {"drop" | "device" | "otherDrop" | "weak" | "noPicture" | null}
 */
export function bannerOf(state) {
  const other = counterpart(state);
  if (state.link !== "connected" || state.media === "reconnecting") return "drop";
  if (state.deviceLost) return "device";
  if (held(state)) return null;
  if (other !== null && !other.connected) return "otherDrop";
  if (isWeak(state)) return "weak";
  return other !== null && sendsPicture(other) && state.scene.stalled.includes(other.id) ? "noPicture" : null;
}

/**
 * The words where the other's picture would be. A picture, even one that stands still, is not covered, and what the banner
 * says is not said again.
 * @param {State} state
 * @returns {"handedOver" | "onHold" | "letIn" | "otherHeld" | "steppedOut" | "nobody" | "otherDrop" | "otherCameraOff" | "otherPaused" | "noPicture" | "comingIn" | null}
 */
export function stageWordsOf(state) {
  const other = counterpart(state);
  const banner = bannerOf(state);
  if (held(state)) return state.snapshot?.next ? "handedOver" : state.moved ? "letIn" : "onHold";
  if (banner === "drop") return null;
  if (other === null) return state.lastOther === null ? "nobody" : "steppedOut";
  if (other.phase === "on_hold") return "otherHeld";
  const shown = state.scene.pictures.includes(other.id);
  if (!other.connected) return banner === "otherDrop" || shown ? null : "otherDrop";
  if (other.camera === false) return "otherCameraOff";
  if (other.paused === true) return "otherPaused";
  if (shown) return null;
  return state.now - state.otherSince >= COMING_MS ? "noPicture" : "comingIn";
}

/** The own picture waits, so that the sound gets through. @param {State} state */
export const isWeak = ({ scene, devices, cameraOff }) => scene.weak && devices.camera && !cameraOff;

/** @param {Other} other */
const sendsPicture = ({ camera, paused }) => camera !== false && paused !== true;

/** Our best guess of the server's clock. @param {State} state */
export const serverNow = (state) => state.now + state.offset_ms;
