/** Photos over HTTP (docs/protocol.md §1). Nothing here throws: a failure is a value with a code. */
import { SHAPES, breach } from "./shapes.js";

/** @typedef {import("./messages.js").Failure} Failure */
/** @template T @typedef {import("./api.js").Answer<T>} Answer */

const PATH = "/api/v1/visits/photos";
/** A photo is megabytes, and a phone's line may be slow. */
const PATIENCE_MS = 120_000;

/**
 * To the staff in the visit.
 * @param {Blob} photo a JPEG @param {string} token the participant's @param {AbortSignal} given the person changed their mind
 * @returns {Promise<Answer<import("./messages.js").PhotoTaken>>}
 */
export async function sendPhoto(photo, token, given) {
  const response = await ask(PATH, token, { method: "POST", body: photo, headers: { "Content-Type": "image/jpeg" } }, given);
  if (!(response instanceof Response)) return response;
  const value = await response.json().catch(() => null);
  if (!response.ok) return refusal(value);
  return breach(SHAPES.photoTaken, value) === null ? { ok: value } : { error: { code: "garbled" } };
}

/**
 * @param {string} photo @param {string} token the staff member's
 * @returns {Promise<Answer<Blob>>}
 */
export async function fetchPhoto(photo, token) {
  const response = await ask(`${PATH}/${encodeURIComponent(photo)}`, token, {});
  if (!(response instanceof Response)) return response;
  if (!response.ok) return refusal(await response.json().catch(() => null));
  return response.blob().then((ok) => ({ ok }), () => ({ error: { code: "offline" } }));
}

/** @param {any} value @returns {{error: Failure}} */
const refusal = (value) => ({ error: value?.error?.code ? value.error : { code: "garbled" } });

/**
 * @param {string} path @param {string} token @param {{method?: string, body?: Blob, headers?: Record<string, string>}} request @param {AbortSignal} [given]
 * @returns {Promise<Response | {error: Failure}>}
 */
async function ask(path, token, { headers = {}, ...request }, given) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
  given?.addEventListener("abort", () => abort.abort());
  try {
    return await fetch(path, {
      ...request, headers: { ...headers, Authorization: `Bearer ${token}` }, signal: abort.signal, cache: "no-store", credentials: "omit",
    });
  } catch {
    return { error: { code: "offline" } };
  } finally {
    clearTimeout(timer);
  }
}
