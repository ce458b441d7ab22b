/** Keeps the screen lit while somebody waits or talks. Browsers let go of the lock when the page is hidden. */

let wanted = false;
let asking = false;
/** @type {WakeLockSentinel | null} */
let lock = null;

/** @param {boolean} on */
export function keepAwake(on) {
  wanted = on;
  if (on) void hold();
  else letGo();
}

/** One lock at a time: one that nobody remembers would keep the screen lit after the visit. */
async function hold() {
  const held = asking || lock?.released === false;
  if (!wanted || held || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  asking = true;
  // Refused on a low battery: the page works without it.
  lock = await navigator.wakeLock.request("screen").catch(() => null);
  asking = false;
  if (!wanted) letGo();
}

function letGo() {
  void lock?.release().catch(() => {});
  lock = null;
}

document.addEventListener("visibilitychange", () => void hold());
