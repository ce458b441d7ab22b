/**
 * The care team's page as one pure function: `step(state, event) → [state, effects]`.
 *
 *     signin ─► queue ⇄ preview ─► visit ─► queue
 *
 * As on the patient's page the snapshot leads: `snapshot.visit` says whether this person is in a visit and whether this
 * window holds it. The page alone decides only what is selected and what is asked. The steps stand by topic in steps/.
 */
import { TOOL_STEPS, changeDevice, tidy } from "../media/tools.js";
import { modalityOf, sendsOf } from "./in_visit.js";
import { request } from "./requests.js";
import { TALK_STEPS, followTalk } from "../talk.js";
import { toMark } from "./row_facts.js";
import { placeOf, selectedRow } from "./state.js";
import { ADMISSION } from "./steps/admission.js";
import { CARD } from "./steps/card.js";
import { DIALOGS } from "./steps/dialogs.js";
import { LIST } from "./steps/list.js";
import { PHOTOS, photoEffects } from "./steps/photos.js";
import { SESSION } from "./steps/session.js";
import { SNAPSHOT } from "./steps/snapshot.js";
import { VISIT } from "./steps/visit.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Screen} Screen */
/** @typedef {import("./types.js").Effect} Effect */
/** @typedef {import("./types.js").Event} Event */

/** Taps count only on the screens that show their button. */
export const TAPS = /** @type {const} */ ({
  sign_in_tapped: ["signin"],
  sign_out_tapped: ["queue", "preview"],
  row_chosen: ["queue", "preview"],
  row_moved: ["queue", "preview"],
  filter_changed: ["queue", "preview"],
  back_tapped: ["preview"],
  message_tapped: ["preview"],
  message_sent: ["preview"],
  note_kept: ["queue", "preview"],
  readiness_tapped: ["queue", "preview"],
  readiness_day: ["queue", "preview"],
  readiness_closed: ["queue", "preview"],
  dialog_opened: ["queue", "preview", "visit"],
  dialog_sent: ["queue", "preview", "visit"],
  card_tapped: ["queue", "preview", "visit"],
  keys_tapped: ["queue", "preview", "visit"],
  copy_tapped: ["queue", "preview", "visit"],
  admit_tapped: ["queue", "preview", "visit"],
  admit_key: ["queue", "preview"],
  enter_tapped: ["queue", "preview"],
  use_here_tapped: ["queue", "preview"],
  leave_tapped: ["visit"],
  hold_tapped: ["preview", "visit"],
  return_tapped: ["preview", "visit"],
  mute_tapped: ["visit"],
  camera_tapped: ["visit"],
  sound_tapped: ["visit"],
  share_tapped: ["visit"],
  device_fix_tapped: ["visit"],
  flip_tapped: ["visit"],
  panel_tapped: ["visit"],
  panel_closed: ["visit"],
  device_chosen: ["visit"],
  speaker_chosen: ["visit"],
  blur_tapped: ["visit"],
  full_tapped: ["visit"],
  small_tapped: ["visit"],
  chat_typed: ["visit"],
  chat_sent: ["visit"],
  chat_again: ["visit"],
  captions_tapped: ["visit"],
  captions_hidden: ["visit"],
  caption_typed: ["visit"],
  caption_sent: ["visit"],
  photo_ask_tapped: ["visit"],
  photo_tapped: ["visit"],
  photo_size_tapped: ["visit"],
});

/** @type {import("./types.js").Handlers} */
const HANDLERS = { ...SESSION, ...SNAPSHOT, ...LIST, ...ADMISSION, ...DIALOGS, ...CARD, ...VISIT, ...PHOTOS, ...TALK_STEPS, ...TOOL_STEPS, device_chosen: changeDevice };

/**
 * One step. The same state object comes back when nothing changed.
 * @param {State} state @param {Event} event
 * @returns {import("./types.js").Step}
 */
export function step(state, event) {
  const screens = /** @type {Record<string, readonly Screen[]>} */ (TAPS)[event.type];
  if (screens !== undefined && !screens.includes(state.screen)) return [state, []];
  const handler = HANDLERS[event.type];
  if (handler === undefined) throw new Error(`No transition for ${event.type}.`);
  const [after, effects] = handler(state, event);
  if (after === state) return [state, effects];
  const failed = after.failing !== state.failing && after.failing !== null ? { ...after, failedAt: after.now } : after;
  const [next, written] = followTalk(state, tidy(failed), placeOf);
  return [next, [...effects, ...written, ...consequences(state, next)]];
}

/**
 * What follows from any change, whatever caused it: what a reload must find again, and what the others are told.
 * @param {State} before @param {State} state
 * @returns {Effect[]}
 */
function consequences(before, state) {
  /** @type {Effect[]} */
  const more = photoEffects(before, state);
  const { held, muted, cameraOff } = state;
  const switched = muted !== before.muted || cameraOff !== before.cameraOff;
  if (held !== null && (switched || held !== before.held)) more.push({ type: "keepVisit", visit: held, muted, cameraOff });
  const sends = sendsOf(state);
  if (sends !== null && differs(sends, sendsOf(before))) more.push({ type: "devices", ...sends });
  const modality = modalityOf(state);
  if (modality !== null && differs(modality, modalityOf(before))) more.push(request("visit.modality", modality));
  const marked = marks(before).map((one) => JSON.stringify(one));
  return [...more, ...marks(state).filter((one) => !marked.includes(JSON.stringify(one))).map((one) => request("message.read", one))];
}

/** @param {unknown} one @param {unknown} other */
const differs = (one, other) => JSON.stringify(one) !== JSON.stringify(other);

/** What is on the screen, or seen, of what patients wrote, and the server does not know yet. @param {State} state */
function marks(state) {
  const row = state.screen === "preview" && state.readiness === null && state.link === "connected" ? selectedRow(state) : null;
  return row === null ? [] : toMark(row, state.front);
}
