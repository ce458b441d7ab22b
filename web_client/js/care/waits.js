/** How long a patient has waited, and how bad that is. */

const LONG_MIN = 10;
const VERY_LONG_MIN = 20;

/** @typedef {{minutes: number, grade: "ok" | "long" | "very_long"}} Wait */

/**
 * @param {string | null} since @param {number} now the server's clock, in ms
 * @returns {Wait | null} null for somebody who does not wait
 */
export function waitOf(since, now) {
  if (since === null) return null;
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  return { minutes, grade: minutes >= VERY_LONG_MIN ? "very_long" : minutes >= LONG_MIN ? "long" : "ok" };
}
