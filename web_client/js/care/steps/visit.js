/** In the visit: people, own microphone and camera, sound and picture. */
import { lost, mending } from "../../media/mending.js";
import { SCENE_STEPS } from "../../media/scene.js";
import { request } from "../requests.js";
import { capturing } from "./admission.js";

/** @typedef {import("../types.js").State} State */

/** @type {import("../types.js").Handlers} */
export const VISIT = {
  leave_tapped(state) {
    const visit = state.snapshot?.visit;
    return visit ? [state, [request("visit.leave", { visit: visit.id })]] : [state, []];
  },

  hold_tapped: (state, { visit, participant }) => [{ ...state, failing: null }, [request("visit.hold", { visit, participant })]],

  return_tapped: (state, { visit, participant }) => [{ ...state, failing: null }, [request("visit.return", { visit, participant })]],

  captured(state, { result }) {
    const devices = { ...state.devices, ...result, asking: false };
    // One of the two came back: the other may still be lost.
    if (lost({ ...state, devices }).length > 0) devices.problem ??= state.devices.problem;
    return [
      { ...state, devices },
      [{ type: "mute", muted: state.muted }, { type: "camera", off: state.cameraOff }],
    ];
  },

  device_fix_tapped: (state) => [capturing(state), [{ type: "capture" }]],

  media: (state, { status }) => [{ ...state, media: status }, []],

  mute_tapped(state) {
    if (missing(state, "microphone")) return [{ ...state, muted: false }, [{ type: "captureOne", kind: "audio" }]];
    return [{ ...state, muted: !state.muted }, [{ type: "mute", muted: !state.muted }]];
  },

  camera_tapped(state) {
    if (missing(state, "camera")) return [{ ...state, cameraOff: false }, [{ type: "captureOne", kind: "camera" }]];
    return [{ ...state, cameraOff: !state.cameraOff }, [{ type: "camera", off: !state.cameraOff }]];
  },

  flip_tapped: (state) => [state, [{ type: "flip" }]],

  sound_tapped: (state) => [{ ...state, soundBlocked: false }, [{ type: "playSound" }]],

  sound_blocked: (state) => [{ ...state, soundBlocked: true }, []],

  ...mending(
    (state) => ({ ...state, devices: { ...state.devices, problem: "failed" } }),
    (state) => ({ ...state, devices: { ...state.devices, problem: null } }),
  ),

  ...SCENE_STEPS,
};

/** @param {State} state @param {"microphone" | "camera"} kind */
const missing = ({ devices }, kind) => !devices[kind] && !devices.asking;
