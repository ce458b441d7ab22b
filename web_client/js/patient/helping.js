/** A helper's way, which ends before the waiting room, and the link that the patient gives to one. */
import { gone } from "./moves.js";
import { roleOf } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./moves.js").Step} Step */
/**
 * @typedef {object} Helper the link for a helper
 * @property {"none" | "asking" | "failed" | "made" | "copied" | "uncopied" | "folded"} status folded: there is one, out of the way
 * @property {string} url "" while there is none
 *
 * @typedef {{type: "inviteHelper"} | {type: "shareLink", url: string}} HelperEffect
 */

/** This page is a helper's, not the patient's. @param {State} state */
export const helps = (state) => roleOf(state) === "helper";

/** All is done that somebody else can do: the page lets go of the session, and the patient's own link goes on. @param {State} state @returns {Step} */
export const toHelped = (state) => gone({ ...state, screen: "ended", why: "helped" });

/** The patient may give a link away on the way to the waiting room, once this device has shown whose it is. @param {State} state */
export const mayInvite = (state) =>
  state.token !== null && !state.testing && ["devices", "checkin"].includes(state.screen) && roleOf(state) === "patient" &&
  ["not_asked", "confirmed"].includes(state.snapshot?.me.identity ?? "");

/** The link stands open where it was asked for; further on it would push what is asked next out of sight. @param {State} before @param {State} next @returns {State} */
export const foldLink = (before, next) =>
  next.helper.url === "" || (before.screen === next.screen && before.page === next.page) ? next : { ...next, helper: { ...next.helper, status: "folded" } };

/** @type {Record<string, (state: State, event: any) => Step>} */
export const HELPING = {
  helper_tapped(state) {
    if (state.helper.status === "asking" || !mayInvite(state)) return [state, []];
    // A new link would end the one that may be on its way to somebody.
    if (state.helper.url !== "") return [{ ...state, helper: { ...state.helper, status: "made" } }, []];
    return [{ ...state, helper: { status: "asking", url: "" } }, [{ type: "inviteHelper" }]];
  },

  helper_invited: (state, { ack }) => [{ ...state, helper: "ok" in ack ? { status: "made", url: ack.ok.url } : { status: "failed", url: "" } }, []],

  share_link_tapped: (state) => [state, state.helper.url === "" ? [] : [{ type: "shareLink", url: state.helper.url }]],

  /** `copied` is null where another app took the link, or the person thought better of it. */
  link_shared: (state, { copied }) => [copied === null ? state : { ...state, helper: { ...state.helper, status: copied ? "copied" : "uncopied" } }, []],
};
