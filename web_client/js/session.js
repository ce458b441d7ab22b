/**
 * Which document holds a session. A tab that is duplicated gets a copy of the session's storage, and must not take the visit
 * over by itself; a reload must. So each document holds a lock for as long as it lives, whose name lies beside the session.
 */

/** How long a page that is being left may take to let go of its lock. */
const RELOAD_MS = 1000;

/** Names are no secret; they only must differ. */
const newName = () => `document.${Date.now().toString(36)}.${Math.random().toString(36).slice(2)}`;

/**
 * Hold the document's name that lies beside a kept session; a new one when there is none, or when another document of this
 * browser holds it.
 * @param {string | null} kept
 * @returns {Promise<{name: string, taken: boolean}>} `taken`: the session belongs to another document
 */
export async function claimDocument(kept) {
  if (kept !== null && (await hold(kept))) return { name: kept, taken: false };
  const name = newName();
  void hold(name);
  return { name, taken: kept !== null };
}

/** @param {string} name @returns {Promise<boolean>} */
function hold(name) {
  // Without locks (an old browser) nobody can tell a duplicate from a reload: the reload matters more.
  if (navigator.locks === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const given = () => {
      resolve(true);
      return new Promise(() => {});
    };
    const patience = new AbortController();
    setTimeout(() => patience.abort(), RELOAD_MS);
    navigator.locks.request(name, { signal: patience.signal }, given).catch(() => resolve(false));
  });
}
