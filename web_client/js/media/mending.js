/** What both pages' machines do about a microphone or a camera that is dead: once by themselves, then by a button. Pure. */

/** @typedef {import("./dead_tracks.js").Kind} Kind */
/** @typedef {[any, {type: "captureOne", kind: Kind}[]]} Step */

/** The name of a kind among a machine's devices. @param {Kind} kind */
export const deviceOf = (kind) => (kind === "audio" ? "microphone" : "camera");

/**
 * Steps for a machine whose state has `devices`, and `mended`: the kinds that were asked for anew since the last interruption.
 * @param {(state: any) => any} say tell of the loss
 * @param {(state: any) => any} unsay nothing is lost any more
 * @returns {Record<string, (state: any, event: any) => Step>}
 */
export const mending = (say, unsay) => ({
  track_dead(state, { kind }) {
    if (!state.mended.includes(kind)) return [{ ...state, mended: [...state.mended, kind] }, [{ type: "captureOne", kind }]];
    return [say({ ...state, devices: { ...state.devices, [deviceOf(kind)]: false } }), []];
  },

  track_alive(state, { kind }) {
    if (!lost(state).includes(kind)) return [state, []];
    const found = { ...state, devices: { ...state.devices, [deviceOf(kind)]: true } };
    return [lost(found).length === 0 ? unsay(found) : found, []];
  },

  /** The page is looked at again, a phone call is over: what did not come back then may come back now. */
  interrupted(state) {
    if (state.mended.length === 0) return [state, []];
    const again = lost(state);
    return [{ ...state, mended: again }, again.map((kind) => ({ type: "captureOne", kind }))];
  },
});

/** The kinds that did not come back. @param {{mended: readonly Kind[], devices: {microphone: boolean, camera: boolean}}} state */
export const lost = ({ mended, devices }) => mended.filter((kind) => !devices[deviceOf(kind)]);
