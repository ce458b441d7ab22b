/** What stands on the stage of both pages: everybody's picture with name, state and line, and what is shared. */
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { repeat } from "../../vendor/lit-html/directives/repeat.js";
import { icons } from "../icons.js";

/** @typedef {import("./types.js").Tile} Tile */
/** @typedef {import("./types.js").Mark} Mark */
/** @typedef {import("./types.js").Quality} Quality */
/** @typedef {(key: string, facts?: Record<string, string>) => string} Say */

/** @type {Record<Mark, keyof typeof icons>} */
const ICONS = { speaking: "sound", muted: "microphoneOff", held: "quiet", lost: "alert", cameraOff: "cameraOff", paused: "cameraOff", noPicture: "alert" };
/** @type {Record<Quality, keyof typeof icons>} */
const SIGNS = { good: "lineGood", fair: "lineFair", poor: "linePoor" };
/** Of one person alone the stage itself says the rest in a sentence. */
const SAID_OF_ONE = ["speaking", "muted"];

/** @param {readonly Tile[]} tiles @param {import("./stage.js").Stage} stage @param {Say} t */
export function pictures(tiles, stage, t) {
  const shared = tiles.some(({ screen }) => screen);
  const alone = tiles.length === 1;
  return html`<div class="tiles ${shared ? `tiles-shared tiles-beside-${Math.min(tiles.length - 1, 5)}` : `tiles-${tiles.length}`}">${repeat(tiles, ({ key }) => key, (one) => tile(one, alone, stage, t))}</div>`;
}

/** @param {Tile} tile @param {boolean} alone @param {import("./stage.js").Stage} stage @param {Say} t */
function tile({ key, name, screen, main, blank, marks, quality }, alone, stage, t) {
  const said = alone ? marks.filter((one) => SAID_OF_ONE.includes(one)) : marks;
  const look = [screen && "tile-screen", main && "tile-main", marks.includes("speaking") && "tile-speaking"].filter(Boolean).join(" ");
  return html`
    <div class="tile ${look}">
      ${stage.video(key, name, blank)}
      ${blank && !alone ? html`<span class="tile-face">${icons.person()}</span>` : nothing}
      <div class="plate">
        <p class="plate-name"><span>${name}</span>${quality === null ? nothing : sign(quality, t)}</p>
        ${said.map((one) => html`<p class="mark mark-${one}" title=${t(`mark.${one}`)}>${icons[ICONS[one]]()}<span>${t(`mark.${one}`)}</span></p>`)}
      </div>
    </div>
  `;
}

/** How good a line is: bars for the eye, words for everybody. A good one needs no words on the picture. @param {Quality} quality @param {Say} t */
export const sign = (quality, t) =>
  html`<span class="sign sign-${quality}" title=${t(`line.${quality}`)}>${icons[SIGNS[quality]]()}<span>${t(`line.${quality}`)}</span></span>`;
