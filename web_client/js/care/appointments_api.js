/** Booking, another time, cancelling: the appointments interface, asked with the staff's own token (`GET /api/v1/openapi.json`). */

/** @typedef {import("./types.js").Ack} Ack */
/** @typedef {import("./types.js").Argument} Argument */

const TIMEOUT_MS = 10_000;
const ROOT = "/api/v1/appointments";

/** The booking under way and the key that names it: sent again after a silence, it makes one appointment. @type {{body: string, key: string} | null} */
let underWay = null;

/** @param {string} token @param {Argument} argument @returns {Promise<Ack>} the appointment, with the patient's link in `links` */
export async function bookAppointment(token, argument) {
  const body = JSON.stringify(argument);
  if (underWay?.body !== body) underWay = { body, key: newKey() };
  const ack = await send(ROOT, token, argument, { "Idempotency-Key": underWay.key });
  if ("ok" in ack) underWay = null;
  return ack;
}

/** @param {string} token @param {Argument} argument @returns {Promise<Ack>} the appointment, with the patient's new link in `links` */
export const rescheduleAppointment = (token, { visit, ...times }) => send(`${ROOT}/${encodeURIComponent(String(visit))}/reschedule`, token, times);

/** @param {string} token @param {Argument} argument @returns {Promise<Ack>} */
export const cancelAppointment = (token, { visit }) => send(`${ROOT}/${encodeURIComponent(String(visit))}/cancel`, token, {});

/** @param {string} path @param {string} token @param {Argument} body @param {Record<string, string>} [headers] @returns {Promise<Ack>} */
async function send(path, token, body, headers = {}) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: "no-store",
      credentials: "omit",
    });
    const value = await response.json();
    if (response.ok) return { ok: value };
    return { error: typeof value?.error?.code === "string" ? value.error : { code: "garbled" } };
  } catch {
    return { error: { code: "offline" } };
  }
}

const newKey = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16).padStart(8, "0")).join("");
