/** Larger text than the system's own, on all screens of this browser. */

const KEY = "visit.large";

/** Show it as it was left. @returns {boolean} */
export function keptLarge() {
  try {
    const large = localStorage.getItem(KEY) !== null;
    show(large);
    return large;
  } catch {
    return false;
  }
}

/** @param {boolean} large */
export function setLarge(large) {
  show(large);
  try {
    if (large) localStorage.setItem(KEY, "1");
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage it lasts as long as the page.
  }
}

/** @param {boolean} large */
const show = (large) => document.documentElement.classList.toggle("large", large);
