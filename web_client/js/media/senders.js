/** How a browser is told what matters among the own tracks. */

/**
 * Change the encoding of a sender.
 * @param {RTCRtpSender} sender
 * @param {{[Name in keyof RTCRtpEncodingParameters]?: RTCRtpEncodingParameters[Name] | undefined}} change undefined takes a limit away
 * @returns {Promise<boolean>} whether the browser took it
 */
export async function encode(sender, change) {
  const parameters = sender.getParameters();
  const encoding = /** @type {Record<string, unknown> | undefined} */ (parameters.encodings?.[0]);
  if (encoding === undefined) return false;
  if (Object.entries(change).every(([name, value]) => encoding[name] === value)) return true;
  Object.assign(encoding, change);
  return sender.setParameters(parameters).then(() => true, () => false);
}

/** Sound first: of two that want the same bandwidth it is the picture that waits. @param {RTCRtpSender} sender */
export const prefer = (sender) => encode(sender, { priority: "high", networkPriority: "high" });
