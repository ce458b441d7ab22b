/** What this tab and this browser remember. Storage may be switched off; then a reload asks for the password again. */
import { keepTalk } from "../talk_store.js";

const TOKEN_KEY = "care.token";
const VISIT_KEY = "care.visit";
const SILENT_KEY = "care.silent";
const INTRODUCED_KEY = "care.introduced";
const HOLDER_KEY = "care.holder";

/** @type {{held: string | null, muted: boolean, cameraOff: boolean}} */
const NO_VISIT = { held: null, muted: false, cameraOff: false };

/** The name of the document that holds this tab's session. */
export const keptHolder = () => attempt(() => sessionStorage.getItem(HOLDER_KEY));

/** @param {string} holder */
export const keepHolder = (holder) => attempt(() => sessionStorage.setItem(HOLDER_KEY, holder));

/** @param {string | null} token null: forget it */
export const keepToken = (token) => attempt(() => (token === null ? sessionStorage.removeItem(TOKEN_KEY) : sessionStorage.setItem(TOKEN_KEY, token)));

/** @param {readonly string[]} silent */
export const keepSilent = (silent) => attempt(() => localStorage.setItem(SILENT_KEY, JSON.stringify(silent)));

/** Somebody has read on this computer what the page is for. */
export const keepIntroduced = () => attempt(() => localStorage.setItem(INTRODUCED_KEY, "1"));

/** @param {Extract<import("./types.js").Effect, {type: "keepVisit"}>} visit */
export function keepVisit(visit) {
  attempt(() => {
    if (visit.visit === null) {
      sessionStorage.removeItem(VISIT_KEY);
      keepTalk(null);
    } else sessionStorage.setItem(VISIT_KEY, JSON.stringify({ held: visit.visit, muted: visit.muted, cameraOff: visit.cameraOff }));
  });
}

/** @param {boolean} taken another document holds the session that lies in this tab: it is forgotten here */
export function remembered(taken) {
  if (taken) for (const key of [TOKEN_KEY, VISIT_KEY]) attempt(() => sessionStorage.removeItem(key));
  return {
    token: attempt(() => sessionStorage.getItem(TOKEN_KEY)),
    ...(attempt(() => ({ ...NO_VISIT, ...JSON.parse(sessionStorage.getItem(VISIT_KEY) ?? "{}") })) ?? NO_VISIT),
    introduced: attempt(() => localStorage.getItem(INTRODUCED_KEY)) !== null,
    silent: attempt(() => /** @type {string[]} */ ([...JSON.parse(localStorage.getItem(SILENT_KEY) ?? "[]")].filter((one) => typeof one === "string"))) ?? [],
  };
}

/**
 * @template T
 * @param {() => T} action
 * @returns {T | null}
 */
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
