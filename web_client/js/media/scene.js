/** What both pages' machines know of the pictures and voices in a visit, and what happens to them. Pure. */

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("../net/messages.js").Other} Other */

/** @type {Scene} */
export const NO_SCENE = { pictures: [], stalled: [], speaking: [], weak: false, sharing: "off" };

/**
 * The scene without those who are not in the visit any more: a picture of before is no promise of one to come.
 * @param {Scene} scene @param {readonly Other[]} others
 * @returns {Scene}
 */
export function among(scene, others) {
  const there = new Set(others.filter(({ phase }) => phase === "in_visit").map(({ id }) => id));
  const stays = (/** @type {string} */ key) => there.has(key.split("/")[0] ?? "");
  if ([...scene.pictures, ...scene.stalled, ...scene.speaking].every(stays)) return scene;
  return { ...scene, pictures: scene.pictures.filter(stays), stalled: scene.stalled.filter(stays), speaking: scene.speaking.filter(stays) };
}

/** A share that the visit's end, or the browser, took away. @param {Scene} scene @returns {Scene} */
const unshared = (scene) => ({ ...scene, sharing: "off" });

/** @type {Record<string, (scene: Scene, event: any) => Scene>} */
const CHANGES = {
  picture_shown: (scene, { key }) => ({
    ...scene, pictures: [...new Set([...scene.pictures, key])], stalled: scene.stalled.filter((one) => one !== key),
  }),
  stalled: (scene, { stalled }) => (same(scene.stalled, stalled) ? scene : { ...scene, stalled }),
  speaking: (scene, { speaking }) => (same(scene.speaking, speaking) ? scene : { ...scene, speaking }),
  weak_network: (scene, { weak }) => ({ ...scene, weak }),
  screen_shared: (scene) => (scene.sharing === "asking" ? { ...scene, sharing: "on" } : scene),
  screen_ended: unshared,
};

/**
 * Steps for a machine whose state has a `scene`.
 * @type {Record<string, (state: any, event: any) => [any, {type: "shareScreen" | "stopSharing"}[]]>}
 */
export const SCENE_STEPS = {
  ...Object.fromEntries(
    Object.entries(CHANGES).map(([type, change]) => [
      type,
      (/** @type {{scene: Scene}} */ state, /** @type {any} */ event) => {
        const scene = change(state.scene, event);
        return [scene === state.scene ? state : { ...state, scene }, []];
      },
    ]),
  ),

  share_tapped(state) {
    const { sharing } = state.scene;
    if (sharing === "asking") return [state, []];
    const begins = sharing === "off";
    return [{ ...state, scene: { ...state.scene, sharing: begins ? "asking" : "off" } }, [{ type: begins ? "shareScreen" : "stopSharing" }]];
  },
};

/** @param {readonly string[]} one @param {readonly string[]} other */
const same = (one, other) => one.length === other.length && one.every((key, index) => key === other[index]);
