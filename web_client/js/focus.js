/** Keeps the focus when a drawing takes away what had it: keys and screen readers go on from the nearest place that stays. */

/** Nothing to type in: on a phone that would bring up the keyboard. */
const PLACES = "h1, h2[tabindex], a[href], button, summary";

/** @param {HTMLElement} root @param {() => void} draw */
export function keepFocus(root, draw) {
  const had = document.activeElement;
  /** @type {Element[]} */
  const around = [];
  for (let one = had?.parentElement ?? null; one !== null && root.contains(one); one = one.parentElement) around.push(one);
  draw();
  if (around.length === 0 || had?.isConnected) return;
  for (const one of around) {
    const place = one.isConnected ? [...one.querySelectorAll(PLACES)].find((stop) => stop.getClientRects().length > 0) : undefined;
    if (place !== undefined) return /** @type {HTMLElement} */ (place).focus({ preventScroll: true });
  }
}
