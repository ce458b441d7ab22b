/** The photo that the patient makes: it lies in this page's memory alone, and only until it was sent or given up. */
import { redraw, takeStill } from "../media/still.js";
import { sendPhoto } from "../net/photos_api.js";

/** @typedef {import("./types.js").PhotoEffect} PhotoEffect */
/** @typedef {import("./effects.js").Dispatch} Dispatch */

/** @type {{image: Blob, url: string} | null} */
let made = null;
let given = new AbortController();

/** @param {Exclude<PhotoEffect, {type: "refocus"}>} effect @param {MediaStreamTrack | null} camera @param {Dispatch} dispatch */
export function run(effect, camera, dispatch) {
  switch (effect.type) {
    case "takePhoto":
      void make(camera === null ? Promise.reject(new Error("no camera")) : takeStill(camera), dispatch);
      break;
    case "readPhoto":
      void make(redraw(effect.file), dispatch);
      break;
    case "sendPhoto":
      void send(effect.token, dispatch);
      break;
    case "dropPhoto":
      drop();
      break;
  }
}

function drop() {
  given.abort();
  given = new AbortController();
  if (made !== null) URL.revokeObjectURL(made.url);
  made = null;
}

/** @param {Promise<Blob>} making @param {Dispatch} dispatch */
async function make(making, dispatch) {
  drop();
  const { signal } = given;
  const image = await making.catch(() => null);
  // Given up meanwhile, or another one is being made.
  if (signal.aborted) return;
  if (image === null) return dispatch({ type: "photo_missed" });
  made = { image, url: URL.createObjectURL(image) };
  dispatch({ type: "photo_made", url: made.url });
}

/** @param {string} token @param {Dispatch} dispatch */
async function send(token, dispatch) {
  if (made === null) return;
  const { signal } = given;
  const answer = await sendPhoto(made.image, token, signal);
  if (!signal.aborted) dispatch({ type: "photo_answered", answer, now: Date.now() });
}
