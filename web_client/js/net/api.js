/** The three HTTP requests that come before a socket. Nothing here throws: a failure is a value with a code. */
import { SHAPES, breach } from "./shapes.js";

/** @typedef {import("./messages.js").Failure} Failure */
/** @typedef {import("./messages.js").Clinic} Clinic */

const TIMEOUT_MS = 10_000;

/**
 * @template T
 * @typedef {{ok: T, clinic?: undefined} | {error: Failure, clinic?: Clinic}} Answer
 */

/**
 * What the link opens. Changes nothing on the server.
 * @param {string} code
 * @returns {Promise<Answer<import("./messages.js").InvitationView>>}
 */
export const viewInvitation = (code) => post("/api/v1/invitations/view", { code }, SHAPES.invitationView);

/**
 * The tap on Start: the patient arrives, and another device that held the link is replaced.
 * @param {string} code
 * @returns {Promise<Answer<import("./messages.js").Redeemed>>}
 */
export const redeemInvitation = (code) => post("/api/v1/invitations/redeem", { code }, SHAPES.redeemed);

/**
 * @param {string} username @param {string} password
 * @returns {Promise<Answer<import("./messages.js").SignedIn>>}
 */
export const signIn = (username, password) => post("/api/v1/staff/sign-in", { username, password }, SHAPES.signedIn);

/**
 * @param {string} path @param {Record<string, string>} body @param {import("./shapes.js").Shape} shape
 * @returns {Promise<Answer<any>>}
 */
async function post(path, body, shape) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: abort.signal,
      cache: "no-store",
      credentials: "omit",
    });
    const value = await response.json();
    if (response.ok) return breach(shape, value) === null ? { ok: value } : { error: { code: "garbled" } };
    return { error: value?.error?.code ? value.error : { code: "garbled" }, clinic: value?.clinic ?? value?.error?.clinic };
  } catch {
    return { error: { code: "offline" } };
  } finally {
    clearTimeout(timer);
  }
}
