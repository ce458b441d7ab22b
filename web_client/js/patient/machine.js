/**
 * The patient's page as one pure function: `step(state, event) → [state, effects]`.
 *
 * The server's snapshot leads. What the patient taps changes only what this page wants (`wants`) and what it asks the
 * server; the screen then follows `me.phase`. So a lost answer, a reload or a killed server needs no case of its own:
 * the next snapshot says where the patient is.
 *
 *     start ─► devices ─► waiting ─► visit ─► ended
 *       ▲         │          ▲────────┴───────┘ Join again
 *     early ◄─────┘ (test)            any ─► expired | replaced | error
 */
import { NO_DEVICES, counterpart, doorOpened, sendsOf, serverNow, sessionOf } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Screen} Screen */
/** @typedef {import("./types.js").Failure} Failure */
/** @typedef {import("./types.js").Captured} Captured */
/** @typedef {import("./types.js").VisitSnapshot} VisitSnapshot */

/**
 * @typedef {import("./types.js").Event} Event
 * @typedef {import("./types.js").Effect} Effect
 * @typedef {[State, Effect[]]} Step
 */

/** Taps count only on the screens that show their button: the second tap of a double tap falls on another screen. */
export const TAPS = /** @type {const} */ ({
  start_tapped: ["start", "devices"],
  test_tapped: ["early"],
  back_tapped: ["devices"],
  retry_tapped: ["start", "devices", "replaced", "error"],
  reach_tapped: ["start", "devices", "ended"],
  sound_only_tapped: ["devices", "waiting", "visit"],
  device_chosen: ["devices"],
  copy_link_tapped: ["devices"],
  join_tapped: ["devices"],
  leave_tapped: ["waiting", "visit"],
  rejoin_tapped: ["ended"],
  mute_tapped: ["visit"],
  camera_tapped: ["visit"],
  flip_tapped: ["visit"],
  corner_tapped: ["visit"],
  sound_tapped: ["visit"],
  device_fix_tapped: ["waiting", "visit"],
});

/** Seconds between two questions "am I still in line?"; the contract asks for one in 20 at least. */
const CHECK_EVERY_MS = 15_000;
/** Readings (one a second) without a new frame before the page says that there is no picture. */
const STALLED_READINGS = 3;
const CORNERS = /** @type {const} */ (["bottom-right", "bottom-left", "top-left", "top-right"]);

/** @type {Record<string, (state: State, event: any) => Step>} */
const HANDLERS = {
  opened(state) {
    if (state.code === "") return [fail(state, "no_code"), []];
    if (state.token === null) return [state, [{ type: "view", code: state.code }]];
    return [state, [{ type: "connect", token: state.token }]];
  },

  viewed(state, { answer, now }) {
    if ("error" in answer) {
      const known = { ...state, clinic: answer.clinic ?? state.clinic };
      return [fail(known, answer.error.code === "invitation_unknown" ? "unknown" : brief(answer.error)), []];
    }
    const invitation = answer.ok;
    const offset_ms = Date.parse(invitation.server_time) - now;
    const seen = { ...state, now, busy: null, invitation, clinic: invitation.clinic, offset_ms };
    if (invitation.state === "early") return [{ ...seen, screen: "early" }, []];
    if (invitation.state === "open") return [{ ...seen, screen: "start" }, []];
    return [{ ...seen, screen: "expired", why: invitation.state }, []];
  },

  tick(state, { now }) {
    const next = { ...state, now };
    const opens = state.invitation === null ? NaN : Date.parse(state.invitation.visit.opens_at);
    if (serverNow(next) >= opens && state.screen === "early") return [{ ...next, screen: "start" }, []];
    const due = now - (state.checkedAt ?? now) >= CHECK_EVERY_MS;
    return [next, state.screen === "waiting" && due ? [{ type: "check" }] : []];
  },

  start_tapped: (state) => (state.screen === "start" || doorOpened(state) ? redeem(state) : [state, []]),

  redeemed(state, { answer }) {
    if (!("error" in answer)) {
      const { token } = answer.ok;
      /** @type {Step} */
      const [next, effects] = state.wants === "in" ? [state, []] : toDevices({ ...state, testing: false }, !usable(state));
      return [{ ...next, token, taken: false, busy: null, notice: null }, [{ type: "connect", token }, ...effects]];
    }
    const { code, opens_at } = answer.error;
    if (code === "link_ended") return over(state);
    if (code === "invitation_unknown") return gone(fail(state, "unknown"));
    if (code === "too_early" && state.invitation !== null) {
      const visit = { ...state.invitation.visit, opens_at: String(opens_at ?? state.invitation.visit.opens_at) };
      const early = { ...state, busy: null, screen: /** @type {const} */ ("early"), testing: false, invitation: { ...state.invitation, visit } };
      return [{ ...early, devices: NO_DEVICES }, [{ type: "releaseDevices" }]];
    }
    return [{ ...state, busy: null, notice: code }, []];
  },

  test_tapped: (state) => toDevices({ ...state, testing: true }, true),

  back_tapped(state) {
    if (!state.testing) return [state, []];
    return [{ ...state, testing: false, screen: "early", devices: NO_DEVICES }, [{ type: "releaseDevices" }]];
  },

  retry_tapped(state) {
    if (state.screen === "replaced") return redeem(state);
    if (state.screen === "devices") return ask(state, { picture: true });
    return [{ ...state, screen: "start", why: null, notice: null, busy: "view" }, [{ type: "view", code: state.code }]];
  },

  reach_tapped(state) {
    if (state.token === null || (state.busy !== "join" && state.busy !== "resume")) return [state, []];
    return [{ ...state, busySince: state.now }, [{ type: "connect", token: state.token }]];
  },

  sound_only_tapped: (state) => ask({ ...state, deviceLost: false }, { picture: false }),

  device_chosen: (state, { cameraId, microphoneId }) =>
    ask(state, {
      picture: state.devices.picture,
      cameraId: cameraId ?? state.devices.cameraId,
      microphoneId: microphoneId ?? state.devices.microphoneId,
    }),

  captured(state, { result }) {
    const usable = result.microphone || result.camera;
    const devices = { ...state.devices, ...result, slow: false, heard: false, since: state.now, status: usable ? "ready" : "failed" };
    const deviceLost = result.problem !== null && ["waiting", "visit"].includes(state.screen);
    return [{ ...state, devices, deviceLost }, [{ type: "mute", muted: state.muted }, { type: "camera", off: state.cameraOff }]];
  },

  capture_slow: (state) => (state.devices.status === "asking" ? [{ ...state, devices: { ...state.devices, slow: true } }, []] : [state, []]),

  heard: (state) => [state.devices.heard ? state : { ...state, devices: { ...state.devices, heard: true } }, []],

  track_ended(state, { kind }) {
    const devices = { ...state.devices, problem: null, [kind === "audio" ? "microphone" : "camera"]: false };
    if (state.screen !== "devices") return [{ ...state, deviceLost: true, devices }, []];
    return [{ ...state, devices: { ...devices, problem: "failed" } }, []];
  },

  device_fix_tapped: (state) => ask({ ...state, deviceLost: false }, { picture: state.devices.picture }),

  copy_link_tapped: (state) => [state, [{ type: "copyLink" }]],

  link_copied: (state) => [{ ...state, notice: "copied" }, []],

  join_tapped(state) {
    if (state.testing || state.busy === "join") return [state, []];
    return [{ ...state, wants: "in", busy: "join", notice: null }, [{ type: "wakeAudio" }, { type: "join" }]];
  },

  joined(state, { ack }) {
    if ("ok" in ack) return [state, []];
    // With the line down the wish stays: the first snapshot after the reconnection asks again.
    if (ack.error.code === "offline" || ack.error.code === "timeout") return [state, []];
    return [{ ...state, busy: null, wants: null, notice: ack.error.code }, []];
  },

  checked: (state, { ack, now }) => [{ ...state, checkedAt: "ok" in ack ? now : state.checkedAt }, []],

  leave_tapped: (state) => toEnded({ ...state, wants: "out" }, "left", [{ type: "leave" }]),

  rejoin_tapped(state) {
    if (state.why !== "left") return [state, []];
    const [next, effects] = ask({ ...state, wants: "in", busy: "join" }, { picture: state.devices.picture });
    return [next, [{ type: "wakeAudio" }, { type: "join" }, ...effects]];
  },

  snapshot: (state, { snapshot, now }) => followSnapshot(state, snapshot, now),

  link(state, { status }) {
    return [{ ...state, link: status }, []];
  },

  ended(state, { code }) {
    const closed = { ...state, link: /** @type {const} */ ("closed"), token: null, busy: null };
    if (code === "link_ended") return over(closed);
    if (code === "removed") return gone(fail(closed, "removed"));
    if (code === "replaced" || code === "session_replaced") return gone({ ...closed, screen: "replaced", snapshot: null, wants: null });
    // The session ran out (session_expired, unauthorized): whoever waits or talks keeps doing so, once.
    if (state.wants === "in" && !state.renewed) {
      return [{ ...closed, renewed: true, link: "reconnecting" }, [{ type: "redeem", code: state.code }]];
    }
    const [next, effects] = gone({ ...closed, screen: "start", snapshot: null });
    return [{ ...next, busy: "view" }, [...effects, { type: "view", code: state.code }]];
  },

  media: (state, { status }) => [{ ...state, media: status }, []],

  mute_tapped(state) {
    if (missing(state, "microphone")) return askOne({ ...state, muted: false }, "audio");
    return [{ ...state, muted: !state.muted }, [{ type: "mute", muted: !state.muted }]];
  },

  camera_tapped(state) {
    if (missing(state, "camera")) return askOne({ ...state, cameraOff: false, devices: { ...state.devices, picture: true } }, "camera");
    return [{ ...state, cameraOff: !state.cameraOff }, [{ type: "camera", off: !state.cameraOff }]];
  },

  flip_tapped: (state) => [state, [{ type: "flip" }]],

  corner_tapped(state) {
    const corner = CORNERS[(CORNERS.indexOf(state.corner) + 1) % CORNERS.length] ?? "bottom-right";
    return [{ ...state, corner }, []];
  },

  sound_tapped: (state) => [{ ...state, soundBlocked: false }, [{ type: "playSound" }]],

  sound_blocked: (state) => [{ ...state, soundBlocked: true }, []],

  picture_shown: (state) => [{ ...state, pictureShown: true, pictureStalled: false }, []],

  measured(state, { stats }) {
    const pictureStalled = stats.stalledFor >= STALLED_READINGS;
    return [pictureStalled === state.pictureStalled ? state : { ...state, pictureStalled }, []];
  },

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
  return next === state ? [state, effects] : settle(state, next, effects);
}

/**
 * What follows from any change, whatever caused it: the clock of a wait, what a reload must find again, what the others are told.
 * @param {State} before @param {State} next @param {Effect[]} effects
 * @returns {Step}
 */
function settle(before, next, effects) {
  const state = next.busy === before.busy ? next : { ...next, busySince: next.now };
  const [session, sends] = [sessionOf(state), sendsOf(state)];
  /** @type {Effect[]} */
  const more = [];
  if (session !== null && differ(session, sessionOf(before))) more.push({ type: "keepSession", session });
  if (sends !== null && differ(sends, sendsOf(before))) more.push({ type: "devices", microphone: sends.microphone, camera: sends.camera });
  return [state, more.length === 0 ? effects : [...effects, ...more]];
}

/** @param {object} one @param {object | null} other */
const differ = (one, other) => JSON.stringify(one) !== JSON.stringify(other);

/**
 * Go where the server says this patient is.
 * @param {State} state @param {VisitSnapshot} snapshot @param {number} now
 * @returns {Step}
 */
function followSnapshot(state, snapshot, now) {
  const { me, visit, clinic, media } = snapshot;
  const offset_ms = Date.parse(snapshot.server_time) - now;
  const resumed = state.busy === "resume";
  const [was, other] = [counterpart(state), counterpart({ ...state, snapshot })];
  const seen = {
    ...state, snapshot, clinic, offset_ms, now, checkedAt: now, renewed: false, busy: resumed ? null : state.busy,
    lastOther: other?.name ?? state.lastOther, otherSince: other?.id === was?.id ? state.otherSince : now,
  };
  if (["ended", "cancelled", "no_show"].includes(visit.phase)) return over(seen);
  /** @type {Effect[]} */
  const effects = [{ type: "media", media }];
  switch (me.phase) {
    case "removed":
      return gone(fail(seen, "removed"));
    case "waiting":
    case "in_visit":
      if (state.wants === "out") return [seen, [{ type: "leave" }]];
      return enter(seen, me.phase === "waiting" ? "waiting" : "visit", effects);
    case "left":
      if (state.wants === "in") return [seen, [{ type: "join" }, ...effects]];
      return state.screen === "ended" ? [seen, effects] : toEnded(seen, "left", effects);
    default:
      // Arrived: on the way through the devices. A wish to join that was lost with the line is said again.
      if (state.busy === "join") return [seen, [{ type: "join" }]];
      return state.screen === "devices" ? [seen, []] : toDevices({ ...seen, testing: false }, !usable(state));
  }
}

/** @param {State} state @param {"waiting" | "visit"} screen @param {Effect[]} effects @returns {Step} */
function enter(state, screen, effects) {
  const entered = screen !== state.screen;
  const begins = entered && screen === "visit";
  const told = state.snapshot?.visit.started_at;
  const startedAt = screen === "waiting" ? null : told ? Date.parse(told) - state.offset_ms : (state.startedAt ?? state.now);
  const next = {
    ...state, screen, startedAt, wants: /** @type {const} */ ("in"), busy: null, notice: null,
    pictureShown: counterpart(state) === null ? false : state.pictureShown,
  };
  if (!entered) return [next, effects];
  if (begins && state.screen === "waiting") effects.push({ type: "chime" });
  effects.push({ type: "keepAwake", on: true });
  // After a reload the page asks for the devices by itself.
  if (usable(state) || state.devices.status === "asking") return [next, effects];
  if (state.screen === "devices") return [next, effects];
  const [asking, more] = ask(next, { picture: state.devices.picture });
  return [asking, [...effects, ...more]];
}

/** @param {State} state @returns {Step} */
function redeem(state) {
  if (state.busy === "redeem") return [state, []];
  return [{ ...state, busy: "redeem", notice: null }, [{ type: "wakeAudio" }, { type: "redeem", code: state.code }]];
}

/** @param {State} state @param {boolean} asking @returns {Step} */
function toDevices(state, asking) {
  const next = { ...state, screen: /** @type {const} */ ("devices"), notice: null };
  return asking ? ask(next, { picture: state.devices.picture }) : [next, []];
}

/**
 * @param {State} state @param {{picture: boolean, cameraId?: string, microphoneId?: string}} wish
 * @returns {Step}
 */
function ask(state, wish) {
  const devices = { ...state.devices, status: /** @type {const} */ ("asking"), problem: null, slow: false, picture: wish.picture };
  return [{ ...state, devices, notice: null }, [{ type: "capture", ...wish }]];
}

/** Ask for the one that is missing and leave the other as it is. @param {State} state @param {"audio" | "camera"} kind @returns {Step} */
const askOne = (state, kind) => [{ ...state, deviceLost: false }, [{ type: "captureOne", kind }]];

/** @param {State} state @param {"left" | "over"} why @param {Effect[]} effects @returns {Step} */
function toEnded(state, why, effects) {
  const next = { ...still(state), screen: /** @type {const} */ ("ended"), why, busy: null };
  return [next, [...effects, { type: "releaseDevices" }, { type: "keepAwake", on: false }, ...(why === "left" ? [{ type: /** @type {const} */ ("closeMedia") }] : [])]];
}

/** The visit is over, or the link is: for somebody who was in it a good end, for others an expired link. @param {State} state @returns {Step} */
function over(state) {
  const was = ["waiting", "visit", "ended"].includes(state.screen);
  const cancelled = state.snapshot?.visit.phase === "cancelled";
  if (was && !cancelled) return gone({ ...state, screen: "ended", why: "over" });
  return gone({ ...state, screen: "expired", why: cancelled ? "cancelled" : "ended" });
}

/** Nothing more can come: let go of everything. @param {State} state @returns {Step} */
function gone(state) {
  const next = { ...still(state), token: null, busy: null, wants: null, link: /** @type {const} */ ("closed") };
  return [next, [{ type: "closeMedia" }, { type: "disconnect" }, { type: "releaseDevices" }, { type: "forgetSession" }, { type: "keepAwake", on: false }]];
}

/** @param {State} state @returns {State} */
const still = (state) => ({
  ...state, startedAt: null, muted: false, cameraOff: false, deviceLost: false, soundBlocked: false, pictureShown: false,
  pictureStalled: false, lastOther: null, devices: { ...NO_DEVICES, picture: state.devices.picture },
});

/** @param {State} state @param {import("./types.js").Why} why @returns {State} */
const fail = (state, why) => ({ ...state, screen: "error", why, busy: null });

/** @param {State} state @param {"microphone" | "camera"} kind */
const missing = ({ devices }, kind) => !devices[kind] && devices.status !== "asking";

/** @param {State} state */
const usable = (state) => state.devices.camera || state.devices.microphone;

/** @param {Failure} failure @returns {"offline" | "failed"} */
const brief = (failure) => (failure.code === "offline" ? "offline" : "failed");
