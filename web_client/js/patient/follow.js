/** The server's snapshot leads: go where it says that this patient is. */
import { among } from "../media/scene.js";
import { onTheWay } from "./check_in.js";
import { ask, fail, gone, over, toConfirm, toEnded, usable } from "./moves.js";
import { newsOf } from "./room.js";
import { counterpart } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Effect} Effect */
/** @typedef {import("./moves.js").Step} Step */
/** @typedef {import("./types.js").VisitSnapshot} VisitSnapshot */

/**
 * @param {State} state @param {VisitSnapshot} snapshot @param {number} now
 * @returns {Step}
 */
export function followSnapshot(state, snapshot, now) {
  return follow(state, take(state, snapshot, now), snapshot);
}

/** @type {Record<string, (state: State, event: any) => Step>} */
export const FOLLOW = {
  /** After the fifth wrong date staff will ask: on to where the newest snapshot says, which may have come before the answer. */
  unsure_tapped(state) {
    if (state.snapshot === null || !state.unsure) return [state, []];
    const snapshot = { ...state.snapshot, me: { ...state.snapshot.me, identity: /** @type {const} */ ("staff_checks") } };
    return follow(state, { ...state, unsure: false, draft: {}, snapshot }, snapshot);
  },
};

/** @param {State} state before the snapshot @param {State} seen @param {VisitSnapshot} snapshot @returns {Step} */
function follow(state, seen, { me, visit, media }) {
  if (["ended", "cancelled", "no_show"].includes(visit.phase)) return over(seen);
  if (me.phase === "removed") return gone(fail(seen, "removed"));
  // A device that took over in the middle of a visit is asked too, and plays nothing before.
  if (me.identity === "asked" && state.wants !== "out") return confirmFirst(seen);
  if (seen.screen === "confirm" && seen.unsure) return [seen, []];
  /** @type {Effect[]} */
  const effects = [{ type: "media", media }];
  switch (me.phase) {
    case "waiting":
    case "in_visit":
    case "on_hold":
      if (state.wants === "out") return [seen, [{ type: "leave" }]];
      return enter(state, seen, me.phase, effects);
    case "left":
      if (state.wants === "in") return [seen, [{ type: "join" }, ...effects]];
      return state.screen === "ended" ? [seen, effects] : toEnded(seen, "left", effects);
    default:
      return onTheWay(seen);
  }
}

/** @param {State} state @returns {Step} */
function confirmFirst(state) {
  const [next, effects] = toConfirm({ ...state, busy: state.busy === "confirm" ? "confirm" : null });
  return [next, [...effects, { type: "media", media: null }]];
}

/** What a snapshot tells, wherever it leads. @param {State} state @param {VisitSnapshot} snapshot @param {number} now @returns {State} */
function take(state, snapshot, now) {
  const [was, other] = [counterpart(state), counterpart({ ...state, snapshot })];
  return {
    ...state, snapshot, clinic: snapshot.clinic, offset_ms: Date.parse(snapshot.server_time) - now, now, checkedAt: now, renewed: false,
    busy: state.busy === "resume" ? null : state.busy, wait: snapshot.wait,
    unasked: state.unasked !== null && snapshot.wishes.includes(state.unasked) ? null : state.unasked,
    lastOther: other?.name ?? state.lastOther, otherSince: other?.id === was?.id ? state.otherSince : now,
  };
}

/**
 * Into the waiting room or the visit, or news of it.
 * @param {State} before @param {State} state @param {"waiting" | "in_visit" | "on_hold"} phase @param {Effect[]} effects
 * @returns {Step}
 */
function enter(before, state, phase, effects) {
  const screen = phase === "waiting" ? "waiting" : "visit";
  const entered = screen !== state.screen;
  const told = state.snapshot?.visit.started_at;
  const news = entered || state.snapshot === null ? null : newsOf(before.snapshot, state.snapshot);
  /** @type {State} */
  const next = {
    ...state, screen, wants: "in", busy: null, draft: before.screen === "confirm" ? {} : state.draft,
    admitted: state.admitted || screen === "visit", moved: phase === "on_hold" && (entered || state.moved), notice: entered ? null : state.notice,
    startedAt: screen === "waiting" ? null : told ? Date.parse(told) - state.offset_ms : (state.startedAt ?? state.now),
    returned: screen === "waiting" && (before.screen === "visit" || state.returned),
    news: news ?? (screen === "waiting" ? state.news : null),
    scene: among(state.scene, phase === "in_visit" ? (state.snapshot?.others ?? []) : []),
  };
  const admitted = phase === "in_visit" && (before.screen === "waiting" || before.snapshot?.me.phase === "on_hold");
  if (admitted || news !== null) effects.push({ type: "chime" });
  if (!entered) return [next, effects];
  effects.push({ type: "keepAwake", on: true });
  // After a reload the page asks for the devices by itself; whoever joined with nothing but ears is not asked again.
  if (usable(state) || state.devices.status === "asking" || before.screen === "devices" || before.screen === "sound") return [next, effects];
  if (before.screen === "checkin" && state.devices.status === "failed") return [next, effects];
  const [asking, more] = ask(next, { picture: state.devices.picture });
  return [asking, [...effects, ...more]];
}
