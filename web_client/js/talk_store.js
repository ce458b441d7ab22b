/** What was typed in a visit and not sent yet, kept in this tab for a reload, and until the visit is over at the longest. */

const KEY = "visit.talk";

/** @param {import("./talk.js").Kept | null} kept */
export function keepTalk(kept) {
  try {
    if (kept === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Without storage a reload loses what was not sent.
  }
}

/** @returns {import("./talk.js").Kept | null} */
export function keptTalk() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return typeof kept?.me === "string" && typeof kept.draft === "string" && Array.isArray(kept.pending) ? kept : null;
  } catch {
    return null;
  }
}
