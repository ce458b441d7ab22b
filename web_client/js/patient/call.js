/** The devices from the check to the end of the visit, and what is tapped in the visit. */
import { deviceOf, lost, mending } from "../media/mending.js";
import { SCENE_STEPS } from "../media/scene.js";
import { TOOL_STEPS, changeDevice } from "../media/tools.js";
import { ask } from "./moves.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./moves.js").Step} Step */

const CORNERS = /** @type {const} */ (["bottom-right", "bottom-left", "top-left", "top-right"]);

/** @type {Record<string, (state: State, event: any) => Step>} */
export const CALL = {
  sound_only_tapped: (state) => ask({ ...state, deviceLost: false }, { picture: false }),

  device_chosen(state, { cameraId, microphoneId }) {
    if (state.screen === "visit") return changeDevice(state, { cameraId, microphoneId });
    const { picture, ...devices } = state.devices;
    return ask(state, { picture, cameraId: cameraId ?? devices.cameraId, microphoneId: microphoneId ?? devices.microphoneId });
  },

  captured(state, { result }) {
    const got = result.microphone || result.camera;
    const unheard = { slow: false, heard: false, stirred: false, since: state.now };
    const devices = { ...state.devices, ...result, ...unheard, status: got ? "ready" : "failed" };
    // One of the two came back: the other may still be lost.
    if (lost({ ...state, devices }).length > 0) devices.problem ??= state.devices.problem;
    const deviceLost = inRoom(state) && (result.problem !== null || lost({ ...state, devices }).length > 0);
    return [{ ...state, devices, deviceLost }, [{ type: "mute", muted: state.muted }, { type: "camera", off: state.cameraOff }]];
  },

  capture_slow: (state) => (state.devices.status === "asking" ? [{ ...state, devices: { ...state.devices, slow: true } }, []] : [state, []]),

  heard: (state) => [state.devices.heard ? state : { ...state, devices: { ...state.devices, heard: true, stirred: true } }, []],

  stirred: (state) => [state.devices.stirred ? state : { ...state, devices: { ...state.devices, stirred: true } }, []],

  track_ended(state, { kind }) {
    return [{ ...state, devices: { ...state.devices, problem: "failed", [deviceOf(kind)]: false } }, []];
  },

  device_fix_tapped: (state) => ask({ ...state, deviceLost: false }, { picture: state.devices.picture }),

  copy_link_tapped: (state) => [state, [{ type: "copyLink" }]],

  link_copied: (state, { copied }) => [{ ...state, notice: copied ? "copied" : "uncopied" }, []],

  media: (state, { status }) => [{ ...state, media: status, mediaSince: state.now }, []],

  mute_tapped(state) {
    if (missing(state, "microphone")) return askOne({ ...state, muted: false }, "audio");
    return [{ ...state, muted: !state.muted }, [{ type: "mute", muted: !state.muted }]];
  },

  camera_tapped(state) {
    if (missing(state, "camera")) return askOne({ ...state, cameraOff: false, devices: { ...state.devices, picture: true } }, "camera");
    return [{ ...state, cameraOff: !state.cameraOff }, [{ type: "camera", off: !state.cameraOff }]];
  },

  flip_tapped: (state) => [state, [{ type: "flip" }]],

  corner_tapped(state) {
    const corner = CORNERS[(CORNERS.indexOf(state.corner) + 1) % CORNERS.length] ?? "bottom-right";
    return [{ ...state, corner }, []];
  },

  sound_tapped: (state) => [{ ...state, soundBlocked: false }, [{ type: "playSound" }]],

  sound_blocked: (state) => [{ ...state, soundBlocked: true }, []],

  ...mending(
    (state) => (inRoom(state) ? { ...state, deviceLost: true, devices: { ...state.devices, problem: null } } : { ...state, devices: { ...state.devices, problem: "failed" } }),
    (state) => ({ ...state, deviceLost: false, devices: { ...state.devices, problem: null } }),
  ),

  ...SCENE_STEPS,

  ...TOOL_STEPS,
};

/** Where trouble with a device stands in a banner, and in nobody's way. @param {State} state */
const inRoom = ({ screen }) => screen === "waiting" || screen === "visit";

/** Ask for the one that is missing and leave the other as it is. @param {State} state @param {"audio" | "camera"} kind @returns {Step} */
const askOne = (state, kind) => [{ ...state, deviceLost: false }, [{ type: "captureOne", kind }]];

/** @param {State} state @param {"microphone" | "camera"} kind */
const missing = ({ devices }, kind) => !devices[kind] && devices.status !== "asking";
