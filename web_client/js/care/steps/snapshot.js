/** What a snapshot changes: the list, what is new in it, and whether this window is in a visit. */
import { NO_SCENE, among } from "../../media/scene.js";
import { counterpart } from "../in_visit.js";
import { newsIn } from "../news.js";
import { layOut, mergeQueue } from "../queue.js";
import { request } from "../requests.js";
import { toMark } from "../row_facts.js";
import { NO_DEVICES, hasSound, selectedRow } from "../state.js";
import { capturing, enter } from "./admission.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Step} Step */
/** @typedef {import("../types.js").Effect} Effect */
/** @typedef {import("../types.js").CareSnapshot} CareSnapshot */

/** @type {import("../types.js").Handlers} */
export const SNAPSHOT = {
  snapshot: (state, { snapshot, now }) => followSnapshot(state, snapshot, now),
};

/** @param {State} state @param {CareSnapshot} message @param {number} now @returns {Step} */
function followSnapshot(state, { queue, ...snapshot }, now) {
  const rows = mergeQueue(state.rows, queue);
  const seen = layOut({ ...state, snapshot, rows, now, offset_ms: Date.parse(snapshot.server_time) - now });
  const [told, effects] = state.snapshot === null ? first(seen, now) : announce(seen, state, queue.rows);
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
  return inVisit(state, told, effects, now);
}

/** Whoever opens the page or signs in is there. @param {State} state @param {number} now @returns {Step} */
const first = (state, now) => [{ ...state, activeAt: now, touchedAt: now }, [request("presence.active", {})]];

/** @param {State} before @param {State} state @param {Effect[]} effects @param {number} now @returns {Step} */
function inVisit(before, state, effects, now) {
  const id = state.snapshot?.visit?.id ?? null;
  const other = counterpart(state);
  const began = before.screen !== "visit";
  const next = {
    ...state, asked: null, held: id, selected: id, screen: /** @type {const} */ ("visit"),
    // What was asked before the visit is asked no more, but for what was asked in it.
    dialog: began ? null : state.dialog, readiness: null, failing: began ? null : state.failing,
    scene: among(state.scene, state.snapshot?.visit?.others ?? []), otherSince: other?.id === counterpart(before)?.id ? state.otherSince : now,
  };
  if (!began) return [next, effects];
  effects.push({ type: "keepAwake", on: true });
  const has = before.devices.asking || before.devices.camera || before.devices.microphone;
  return has ? [next, effects] : [capturing(next), [...effects, { type: "capture" }]];
}

/** @param {State} state @param {Effect[]} effects @returns {Step} */
function outOfVisit(state, effects) {
  const row = selectedRow(state);
  const there = row === null ? /** @type {const} */ ("queue") : /** @type {const} */ ("preview");
  if (state.screen !== "visit") {
    const open = state.screen === "preview" && row === null ? { ...state, screen: there, selected: null, dialog: staying(state) } : state;
    // Mute and camera off belong to the visit that a reload comes back to, and to no other.
    return [state.asked === null ? { ...open, held: null, muted: false, cameraOff: false } : open, effects];
  }
  const next = {
    ...state, screen: there, selected: row?.visit ?? null, held: null, dialog: staying(state), devices: NO_DEVICES, mended: [], muted: false, cameraOff: false,
    soundBlocked: false, scene: NO_SCENE,
  };
  return [next, [...effects, { type: "closeMedia" }, { type: "releaseDevices" }, { type: "keepVisit", visit: null }, { type: "keepAwake", on: false }]];
}

/** An emergency does not end with the visit. @param {State} state */
const staying = ({ dialog }) => (dialog?.kind === "card" ? dialog : null);

/**
 * Each piece of news once: a flash in the row of who came, a sentence for those who listen, a tone, a notification. What
 * patients wrote stands in the list from now on, and they are told so.
 * @param {State} current @param {State} before @param {readonly import("../types.js").Row[]} changed @returns {Step}
 */
function announce(current, before, changed) {
  const still = current.arrivals.filter((visit) => current.rows.get(visit)?.patient.phase === "waiting");
  const news = newsIn(before.rows, changed, current.snapshot?.me.id ?? "");
  const last = news.at(-1);
  if (last === undefined) return [still.length === current.arrivals.length ? current : { ...current, arrivals: still }, []];
  /** @type {Effect[]} */
  const effects = [...new Set(news.map(({ kind }) => kind))].map((kind) => ({ type: "notify", kind }));
  if (hasSound(current)) effects.push({ type: "chime" });
  effects.push(...delivered(current, news));
  const came = news.filter(({ kind }) => kind === "arrival").map(({ visit }) => visit);
  return [{ ...current, arrivals: [...new Set([...still, ...came])], news: last }, effects];
}

/** The row that is open tells of its threads by itself. @param {State} state @param {readonly import("../types.js").News[]} news @returns {Effect[]} */
function delivered(state, news) {
  if (state.screen === "visit") return [];
  const wrote = new Set(news.filter(({ kind, visit }) => kind === "message" && !(state.screen === "preview" && visit === state.selected)).map(({ visit }) => visit));
  return [...wrote].flatMap((visit) => {
    const row = state.rows.get(visit);
    return row === undefined ? [] : toMark(row, false).map((one) => request("message.read", one));
  });
}
