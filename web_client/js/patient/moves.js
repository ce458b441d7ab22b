/** The moves between the patient's screens that several events share: each is a step from one state to the next. */
import { NO_SCENE } from "../media/scene.js";
import { NO_DEVICES, roleOf } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Effect} Effect */
/** @typedef {[State, Effect[]]} Step */

/** @param {State} state @returns {Step} */
export function redeem(state) {
  if (state.busy === "redeem") return [state, []];
  return [{ ...state, busy: "redeem", notice: null }, [{ type: "wakeAudio" }, { type: "redeem", code: state.code }]];
}

/** To the device check; whoever comes without devices is asked for them. @param {State} state @returns {Step} */
export function toDevices(state) {
  /** @type {State} */
  const next = { ...state, screen: "devices", notice: null, wrong: null, unsure: false };
  return usable(state) ? [next, []] : ask(next, { picture: state.devices.picture });
}

/** To the speaker; the tap that leads here lets the page play. @param {State} state @returns {Step} */
export const toSound = (state) => [
  { ...state, screen: "sound", notice: null, sound: { ...state.sound, refused: false, echo: null } },
  [{ type: "wakeAudio" }, { type: "testSound" }, { type: "listDevices" }],
];

/** From the test of the devices back to the countdown. @param {State} state @returns {Step} */
export const toEarly = (state) => [{ ...state, testing: false, screen: "early", devices: NO_DEVICES }, [{ type: "releaseDevices" }]];

/** @param {State} state @returns {Step} */
export const toConfirm = (state) => [{ ...state, screen: "confirm", notice: null, testing: false }, []];

/**
 * @param {State} state @param {{picture: boolean, cameraId?: string, microphoneId?: string}} wish
 * @returns {Step}
 */
export function ask(state, wish) {
  const devices = { ...state.devices, status: /** @type {const} */ ("asking"), problem: null, slow: false, picture: wish.picture };
  return [{ ...state, devices, notice: null }, [{ type: "capture", ...wish }]];
}

/** @param {State} state @param {"left" | "over"} why @param {Effect[]} effects @returns {Step} */
export function toEnded(state, why, effects) {
  const next = { ...still(state), screen: /** @type {const} */ ("ended"), why, busy: null };
  return [next, [...effects, { type: "releaseDevices" }, { type: "keepAwake", on: false }, ...(why === "left" ? [{ type: /** @type {const} */ ("closeMedia") }] : [])]];
}

/** The visit is over, or the link is: for somebody who was in it a good end, for others an expired link. @param {State} state @returns {Step} */
export function over(state) {
  const was = ["waiting", "visit", "ended"].includes(state.screen);
  const cancelled = state.snapshot?.visit.phase === "cancelled";
  if (was && !cancelled) return gone({ ...state, screen: "ended", why: "over" });
  return gone({ ...state, screen: "expired", why: cancelled ? "cancelled" : "ended" });
}

/** The link ended while the page was open: the link itself knows why. @param {State} state @returns {Step} */
export function linkEnded(state) {
  const [next, effects] = over(state);
  return [next, [...effects, { type: "look", code: state.code }]];
}

/** Nothing more can come: let go of everything. @param {State} state @returns {Step} */
export function gone(state) {
  const next = { ...still(state), token: null, busy: null, wants: null, link: /** @type {const} */ ("closed") };
  return [next, [{ type: "closeMedia" }, { type: "disconnect" }, { type: "releaseDevices" }, { type: "forgetSession" }, { type: "keepAwake", on: false }]];
}

/** @param {State} state @returns {State} */
const still = (state) => ({
  ...state, startedAt: null, muted: false, cameraOff: false, deviceLost: false, mended: [], soundBlocked: false, scene: NO_SCENE,
  lastOther: null, returned: false, wait: null, draft: {}, wrong: null, sending: false, asking: null, unasked: null,
  devices: { ...NO_DEVICES, picture: state.devices.picture }, receipt: { status: "none", value: null }, feedback: "none",
});

/** @param {State} state @param {import("./types.js").Why} why @returns {State} */
export const fail = (state, why) => ({ ...state, screen: "error", why, busy: null });

/** @param {State} state */
export const usable = (state) => state.devices.camera || state.devices.microphone;

/** The link says that this person gives the date of birth first. @param {State} state */
export const asksBirthDate = (state) => state.invitation?.ask_birth_date === true && ["patient", "helper"].includes(roleOf(state));
