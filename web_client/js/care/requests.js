/** Effects that ask the server for something, and what comes back from it. */

/** @typedef {import("./types.js").Effect} Effect */

/** @param {import("./types.js").RequestName} name @param {import("./types.js").Argument} argument @returns {Effect} */
export const request = (name, argument) => ({ type: "request", name, argument });

/**
 * A refusal, as far as the page can say it.
 * @param {import("../net/messages.js").Failure} error @returns {import("./types.js").Failing}
 */
export function failingOf(error) {
  const text = (/** @type {string} */ name) => (typeof error[name] === "string" && error[name] !== "" ? { [name]: error[name] } : {});
  return {
    code: error.code, ...text("by"), ...text("field"), ...text("reason"), ...text("what"),
    ...(typeof error.retry_after_s === "number" ? { seconds: error.retry_after_s } : {}),
  };
}

/** The checks that an admission still needs, told as a list or with commas. @param {import("../net/messages.js").Failure} error */
export const checksOf = (error) => (Array.isArray(error.checks) ? error.checks.map(String) : String(error.checks ?? "").split(",").filter((one) => one !== ""));
