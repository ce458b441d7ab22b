/** When somebody was in the visit, as the receipt tells it. */

/** @typedef {import("../net/messages.js").Stretch} Stretch */

const SHORT_BREAK_MS = 60_000;

/** A short break, as of a connection that was lost, is none to who reads it. @param {readonly Stretch[]} times */
export function joined(times) {
  /** @type {Stretch[]} */
  const long = [];
  for (const time of [...times].sort((one, other) => Date.parse(one.from) - Date.parse(other.from))) {
    const last = long.at(-1);
    if (last === undefined || Date.parse(time.from) - endOf(last) > SHORT_BREAK_MS) long.push(time);
    else long[long.length - 1] = { from: last.from, to: endOf(time) > endOf(last) ? time.to : last.to };
  }
  return long;
}

/** @param {Stretch} time */
const endOf = ({ to }) => (to === null ? Infinity : Date.parse(to));
