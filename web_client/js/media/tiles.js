/** Who and what is on the stage, and what is written on each picture. Pure. */
import { keyOf } from "./remote_streams.js";

/** @typedef {import("./types.js").Tile} Tile */
/** @typedef {import("./types.js").Mark} Mark */
/** @typedef {import("../net/messages.js").Other} Other */
/** @typedef {import("../net/messages.js").Media} Media */

/**
 * One tile for each of the others, in the server's order, so that nobody changes place because somebody else came, went or
 * spoke; after them the shared screens.
 * @param {readonly Other[]} others @param {Media | null} media @param {import("./types.js").Scene} scene @param {string | null} main whose picture gets the most room
 * @param {(name: string) => string} screenOf how a shared screen is called
 * @returns {Tile[]}
 */
export function tilesOf(others, media, scene, main, screenOf) {
  const sends = new Set((media?.remote ?? []).filter(({ source }) => source === "screen").map(({ participant }) => participant));
  const screens = others.filter(({ id, phase, screen }) => phase === "in_visit" && screen !== false && sends.has(id));
  const shared = screens.at(-1)?.id ?? null;
  return [
    ...others.map((other) => person(other, scene, shared === null && other.id === main)),
    ...screens.map(({ id, name }) => ({ key: keyOf(id, true), name: screenOf(name), screen: true, main: id === shared, blank: false, marks: [], quality: null })),
  ];
}

/** @param {Other} other @param {import("./types.js").Scene} scene @param {boolean} main @returns {Tile} */
function person(other, scene, main) {
  const { id: key, name, phase, camera, paused, quality } = other;
  const blank = phase !== "in_visit" || camera === false || paused === true;
  return { key, name, screen: false, main, blank, marks: marksOf(other, scene), quality: phase === "in_visit" && other.connected ? quality : null };
}

/** What is said of somebody, the gravest alone where it explains the rest. @param {Other} other @param {import("./types.js").Scene} scene @returns {Mark[]} */
function marksOf({ id, phase, connected, microphone, camera, paused }, { pictures, stalled, speaking }) {
  if (phase !== "in_visit") return ["held"];
  if (!connected) return ["lost"];
  /** @type {Mark[]} */
  const marks = [];
  if (microphone === false) marks.push("muted");
  else if (speaking.includes(id)) marks.push("speaking");
  if (camera === false) marks.push("cameraOff");
  else if (paused === true) marks.push("paused");
  else if (!pictures.includes(id) || stalled.includes(id)) marks.push("noPicture");
  return marks;
}
