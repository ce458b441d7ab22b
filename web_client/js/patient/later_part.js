/**
 * The part of the page that comes after the first screen. Safari and Firefox do not ask again for a module that failed once, and
 * one of an older version is no longer on the server: then only a new page helps, as soon as there is a server to give it.
 */

const KEY = "visit.renewed";
/** A page that fails anew is not loaded over and over. */
const ONCE_MS = 60_000;
let missed = 0;

/** Throws while it can not be had. */
export const laterModule = () => tryPart(() => import("./later.js"));

/** Throws while it can not be had. @template T @param {() => Promise<T>} load @returns {Promise<T>} */
export async function tryPart(load) {
  try {
    return await load();
  } catch (error) {
    missed += 1;
    if (missed > 1 && (await canBeReached())) renew();
    throw error;
  }
}

const canBeReached = () => fetch(location.pathname, { method: "HEAD", cache: "no-store" }).then(({ ok }) => ok, () => false);

/** Without storage nobody could tell the first time from the next. */
function renew() {
  try {
    if (Date.now() - Number(sessionStorage.getItem(KEY)) < ONCE_MS) return;
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    return;
  }
  location.reload();
}
