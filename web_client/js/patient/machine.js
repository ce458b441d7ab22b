/**
 * The patient's page as one pure function: `step(state, event) → [state, effects]`.
 *
 * The server's snapshot leads. What the patient taps changes only what this page wants (`wants`) and what it asks the
 * server; the screen then follows `me.phase`. So a lost answer, a reload or a killed server needs no case of its own:
 * the next snapshot says where the patient is.
 *
 *     start ─► (confirm) ─► devices ─► (sound) ─► (checkin) ─► waiting ─► visit ─► ended
 *       ▲                      │          │                       ▲────────┴───────┘ Join again
 *     early ◄──────────────────┴──────────┘ (test)          any ─► expired | replaced | error | confirm, by a device that took over
 *
 * The handlers stand where their part of the way does: door.js, check_in.js, room.js, call.js, network.js; follow.js has the snapshot's.
 */
import { CALL } from "./call.js";
import { CHECK_IN } from "./check_in.js";
import { tidy } from "../media/tools.js";
import { TALK_STEPS, followTalk } from "../talk.js";
import { DOOR, openDoor } from "./door.js";
import { FOLLOW, followSnapshot } from "./follow.js";
import { HELPING, foldLink } from "./helping.js";
import { NETWORK, networkTest } from "./network.js";
import { PHOTO, letGo } from "./photo.js";
import { judgeNetwork, newReportOf } from "./readiness.js";
import { ROOM, checkDue, readingOf } from "./room.js";
import { SOUND, echoCall } from "./sound.js";
import { modalityOf, placeOf, sendsOf, sessionOf } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Screen} Screen */
/** @typedef {import("./types.js").Event} Event */
/** @typedef {import("./types.js").Effect} Effect */
/** @typedef {import("./moves.js").Step} Step */

/** Taps count only on the screens that show their button: the second tap of a double tap falls on another screen. */
export const TAPS = /** @type {const} */ ({
  start_tapped: ["start", "devices"],
  test_tapped: ["early"],
  back_tapped: ["devices", "sound", "checkin"],
  retry_tapped: ["start", "devices", "replaced", "error"],
  reach_tapped: ["start", "devices", "sound", "checkin", "ended"],
  sound_only_tapped: ["devices", "waiting", "visit"],
  device_chosen: ["devices", "visit"],
  copy_link_tapped: ["devices"],
  typed: ["confirm", "checkin", "waiting"],
  confirm_tapped: ["confirm"],
  unsure_tapped: ["confirm"],
  play_tapped: ["sound"],
  sound_heard_tapped: ["sound"],
  sound_unheard_tapped: ["sound"],
  echo_tapped: ["sound"],
  continue_tapped: ["devices", "sound", "checkin"],
  item_tapped: ["checkin"],
  join_tapped: ["devices", "sound", "checkin"],
  leave_tapped: ["waiting", "visit"],
  rejoin_tapped: ["ended"],
  receipt_opened: ["ended"],
  feedback_tapped: ["ended"],
  send_tapped: ["waiting"],
  wish_tapped: ["start", "replaced", "error", "confirm", "devices", "sound", "checkin", "waiting", "visit", "ended"],
  helper_tapped: ["devices", "checkin"],
  share_link_tapped: ["devices", "checkin"],
  mute_tapped: ["visit"],
  camera_tapped: ["visit"],
  flip_tapped: ["visit"],
  corner_tapped: ["visit"],
  sound_tapped: ["visit"],
  share_tapped: ["visit"],
  panel_tapped: ["visit"],
  panel_closed: ["visit"],
  speaker_chosen: ["sound", "visit"],
  blur_tapped: ["visit"],
  full_tapped: ["visit"],
  small_tapped: ["visit"],
  device_fix_tapped: ["waiting", "visit"],
  chat_typed: ["visit"],
  chat_sent: ["visit"],
  chat_again: ["visit"],
  captions_tapped: ["visit"],
  captions_hidden: ["visit"],
  caption_typed: ["visit"],
  caption_sent: ["visit"],
  photo_tapped: ["visit"],
  photo_closed: ["visit"],
  photo_take_tapped: ["visit"],
  photo_chosen: ["visit"],
  photo_again_tapped: ["visit"],
  photo_send_tapped: ["visit"],
  photo_later_tapped: ["visit"],
});

/** @type {Record<string, (state: State, event: any) => Step>} */
const HANDLERS = {
  ...DOOR,
  ...CHECK_IN,
  ...FOLLOW,
  ...ROOM,
  ...CALL,
  ...NETWORK,
  ...SOUND,
  ...PHOTO,
  ...HELPING,
  ...TALK_STEPS,

  tick(state, { now }) {
    const next = openDoor({ ...state, now });
    return [next, checkDue(next) ? [{ type: "check" }] : []];
  },

  snapshot: (state, { snapshot, now }) => followSnapshot(state, snapshot, now),

  measured: (state, { stats }) => [judgeNetwork(state, stats), []],
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
  return next === state ? [state, effects] : settle(state, tidy(next), effects);
}

/**
 * What follows from any change, whatever caused it: the clock of a wait, what a reload must find again, what the others,
 * the staff's list and the call list are told.
 * @param {State} before @param {State} next @param {Effect[]} effects
 * @returns {Step}
 */
function settle(before, next, effects) {
  const [talking, written] = followTalk(before, foldLink(before, next), placeOf);
  const [kept, dropped] = letGo(before, talking);
  let state = kept.busy === before.busy ? kept : { ...kept, busySince: kept.now };
  const [session, sends, reading] = [sessionOf(state), sendsOf(state), readingOf(state)];
  /** @type {Effect[]} */
  const more = [...written, ...dropped, ...networkTest(before, state), ...echoCall(before, state)];
  if (session !== null && differ(session, sessionOf(before))) more.push({ type: "keepSession", session });
  if (sends !== null && differ(sends, sendsOf(before))) more.push(told(sends));
  if (reading !== null && differ(reading, readingOf(before))) more.push({ type: "readMessages", ...reading });
  const way = modalityOf(state);
  if (way !== null && way.modality !== state.modality) {
    state = { ...state, modality: way.modality };
    more.push({ type: "modality", ...way });
  }
  const report = newReportOf(state);
  if (report !== null) {
    state = { ...state, reported: report };
    more.push({ type: "readiness", code: state.code, report });
  }
  return [state, more.length === 0 ? effects : [...effects, ...more]];
}

/** @param {NonNullable<ReturnType<typeof sendsOf>>} sends @returns {Effect} */
const told = ({ of: _, ...sends }) => ({ type: "devices", ...sends });

/** @param {object} one @param {object | null} other */
const differ = (one, other) => JSON.stringify(one) !== JSON.stringify(other);
