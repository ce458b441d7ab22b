/**
 * Shapes that are held against each message on arrival. A field that a shape does not name is ignored; a message that
 * breaks its shape is dropped, and the next snapshot repairs the screen.
 */

/**
 * A shape: the name of a JavaScript type, `"string?"` for one that may be null, `"time"` for RFC 3339, `[shape]` for a
 * list, an object for named fields, `{"*": shape}` for a dictionary, and `null | object` as `["?", shape]`.
 * @typedef {string | readonly any[] | {readonly [field: string]: any}} Shape
 */

const clinic = { name: "string", phone: "string", time_zone: "string" };
const person = { id: "string", name: "string", role: "string", phase: "string" };
const other = { ...person, connected: "boolean", microphone: "boolean?", camera: "boolean?" };
const times = { starts_at: "time", opens_at: "time", ends_at: "time" };
const media = {
  transport: "string", revision: "number", sdp: "string?", publish: "boolean", mids: { "*": "string" },
  remote: [{ mid: "string", source: "string", participant: "string", name: "string" }],
  ice_servers: [{}],
};

export const SHAPES = {
  media,
  invitationView: { state: "string", in_use: "boolean", role: "string", visit: { ...times, clinician: "string?" }, clinic, server_time: "time" },
  redeemed: { token: "string", expires_at: "time", visit: "string", participant: "string", role: "string" },
  signedIn: { token: "string", expires_at: "time", staff: { username: "string", name: "string", role: "string" } },
  visitSnapshot: {
    version: "number", server_time: "time", clinic,
    visit: { id: "string", phase: "string", ...times, started_at: "time?", clinician: "string" },
    me: person, others: [other], staff_present: "boolean", media: ["?", media],
  },
  careSnapshot: {
    version: "number", server_time: "time", clinic,
    me: { username: "string", name: "string", role: "string" },
    queue: [{
      visit: "string", phase: "string", ...times, reason: "string", provider: { id: "string", name: "string" },
      patient: {
        id: "string", name: "string", phase: "string", arrived_at: "time?", waiting_since: "time?", connected: "boolean", lost_at: "time?",
      },
      with: ["string"], may: ["string"],
    }],
    visit: ["?", { id: "string", phase: "string", started_at: "time?", elsewhere: "boolean", may: ["string"], me: person, others: [other], media: ["?", media] }],
  },
};

/**
 * Say where a value first breaks a shape (`"visit.starts_at"`), or null when it holds.
 * @param {Shape} shape @param {any} value @param {string} [path]
 * @returns {string | null}
 */
export function breach(shape, value, path = "") {
  const here = path || "(whole)";
  if (typeof shape === "string") {
    if (shape.endsWith("?")) return value === null ? null : breach(shape.slice(0, -1), value, path);
    if (shape === "time") return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? null : here;
    return typeof value === shape ? null : here;
  }
  if (Array.isArray(shape)) {
    if (shape[0] === "?") return value === null ? null : breach(shape[1], value, path);
    if (!Array.isArray(value)) return here;
    return first(value, (item, index) => breach(shape[0], item, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return here;
  const fields = /** @type {Record<string, Shape>} */ (shape);
  const every = fields["*"];
  if (every !== undefined) return first(Object.keys(value), (name) => breach(every, value[name], `${path}.${name}`));
  return first(Object.entries(fields), ([name, inner]) => breach(inner, value[name], path ? `${path}.${name}` : name));
}

/**
 * @template T
 * @param {T[]} items @param {(item: T, index: number) => string | null} judge
 * @returns {string | null}
 */
function first(items, judge) {
  for (const [index, item] of items.entries()) {
    const found = judge(item, index);
    if (found !== null) return found;
  }
  return null;
}
