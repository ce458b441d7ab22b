/** Which cameras, microphones and speakers there are, and when that changes. */

/** @typedef {{deviceId: string, label: string}} Device */

const LIST_PATIENCE_MS = 500;

/**
 * The devices of this kind; none when the browser does not say in time. Firefox tells a page that has not the focus
 * nothing until it has it again, and a camera that is open must not wait for its name.
 * @param {MediaDeviceKind} kind @returns {Promise<Device[]>}
 */
export async function listDevices(kind) {
  const asked = navigator.mediaDevices?.enumerateDevices?.().catch(() => []);
  /** @type {Promise<MediaDeviceInfo[]>} */
  const late = new Promise((resolve) => setTimeout(() => resolve([]), LIST_PATIENCE_MS));
  const found = (await Promise.race([asked, late])) ?? [];
  return found
    .filter((device) => device.kind === kind && device.deviceId !== "")
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

/** Something was plugged in or pulled out. @param {() => void} onChange */
export const followDevices = (onChange) => navigator.mediaDevices?.addEventListener?.("devicechange", onChange);
