/** What may be changed beside the pictures of a visit: devices, full screen, small window, blur, size of the text. Pure, for both pages. */

/** @typedef {import("./types.js").Tools} Tools */
/** @typedef {import("./types.js").ToolEffect} ToolEffect */

/** @type {Tools} */
export const NO_TOOLS = { panel: null, full: false, small: false, large: false };

/** What a page knows of devices beside which of them it has. @type {import("./types.js").Choices} */
export const NO_CHOICES = { cameras: [], microphones: [], speakers: [], cameraId: "", microphoneId: "", speakerId: "", blur: null, refused: null };

/** The panel goes with the visit. @template {{screen: string, tools: Tools}} S @param {S} state @returns {S} */
export const tidy = (state) => (state.screen === "visit" || state.tools.panel === null ? state : having(state, { panel: null }));

/**
 * Steps for a machine whose state has `tools` and `devices`.
 * @type {Record<string, (state: any, event: any) => [any, ToolEffect[]]>}
 */
export const TOOL_STEPS = {
  panel_tapped(state, { panel }) {
    const opens = state.tools.panel !== panel;
    return [having(accepted(state), { panel: opens ? panel : null }), opens && panel === "more" ? [{ type: "listDevices" }] : []];
  },

  panel_closed: (state) => [state.tools.panel === null ? state : having(state, { panel: null }), []],

  /** A browser that names none in time has lost none. */
  devices_listed(state, { cameras, microphones, speakers, speakerId }) {
    const found = { ...(cameras.length > 0 && { cameras }), ...(microphones.length > 0 && { microphones }) };
    return [{ ...state, devices: { ...state.devices, ...found, speakers, speakerId } }, []];
  },

  speaker_chosen: (state, { speakerId }) => [accepted(state), [{ type: "speaker", speakerId }]],

  speaker_set: (state, { speakerId, taken }) => [{ ...state, devices: { ...state.devices, speakerId, refused: taken ? null : "speaker" } }, []],

  blur_tapped: (state) => [state, [{ type: "blur", on: state.devices.blur !== true }]],

  blur_set: (state, { blur }) => [{ ...state, devices: { ...state.devices, blur } }, []],

  full_tapped: (state) => [state, [{ type: "fullScreen", on: !state.tools.full }]],

  full_changed: (state, { full }) => [having(state, { full }), []],

  small_tapped: (state, { key }) => [state, [{ type: "smallWindow", key: state.tools.small ? null : key }]],

  small_changed: (state, { small }) => [having(state, { small }), []],

  large_tapped: (state) => [having(state, { large: !state.tools.large }), [{ type: "largeText", on: !state.tools.large }]],
};

/**
 * Another camera or microphone in the visit; the other of the two goes on.
 * @template {{devices: object}} S
 * @param {S} state @param {{cameraId?: string, microphoneId?: string}} event @returns {[S, ToolEffect[]]}
 */
export function changeDevice(state, { cameraId, microphoneId }) {
  /** @type {ToolEffect} */
  const change = cameraId === undefined ? { type: "changeDevice", kind: "audio", deviceId: microphoneId ?? "" } : { type: "changeDevice", kind: "camera", deviceId: cameraId };
  return [accepted(state), [change]];
}

/** @template {{tools: Tools}} S @param {S} state @param {Partial<Tools>} change @returns {S} */
const having = (state, change) => ({ ...state, tools: { ...state.tools, ...change } });

/** What was said of a device that did not start is said no longer. @template {{devices: object}} S @param {S} state @returns {S} */
const accepted = (state) => ({ ...state, devices: { ...state.devices, refused: null } });
