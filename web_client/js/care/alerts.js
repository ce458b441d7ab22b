/** Desktop notifications. There is no name in them: they show on locked screens and shared desks. */

/** What the browser allows: `none` where it knows no notifications. */
export const alertsAllowed = () => ("Notification" in window ? Notification.permission : /** @type {const} */ ("none"));

/** @param {(alerts: NotificationPermission) => void} then */
export function askForAlerts(then) {
  void Notification.requestPermission().then(then);
}

/**
 * Tell somebody who is not looking at this page. A newer one of the same kind takes the place of the older.
 * @param {string} kind @param {string} text
 */
export function notify(kind, text) {
  if (alertsAllowed() !== "granted" || document.hasFocus() || text === "") return;
  try {
    const note = new Notification(text, { tag: kind, silent: true });
    note.onclick = () => window.focus();
  } catch {
    // Android allows notifications from service workers only.
  }
}
