/**
 * Shapes that are held against each message on arrival. A field that a shape does not name is ignored; a message that
 * breaks its shape is dropped, and the next snapshot repairs the screen.
 */

/**
 * A shape: the name of a JavaScript type, `"string?"` for one that may be null, `"time"` for RFC 3339, `[shape]` for a
 * list, an object for named fields, `{"*": shape}` for a dictionary, and `null | object` as `["?", shape]`.
 * @typedef {string | readonly any[] | {readonly [field: string]: any}} Shape
 */

const byLanguage = { "*": "string" };
const clinic = { id: "string", name: "string", phone: "string", time_zone: "string", support_hours: byLanguage, emergency_number: "string", color: "string?", logo: "string?" };
const person = { id: "string", name: "string", role: "string", phase: "string" };
const other = { ...person, connected: "boolean", microphone: "boolean?", camera: "boolean?", screen: "boolean?", paused: "boolean?", quality: "string?" };
const photo = { id: "string", participant: "string", name: "string", at: "time", width: "number", height: "number" };
const talk = ["?", {
  chat: [{ id: "string", sender: "string", name: "string", at: "time", text: "string" }],
  captions: ["?", { participant: "string", name: "string", number: "number", lines: ["string"] }],
}];
const times = { starts_at: "time", opens_at: "time", ends_at: "time" };
const media = {
  transport: "string", revision: "number", sdp: "string?", publish: "boolean", mids: { "*": "string" },
  remote: [{ mid: "string", source: "string", participant: "string", name: "string" }],
  quality: "string?", ice_servers: [{}],
};
const item = { key: "string", kind: "string", state: "string", title: byLanguage, url: "string", answer: { "*": "string" } };
const message = { id: "string", at: "time", name: "string", text: "string", canned: "string", delivered: "boolean", read: "boolean" };
const wait = ["?", { low: "number", high: "number", ahead: "number?" }];
const staff = { username: "string", name: "string", role: "string" };
const row = {
  visit: "string", kind: "string", phase: "string", ...times, reason: "string", providers: [{ id: "string", name: "string" }],
  patient: {
    id: "string", name: "string", phase: "string", arrived_at: "time?", waiting_since: "time?", connected: "boolean", lost_at: "time?",
    birth_date: "string?", language: "string", interpreter: "boolean", phone: "string", identity: "string", modality: "string?",
  },
  check_in: ["?", { complete: "boolean", items: [item] }],
  readiness: ["?", { verdict: "string", cause: "string", echo: "string", at: "time", device: "string", system: "string", browser: "string" }],
  checks: ["string"], with: ["string"], handed_to: ["?", { name: "string" }], late_minutes: "number?",
  wishes: [{ wish: "string", at: "time" }],
  guests: [{ ...person, connected: "boolean", waiting_since: "time?", link_expires_at: "time?" }],
  messages: [{ ...message, participant: "string", from_staff: "boolean" }],
  calls: [{ at: "time", name: "string", reason: "string", result: "string", note: "string" }],
  note: "string", may: ["string"],
};

const uplink = { loss: "number", jitter_ms: "number", kbps: "number", video_kbps: "number", seconds: "number" };

export const SHAPES = {
  media,
  invitationView: {
    state: "string", in_use: "boolean", role: "string", ask_birth_date: "boolean",
    visit: { ...times, check_in_opens_at: "time", clinician: "string?" }, language: "string?", clinic, server_time: "time",
  },
  redeemed: { token: "string", expires_at: "time", visit: "string", participant: "string", role: "string" },
  call: { callback_known: "boolean" },
  verdict: { verdict: "string", cause: "string" },
  receipt: {
    visit: { starts_at: "time", started_at: "time?", ended_at: "time?" }, clinic, recorded: "boolean", media_server: "string",
    people: [{ name: "string", role: "string", me: "boolean", times: [{ from: "time", to: "time?" }] }],
  },
  signedIn: { token: "string", expires_at: "time", staff },
  nothing: {},
  photoTaken: { photo: "string", width: "number", height: "number" },
  visitSnapshot: {
    version: "number", server_time: "time", clinic,
    visit: {
      id: "string", phase: "string", ...times, check_in_opens_at: "time", started_at: "time?", clinician: "string?", late_minutes: "number?",
      callback_known: "boolean",
    },
    me: { ...person, identity: "string" }, others: [other],
    check_in: ["?", { complete: "boolean", items: [item], consent: { version: "string", texts: byLanguage } }],
    wait, next: ["?", { name: "string", role: "string" }], wishes: ["string"], messages: [{ ...message, mine: "boolean" }],
    staff_present: "boolean", photo_ask: ["?", { id: "string", name: "string" }], talk, media: ["?", media],
  },
  testSnapshot: {
    version: "number", server_time: "time", media, ends_in_s: "number",
    uplink: ["?", uplink],
  },
  testVerdict: { verdict: "string", worst: "string?", uplink: ["?", uplink], downlink_loss: "number?" },
  presenceChecked: { server_time: "time", wait },
  careSnapshot: {
    version: "number", server_time: "time", clinic: { ...clinic, amber_minutes: "number", red_minutes: "number", emergency_phones: { "*": "string" } },
    me: { id: "string", ...staff }, idle_after_s: "number", queue: { full: "boolean", rows: [row], gone: ["string"] },
    visit: ["?", { id: "string", phase: "string", started_at: "time?", elsewhere: "boolean", may: ["string"], me: person, others: [other], photos: [photo], photo_asked: "boolean", talk, media: ["?", media] }],
  },
  invited: { participant: "string", url: "string", expires_at: "time" },
  callList: { day: "string", total: "number", ready: "number", untested: "number", rows: [row] },
  staffList: { staff: [{ ...staff, here: "boolean" }] },
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
