/** How long a patient has waited, and how bad that is by the clinic's own measure. */

/** @typedef {{minutes: number, grade: "ok" | "long" | "very_long"}} Wait */

/**
 * @param {string | null} since @param {number} now the server's clock, in ms
 * @param {{amber_minutes: number, red_minutes: number} | undefined} clinic
 * @returns {Wait | null} null for somebody who does not wait
 */
export function waitOf(since, now, clinic) {
  if (since === null) return null;
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  const { amber_minutes: long, red_minutes: veryLong } = clinic ?? { amber_minutes: Infinity, red_minutes: Infinity };
  return { minutes, grade: minutes >= veryLong ? "very_long" : minutes >= long ? "long" : "ok" };
}
