/** The HTTP requests of both pages. Nothing here throws: a failure is a value with a code. */
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
 * The tap on Start: the patient arrives (or prepares, before the room is open), and another device that held the link is replaced.
 * @param {string} code
 * @returns {Promise<Answer<import("./messages.js").Redeemed>>}
 */
export const redeemInvitation = (code) => post("/api/v1/invitations/redeem", { code }, SHAPES.redeemed);

/**
 * What the device test found; kept with the appointment.
 * @param {string} code @param {import("./messages.js").DeviceReport} report
 * @returns {Promise<Answer<import("./messages.js").Verdict>>}
 */
export const sendReadiness = (code, report) => post("/api/v1/invitations/readiness", { code, report }, SHAPES.verdict);

/**
 * The patient asks to be called, by the link alone.
 * @param {string} code
 * @returns {Promise<Answer<{callback_known: boolean}>>}
 */
export const askForCall = (code) => post("/api/v1/invitations/call", { code }, SHAPES.call);

/**
 * Who was in the visit, and where sound and picture went. Open for as long as the token lives, also after the visit.
 * @param {string} token
 * @returns {Promise<Answer<import("./messages.js").Receipt>>}
 */
export const readReceipt = (token) => post("/api/v1/visits/receipt", {}, SHAPES.receipt, token);

/**
 * How picture and sound worked.
 * @param {string} token @param {"well" | "trouble" | "failed"} given
 * @returns {Promise<Answer<{}>>}
 */
export const sendFeedback = (token, given) => post("/api/v1/visits/feedback", { answer: given }, SHAPES.nothing, token);

/**
 * @param {string} username @param {string} password
 * @returns {Promise<Answer<import("./messages.js").SignedIn>>}
 */
export const signIn = (username, password) => post("/api/v1/staff/sign-in", { username, password }, SHAPES.signedIn);

/**
 * End this session everywhere.
 * @param {string} token
 * @returns {Promise<Answer<{}>>}
 */
export const signOut = (token) => post("/api/v1/staff/sign-out", {}, SHAPES.nothing, token);

/**
 * Change the password and end the person's other sessions.
 * @param {string} token @param {{old: string, new: string}} passwords
 * @returns {Promise<Answer<{}>>}
 */
export const changePassword = (token, passwords) => post("/api/v1/staff/password", passwords, SHAPES.nothing, token);

/**
 * @param {string} path @param {Record<string, unknown>} body @param {import("./shapes.js").Shape} shape @param {string} [token]
 * @returns {Promise<Answer<any>>}
 */
async function post(path, body, shape, token) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
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
