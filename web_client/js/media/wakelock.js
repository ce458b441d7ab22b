/** Keeps the screen lit while somebody waits or talks. Browsers let go of the lock when the page is hidden. */

let wanted = false;
/** @type {WakeLockSentinel | null} */
let lock = null;

/** @param {boolean} on */
export function keepAwake(on) {
  wanted = on;
  if (on) void hold();
  else {
    void lock?.release().catch(() => {});
    lock = null;
  }
}

async function hold() {
  if (!wanted || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  // Refused on a low battery: the page works without it.
  lock = await navigator.wakeLock.request("screen").catch(() => null);
}

document.addEventListener("visibilitychange", () => void hold());
