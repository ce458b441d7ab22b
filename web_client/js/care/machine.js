/**
 * The care team's page as one pure function: `step(state, event) → [state, effects]`.
 *
 *     signin ─► queue ⇄ preview ─► visit ─► queue
 *
 * As on the patient's page the snapshot leads: `snapshot.visit` says whether this person is in a visit and whether this
 * window holds it. The page alone decides only what is selected and what is asked.
 */
import { NO_DEVICES, counterpart, selectedRow, sendsOf, waitingRows } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Screen} Screen */
/** @typedef {import("../net/messages.js").CareSnapshot} CareSnapshot */
/** @typedef {{type: string, [fact: string]: any}} Event */
/**
 * @typedef {{type: "signIn", username: string, password: string} | {type: "connect", token: string} | {type: "disconnect"}
 *   | {type: "keepToken", token: string} | {type: "forgetToken"} | {type: "keepVisit", visit: null} | {type: "keepVisit", visit: string, muted: boolean, cameraOff: boolean}
 *   | {type: "request", name: "visit.admit" | "visit.enter" | "visit.leave" | "visit.remove" | "visit.end", argument: Record<string, string>}
 *   | {type: "capture"} | {type: "captureOne", kind: "audio" | "camera"} | {type: "releaseDevices"}
 *   | {type: "devices", visit: string, microphone: boolean, camera: boolean} | {type: "media", visit: string, media: import("../net/messages.js").Media | null}
 *   | {type: "closeMedia"} | {type: "mute", muted: boolean} | {type: "camera", off: boolean} | {type: "wakeAudio"} | {type: "playSound"}
 *   | {type: "chime"} | {type: "notify"} | {type: "askForAlerts"} | {type: "keepSound", on: boolean} | {type: "keepAwake", on: boolean}
 *   | {type: "focusRow", visit: string} | {type: "language", language: import("./state.js").Language}} Effect
 * @typedef {[State, Effect[]]} Step
 */

/** Taps count only on the screens that show their button. */
export const TAPS = /** @type {const} */ ({
  sign_in_tapped: ["signin"],
  sign_out_tapped: ["queue", "preview"],
  row_chosen: ["queue", "preview"],
  row_moved: ["queue", "preview"],
  back_tapped: ["preview"],
  admit_tapped: ["queue", "preview", "visit"],
  admit_key: ["queue", "preview"],
  enter_tapped: ["queue", "preview"],
  use_here_tapped: ["queue", "preview"],
  leave_tapped: ["visit"],
  end_tapped: ["visit", "preview"],
  remove_tapped: ["visit", "preview"],
  mute_tapped: ["visit"],
  camera_tapped: ["visit"],
  sound_tapped: ["visit"],
  device_fix_tapped: ["visit"],
});

const STALLED_READINGS = 3;

/** @type {Record<string, (state: State, event: any) => Step>} */
const HANDLERS = {
  opened: (state) => (state.token === null ? [state, []] : [state, [{ type: "connect", token: state.token }]]),

  sign_in_tapped(state, { username, password }) {
    if (state.busy) return [state, []];
    return [{ ...state, busy: true, failing: null }, [{ type: "signIn", username, password }, { type: "wakeAudio" }]];
  },

  signed_in(state, { answer }) {
    if ("error" in answer) {
      const { code, retry_after_s } = answer.error;
      return [{ ...state, busy: false, failing: { code, ...(retry_after_s ? { seconds: retry_after_s } : {}) } }, []];
    }
    const { token } = answer.ok;
    return [{ ...state, busy: false, failing: null, token, screen: "queue" }, [{ type: "keepToken", token }, { type: "connect", token }]];
  },

  sign_out_tapped: (state) => signedOut(state, null),

  snapshot: (state, { snapshot, now }) => followSnapshot(state, snapshot, now),

  link: (state, { status }) => [{ ...state, link: status }, []],

  ended: (state, { code }) => signedOut(state, code),

  tick: (state, { now }) => [{ ...state, now }, []],

  row_chosen(state, { visit }) {
    return [{ ...state, screen: "preview", selected: visit, failing: null, arrivals: state.arrivals.filter((one) => one !== visit) }, []];
  },

  row_moved(state, { from, by }) {
    const rows = state.snapshot?.queue ?? [];
    const at = rows.findIndex((row) => row.visit === (from ?? state.selected));
    const to = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    return [state, to === undefined ? [] : [{ type: "focusRow", visit: to.visit }]];
  },

  back_tapped: (state) => [{ ...state, screen: "queue", selected: null, failing: null }, []],

  admit_key(state, { visit }) {
    const row = state.snapshot?.queue.find((one) => one.visit === visit);
    if (row === undefined || !row.may.includes("admit")) return [state, []];
    return [{ ...state, question: { kind: "admit", visit, participant: row.patient.id, name: row.patient.name } }, []];
  },

  admit_tapped: (state, { visit, participant }) => admit(state, visit, participant),

  enter_tapped: (state, { visit }) => enter(state, visit),

  use_here_tapped: (state) => (state.snapshot?.visit ? enter(state, state.snapshot.visit.id) : [state, []]),

  leave_tapped(state) {
    const visit = state.snapshot?.visit;
    return visit ? [state, [request("visit.leave", { visit: visit.id })]] : [state, []];
  },

  end_tapped: (state, { visit }) => [{ ...state, question: { kind: "end", visit } }, []],

  remove_tapped: (state, { visit, participant, name }) => [{ ...state, question: { kind: "remove", visit, participant, name } }, []],

  confirmed(state) {
    const { question } = state;
    if (question === null) return [state, []];
    const closed = { ...state, question: null };
    const { visit } = question;
    if (question.kind === "admit") return admit(closed, visit, question.participant);
    if (question.kind === "end") return [closed, [request("visit.end", { visit })]];
    return [closed, [request("visit.remove", { visit, participant: question.participant })]];
  },

  dismissed: (state) => [{ ...state, question: null }, []],

  answered(state, { name, ack }) {
    const entering = name === "visit.admit" || name === "visit.enter";
    if ("ok" in ack) return [entering && state.screen === "visit" ? { ...state, asked: null } : state, []];
    const { code, by } = ack.error;
    const failed = { ...state, asked: entering ? null : state.asked, failing: { code, ...(by ? { by: String(by) } : {}) } };
    // The camera was asked for at the same moment as the admission.
    return entering && state.screen !== "visit" ? [{ ...failed, devices: NO_DEVICES }, [{ type: "releaseDevices" }]] : [failed, []];
  },

  failure_closed: (state) => [{ ...state, failing: null }, []],

  captured(state, { result }) {
    const { problem, camera, microphone } = result;
    return [
      { ...state, devices: { asking: false, problem, camera, microphone } },
      [{ type: "mute", muted: state.muted }, { type: "camera", off: state.cameraOff }],
    ];
  },

  track_ended: (state, { kind }) => [
    { ...state, devices: { ...state.devices, problem: "failed", [kind === "audio" ? "microphone" : "camera"]: false } }, [],
  ],

  device_fix_tapped: (state) => [capturing(state), [{ type: "capture" }]],

  media: (state, { status }) => [{ ...state, media: status }, []],

  mute_tapped(state) {
    if (missing(state, "microphone")) return [{ ...state, muted: false }, [{ type: "captureOne", kind: "audio" }]];
    return [{ ...state, muted: !state.muted }, [{ type: "mute", muted: !state.muted }]];
  },

  camera_tapped(state) {
    if (missing(state, "camera")) return [{ ...state, cameraOff: false }, [{ type: "captureOne", kind: "camera" }]];
    return [{ ...state, cameraOff: !state.cameraOff }, [{ type: "camera", off: !state.cameraOff }]];
  },

  sound_tapped: (state) => [{ ...state, soundBlocked: false }, [{ type: "playSound" }]],

  sound_blocked: (state) => [{ ...state, soundBlocked: true }, []],

  picture_shown: (state) => [{ ...state, pictureShown: true, pictureStalled: false }, []],

  measured(state, { stats }) {
    const pictureStalled = stats.stalledFor >= STALLED_READINGS;
    return [pictureStalled === state.pictureStalled ? state : { ...state, pictureStalled }, []];
  },

  tone_tapped: (state) => [{ ...state, sound: !state.sound }, [{ type: "wakeAudio" }, { type: "keepSound", on: !state.sound }]],

  alerts_tapped: (state) => [state, [{ type: "askForAlerts" }]],

  alerts_answered: (state, { alerts }) => [{ ...state, alerts }, []],

  language_chosen: (state, { language }) => [{ ...state, language }, [{ type: "language", language }]],
};

/**
 * One step. The same state object comes back when nothing changed.
 * @param {State} state @param {Event} event
 * @returns {Step}
 */
export function step(state, event) {
  const screens = /** @type {Record<string, readonly Screen[]>} */ (TAPS)[event.type];
  if (screens !== undefined && !screens.includes(state.screen)) return [state, []];
  const handler = HANDLERS[event.type];
  if (handler === undefined) throw new Error(`No transition for ${event.type}.`);
  const [next, effects] = handler(state, event);
  return next === state ? [state, effects] : [next, [...effects, ...consequences(state, next)]];
}

/**
 * What follows from any change, whatever caused it: what a reload must find again, and what the others are told.
 * @param {State} before @param {State} state
 * @returns {Effect[]}
 */
function consequences(before, state) {
  /** @type {Effect[]} */
  const more = [];
  const { held, muted, cameraOff } = state;
  const switched = muted !== before.muted || cameraOff !== before.cameraOff;
  if (held !== null && (switched || held !== before.held)) more.push({ type: "keepVisit", visit: held, muted, cameraOff });
  const sends = sendsOf(state);
  if (sends !== null && JSON.stringify(sends) !== JSON.stringify(sendsOf(before))) more.push({ type: "devices", ...sends });
  return more;
}

/** @param {State} state @param {CareSnapshot} snapshot @param {number} now @returns {Step} */
function followSnapshot(state, snapshot, now) {
  const seen = { ...state, snapshot, now, offset_ms: Date.parse(snapshot.server_time) - now };
  const [told, effects] = announce(seen, state.snapshot);
  const { visit } = snapshot;
  if (visit === null) return outOfVisit(told, effects);
  if (visit.elsewhere) {
    // A reload of the window that held the visit takes it back by itself; any other window waits for a tap.
    if (state.held === visit.id && state.snapshot === null) {
      const [entering, more] = enter(told, visit.id);
      return [entering, [...effects, ...more]];
    }
    return outOfVisit(told, effects);
  }
  effects.push({ type: "media", visit: visit.id, media: visit.media });
  const other = counterpart(told);
  const next = {
    ...told, asked: null, held: visit.id, selected: visit.id, screen: /** @type {const} */ ("visit"),
    pictureShown: other === null ? false : told.pictureShown, otherSince: other?.id === counterpart(state)?.id ? told.otherSince : now,
  };
  if (state.screen === "visit") return [next, effects];
  effects.push({ type: "keepAwake", on: true });
  const has = state.devices.asking || state.devices.camera || state.devices.microphone;
  return has ? [next, effects] : [capturing(next), [...effects, { type: "capture" }]];
}

/** @param {State} state @param {Effect[]} effects @returns {Step} */
function outOfVisit(state, effects) {
  if (state.screen !== "visit") {
    const open = state.screen === "preview" && selectedRow(state) === null ? { ...state, screen: /** @type {const} */ ("queue"), selected: null } : state;
    // Mute and camera off belong to the visit that a reload comes back to, and to no other.
    return [state.asked === null ? { ...open, held: null, muted: false, cameraOff: false } : open, effects];
  }
  const row = selectedRow(state);
  const next = {
    ...state, screen: row === null ? /** @type {const} */ ("queue") : /** @type {const} */ ("preview"), selected: row?.visit ?? null, held: null,
    question: null, devices: NO_DEVICES, muted: false, cameraOff: false, soundBlocked: false, pictureShown: false, pictureStalled: false,
  };
  return [next, [...effects, { type: "closeMedia" }, { type: "releaseDevices" }, { type: "keepVisit", visit: null }, { type: "keepAwake", on: false }]];
}

/**
 * Each arrival once: a flash in the row, a sentence for those who listen, a tone, a notification.
 * @param {State} current @param {CareSnapshot | null} before @returns {Step}
 */
function announce(current, before) {
  const waiting = new Set(waitingRows(current.snapshot).map((row) => row.visit));
  const state = { ...current, arrivals: current.arrivals.filter((visit) => waiting.has(visit)) };
  if (before === null || state.snapshot === null) return [state, []];
  const old = new Set(waitingRows(before).map((row) => row.visit));
  const fresh = waitingRows(state.snapshot).filter((row) => !old.has(row.visit));
  const last = fresh.at(-1);
  if (last === undefined) return [state, []];
  /** @type {Effect[]} */
  const effects = [{ type: "notify" }];
  if (state.sound) effects.push({ type: "chime" });
  return [{ ...state, arrivals: [...state.arrivals, ...fresh.map((row) => row.visit)], arrived: last.patient.name }, effects];
}

/** @param {State} state @param {string} visit @param {string} participant @returns {Step} */
function admit(state, visit, participant) {
  if (state.asked !== null) return [state, []];
  const asking = { ...state, asked: visit, failing: null };
  const admitting = request("visit.admit", { visit, participant });
  // Back in line during the visit: the own camera runs already.
  if (state.screen === "visit") return [asking, [admitting]];
  return [capturing(asking), [admitting, { type: "capture" }, { type: "wakeAudio" }]];
}

/** @param {State} state @param {string} visit @returns {Step} */
function enter(state, visit) {
  if (state.asked !== null) return [state, []];
  return [{ ...capturing(state), asked: visit, failing: null }, [request("visit.enter", { visit }), { type: "capture" }, { type: "wakeAudio" }]];
}

/** @param {State} state @param {"microphone" | "camera"} kind */
const missing = ({ devices }, kind) => !devices[kind] && !devices.asking;

/** @param {State} state @returns {State} */
const capturing = (state) => ({ ...state, devices: { ...NO_DEVICES, asking: true } });

/** @param {State} state @param {string | null} code why, when it was not a tap @returns {Step} */
function signedOut(state, code) {
  return [
    { ...state, screen: "signin", token: null, snapshot: null, selected: null, asked: null, held: null, arrivals: [], arrived: null,
      question: null, devices: NO_DEVICES, muted: false, cameraOff: false, link: "off", busy: false, failing: code === null ? null : { code } },
    [{ type: "closeMedia" }, { type: "disconnect" }, { type: "releaseDevices" }, { type: "forgetToken" }, { type: "keepVisit", visit: null }, { type: "keepAwake", on: false }],
  ];
}

/** @param {Extract<Effect, {type: "request"}>["name"]} name @param {Record<string, string>} argument @returns {Effect} */
const request = (name, argument) => ({ type: "request", name, argument });
