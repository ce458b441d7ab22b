/** Tells when this device is on another network: back after none, or from Wi-Fi to mobile where the browser says so. */

/** @param {() => void} onChange */
export function followNetwork(onChange) {
  addEventListener("online", onChange);
  /** @type {(EventTarget & {type?: string}) | undefined} */
  const connection = Reflect.get(navigator, "connection");
  let before = connection?.type;
  // Its speed changes all the time; only another kind of network is another way.
  connection?.addEventListener("change", () => {
    if (connection.type === before) return;
    before = connection.type;
    if (navigator.onLine) onChange();
  });
}
