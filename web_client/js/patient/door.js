/** At the door: what the link opens, Start, and how a session ends. */
import { isLanguage } from "../i18n.js";
import { NO_DEVICES, doorOpened, serverNow } from "./state.js";
import { ask, asksBirthDate, fail, gone, linkEnded, redeem, toConfirm, toDevices } from "./moves.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./moves.js").Step} Step */

/** The pause before a session that could not be renewed is asked for again. */
const RENEW_MS = 3000;

/** @type {Record<string, (state: State, event: any) => Step>} */
export const DOOR = {
  opened(state) {
    if (state.code === "") return [fail(state, "no_code"), []];
    if (state.token === null) return [state, [{ type: "view", code: state.code }]];
    return [state, [{ type: "connect", token: state.token }]];
  },

  viewed(state, { answer, now }) {
    if ("error" in answer) {
      const known = { ...state, clinic: answer.clinic ?? state.clinic };
      if (answer.error.code === "invitation_unknown") return [fail(known, "unknown"), []];
      return [fail(known, answer.error.code === "offline" ? "offline" : "failed"), []];
    }
    const invitation = answer.ok;
    const offset_ms = Date.parse(invitation.server_time) - now;
    const booked = !state.languageChosen && isLanguage(invitation.language);
    const language = booked ? invitation.language : state.language;
    const seen = { ...state, now, busy: null, invitation, clinic: invitation.clinic, offset_ms, language };
    if (invitation.state === "early") return [{ ...seen, screen: "early" }, []];
    if (invitation.state === "open" || invitation.state === "check_in") return [{ ...seen, screen: "start" }, []];
    return [{ ...seen, screen: "expired", why: invitation.state }, []];
  },

  looked(state, { answer }) {
    const told = "ok" in answer && (state.screen === "expired" || state.screen === "ended");
    if (!told || !["rescheduled", "cancelled", "ended"].includes(answer.ok.state)) return [state, []];
    const seen = { ...state, invitation: answer.ok, clinic: answer.ok.clinic };
    // Whoever was there has read already that it is over.
    return [answer.ok.state === "ended" && state.screen === "ended" ? seen : { ...seen, screen: "expired", why: answer.ok.state }, []];
  },

  start_tapped: (state) => (state.screen === "start" || doorOpened(state) ? redeem(state) : [state, []]),

  redeemed(state, { answer }) {
    if ("error" in answer) return refused(state, answer.error);
    const { token } = answer.ok;
    const given = { ...state, token, ticket: token, taken: false, busy: null, notice: null };
    /** @type {Step} */
    const [next, effects] = state.wants !== null ? [given, []] : asksBirthDate(given) ? toConfirm(given) : toDevices({ ...given, testing: false });
    return [next, [{ type: "connect", token }, ...effects]];
  },

  test_tapped: (state) => ask({ ...state, testing: true, screen: "devices", notice: null }, { picture: state.devices.picture }),

  retry_tapped(state) {
    if (state.screen === "replaced") return redeem(state);
    if (state.screen === "devices") return ask(state, { picture: true });
    return [{ ...state, screen: "start", why: null, notice: null, busy: "view" }, [{ type: "view", code: state.code }]];
  },

  reach_tapped(state) {
    if (state.busy !== "join" && state.busy !== "resume") return [state, []];
    // Without a session one is being asked for already.
    return [{ ...state, busySince: state.now }, state.token === null ? [] : [{ type: "connect", token: state.token }]];
  },

  link: (state, { status }) => [{ ...state, link: status }, []],

  ended(state, { code }) {
    const closed = { ...state, link: /** @type {const} */ ("closed"), token: null, busy: null };
    if (code === "link_ended") return linkEnded(closed);
    if (code === "removed") return gone(fail(closed, "removed"));
    if (code === "replaced" || code === "session_replaced") return gone({ ...closed, screen: "replaced", snapshot: null, wants: null });
    // The session ran out (session_expired, unauthorized): whoever waits or talks keeps doing so, once.
    if (state.wants === "in" && !state.renewed) {
      return [{ ...closed, renewed: true, link: "reconnecting" }, [{ type: "redeem", code: state.code }]];
    }
    const [next, effects] = gone({ ...closed, screen: "start", snapshot: null });
    return [{ ...next, busy: "view" }, [...effects, { type: "view", code: state.code }]];
  },

  language_chosen: (state, { language }) => [{ ...state, language, languageChosen: true }, [{ type: "language", language }]],

  feedback_tapped(state, { answer }) {
    if (state.ticket === null || state.feedback === "sending" || state.feedback === "sent") return [state, []];
    return [{ ...state, feedback: "sending" }, [{ type: "feedback", token: state.ticket, answer }]];
  },

  feedback_answered: (state, { answer }) => [{ ...state, feedback: "ok" in answer ? "sent" : "failed" }, []],

  receipt_opened(state) {
    if (state.ticket === null || state.receipt.status === "loading" || state.receipt.status === "shown") return [state, []];
    return [{ ...state, receipt: { status: "loading", value: null } }, [{ type: "receipt", token: state.ticket }]];
  },

  receipt_came: (state, { answer }) => [
    { ...state, receipt: "ok" in answer ? { status: "shown", value: answer.ok } : { status: "failed", value: null } }, [],
  ],
};

/** What a tick of the clock opens: the way from "early" to Start. @param {State} state @returns {State} */
export function openDoor(state) {
  const opens = state.invitation === null ? NaN : Date.parse(state.invitation.visit.check_in_opens_at);
  return state.screen === "early" && serverNow(state) >= opens ? { ...state, screen: "start" } : state;
}

/** @param {State} state @param {import("./types.js").Failure} failure @returns {Step} */
function refused(state, { code, opens_at, check_in_opens_at }) {
  if (code === "link_ended") return linkEnded(state);
  if (code === "invitation_unknown") return gone(fail(state, "unknown"));
  // Whoever waits or talks, or has just left, has no button that would ask again.
  if (state.wants !== null) return [state, [{ type: "redeem", code: state.code, after_ms: RENEW_MS }]];
  if (code !== "too_early" || state.invitation === null) return [{ ...state, busy: null, notice: code }, []];
  const { visit } = state.invitation;
  const times = { opens_at: String(opens_at ?? visit.opens_at), check_in_opens_at: String(check_in_opens_at ?? visit.check_in_opens_at) };
  const early = { ...state, busy: null, screen: /** @type {const} */ ("early"), testing: false, invitation: { ...state.invitation, visit: { ...visit, ...times } } };
  return [{ ...early, devices: NO_DEVICES }, [{ type: "releaseDevices" }]];
}
