/**
 * The text frames of Engine.IO 4 and Socket.IO 5 over one WebSocket, as far as these pages use them: one namespace, no binary.
 * See the protocols' own documents, "The Engine.IO protocol" and "The Socket.IO protocol".
 */

export const PONG = "3";

/**
 * @typedef {{type: "open", silenceMs: number}} Opened how long the server may be silent: its pings come more often
 * @typedef {Opened | {type: "ping"} | {type: "close"} | {type: "connected"} | {type: "refused", code: string | null}
 *   | {type: "disconnected"} | {type: "event", name: string, argument: any} | {type: "ack", id: number, answer: any}} Frame
 */

/** @param {string} namespace @param {Record<string, unknown>} auth */
export const connectFrame = (namespace, auth) => `40${namespace},${JSON.stringify(auth)}`;

/** @param {string} namespace */
export const disconnectFrame = (namespace) => `41${namespace},`;

/** One event that asks for an answer. @param {string} namespace @param {number} id @param {string} name @param {unknown} argument */
export const eventFrame = (namespace, id, name, argument) => `42${namespace},${id}${JSON.stringify([name, argument])}`;

/**
 * What the server sent; null where it is nothing that this page could have been sent.
 * @param {unknown} text @param {string} namespace
 * @returns {Frame | null}
 */
export function readFrame(text, namespace) {
  if (typeof text !== "string") return null;
  try {
    switch (text[0]) {
      case "0":
        return opened(JSON.parse(text.slice(1)));
      case "1":
        return { type: "close" };
      case "2":
        return { type: "ping" };
      case "4":
        return packet(text.slice(1), namespace);
    }
  } catch {
    // Broken JSON: as good as no frame.
  }
  return null;
}

/** @param {any} handshake @returns {Frame | null} */
function opened({ pingInterval, pingTimeout }) {
  const silenceMs = pingInterval + pingTimeout;
  return Number.isFinite(silenceMs) && silenceMs > 0 ? { type: "open", silenceMs } : null;
}

/** @param {string} text @param {string} namespace @returns {Frame | null} */
function packet(text, namespace) {
  const [, type, where, id, json] = /^([0-4])([^,]*)(?:,(\d*)(.*))?$/s.exec(text) ?? [];
  if (where !== namespace) return null;
  const data = json === undefined || json === "" ? null : JSON.parse(json);
  switch (type) {
    case "0":
      return { type: "connected" };
    case "1":
      return { type: "disconnected" };
    case "2":
      return Array.isArray(data) && typeof data[0] === "string" ? { type: "event", name: data[0], argument: data[1] } : null;
    case "3":
      return Array.isArray(data) && id !== undefined && id !== "" ? { type: "ack", id: Number(id), answer: data[0] } : null;
    case "4":
      return { type: "refused", code: typeof data?.data?.code === "string" ? data.data.code : null };
  }
  return null;
}
