/** Days and clock times of the clinic's zone. */

const DAY_MS = 86_400_000;

/** The zone's day, as `2026-11-22`. @param {number} at @param {string} zone */
export const dayOf = (at, zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);

/** What the zone's clocks show, as `14:30`. @param {number} at @param {string} zone */
export const clockAt = (at, zone) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

/** The day after. @param {string} day `2026-11-22` */
export const nextDay = (day) => new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);

/**
 * At which instants the zone's clocks show this time: once, twice where they go back, never where they go forward over it.
 * @param {string} day `2026-11-22` @param {string} time `14:30` @param {string} zone
 * @returns {number[]}
 */
export function instantsOf(day, time, zone) {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(asUtc)) return [];
  // No zone changes its clocks twice within two days.
  const offsets = new Set([asUtc - DAY_MS, asUtc + DAY_MS].map((at) => offsetAt(at, zone)));
  return [...offsets].map((offset) => asUtc - offset).filter((at) => at + offsetAt(at, zone) === asUtc).sort((one, other) => one - other);
}

/** How far the zone's clocks are ahead of UTC, in ms. @param {number} at @param {string} zone */
function offsetAt(at, zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  }).formatToParts(at);
  const read = (/** @type {string} */ type) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(read("year"), read("month") - 1, read("day"), read("hour"), read("minute"), read("second")) - Math.floor(at / 1000) * 1000;
}
