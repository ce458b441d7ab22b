/** In the waiting room: the place in line, messages both ways, wishes; leaving, and coming back. */
import { ask, toConfirm, toEnded } from "./moves.js";
import { toCheckIn } from "./check_in.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./moves.js").Step} Step */
/** @typedef {import("../net/messages.js").VisitSnapshot} VisitSnapshot */

/** How often the page asks "am I still in line?"; the contract asks for one in 20 s at least. */
const CHECK_EVERY_MS = 15_000;

/** @type {Record<string, (state: State, event: any) => Step>} */
export const ROOM = {
  joined(state, { ack }) {
    if ("ok" in ack) return [state, []];
    const { code } = ack.error;
    // With the line down the wish stays: the first snapshot after the reconnection asks again.
    if (code === "offline" || code === "timeout") return [state, []];
    const refused = { ...state, busy: null, wants: null };
    if (code === "check_in_incomplete" || code === "too_early") return toCheckIn(refused);
    if (code === "identity_needed") return toConfirm(refused);
    return [{ ...refused, notice: code }, []];
  },

  checked: (state, { ack, now }) => ("ok" in ack ? [{ ...state, checkedAt: now, wait: ack.ok.wait ?? null }, []] : [state, []]),

  leave_tapped: (state) => toEnded({ ...state, wants: "out" }, "left", [{ type: "leave" }]),

  rejoin_tapped(state) {
    if (state.why !== "left" || state.busy === "join") return [state, []];
    const [next, effects] = ask({ ...state, wants: "in", busy: "join" }, { picture: state.devices.picture });
    return [next, [{ type: "wakeAudio" }, { type: "join" }, ...effects]];
  },

  send_tapped(state) {
    const text = (state.draft.message ?? "").trim();
    if (text === "" || state.sending) return [state, []];
    return [{ ...state, sending: true, notice: null }, [{ type: "sendMessage", text }]];
  },

  /** What was typed meanwhile stays. */
  sent(state, { text, ack }) {
    const { message = "" } = state.draft;
    if ("ok" in ack) return [{ ...state, sending: false, draft: { ...state.draft, message: message.trim() === text ? "" : message } }, []];
    return [{ ...state, sending: false, notice: ack.error.code }, []];
  },

  wish_tapped(state, { wish }) {
    if (state.asking !== null) return [state, []];
    if (state.token !== null) return [{ ...state, asking: wish, unasked: null }, [{ type: "wish", wish }]];
    return asksByLink(state) ? [{ ...state, asking: wish, unasked: null }, [{ type: "askForCall", code: state.code }]] : [state, []];
  },

  call_answered(state, { answer }) {
    const asked = { ...state, asking: null };
    return ["ok" in answer ? { ...asked, called: answer.ok } : { ...asked, unasked: "call" }, []];
  },

  wished: (state, { ack }) => [{ ...state, asking: null, unasked: "ok" in ack ? null : state.asking }, []],

  visibility: (state, { visible }) => (visible === state.visible ? [state, []] : [{ ...state, visible }, []]),
};

const LIVE = ["open", "check_in"];

/**
 * Without a session the link alone asks for a call, where it may still open something.
 * @param {State} state
 */
export const asksByLink = ({ token, code, invitation, screen, why }) =>
  token === null && code !== "" && (invitation === null || (invitation.role === "patient" && LIVE.includes(invitation.state))) &&
  (screen === "start" || screen === "replaced" || (screen === "error" && (why === "offline" || why === "failed")));

/** @param {State} state */
export const checkDue = ({ screen, now, checkedAt }) => screen === "waiting" && now - (checkedAt ?? now) >= CHECK_EVERY_MS;

/** The newest message of the care team. @param {VisitSnapshot | null} snapshot */
export const newestOf = (snapshot) => [...(snapshot?.messages ?? [])].reverse().find((message) => !message.mine) ?? null;

/** A message that this page has not shown before. @param {VisitSnapshot | null} before @param {VisitSnapshot} snapshot */
export function newsOf(before, snapshot) {
  const newest = newestOf(snapshot);
  return newest !== null && !newest.read && before !== null && before.messages.every((message) => message.id !== newest.id) ? newest.id : null;
}

/**
 * What the care team is told of its messages: on the screen, or seen; null while there is nothing to tell.
 * @param {State} state
 */
export function readingOf({ link, screen, snapshot, visible }) {
  const newest = newestOf(snapshot);
  if (link !== "connected" || screen !== "waiting" || newest === null || newest.read || (newest.delivered && !visible)) return null;
  return { message: newest.id, read: visible };
}
