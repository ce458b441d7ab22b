/** What the machine's effects ask of the server by the socket: names and arguments as docs/protocol.md §3 has them. */

/** @typedef {import("./types.js").Effect} Effect */
/**
 * @typedef {object} Asked
 * @property {string} name
 * @property {Record<string, unknown>} argument
 * @property {{type: string, [fact: string]: unknown}} [then] the event that tells the machine of the answer
 */

/**
 * The request that an effect makes; null for effects that make none.
 * @param {Effect} effect
 * @returns {Asked | null}
 */
export function requestOf(effect) {
  switch (effect.type) {
    case "confirm":
      return { name: "identity.confirm", argument: { birth_date: effect.birth_date }, then: { type: "confirmed" } };
    case "answer":
      return { name: "checkin.answer", argument: { item: effect.item, answer: effect.answer }, then: { type: "answered", item: effect.item } };
    case "join":
      return { name: "waiting.join", argument: {}, then: { type: "joined" } };
    case "leave":
      return { name: "visit.leave", argument: {} };
    case "check":
      return { name: "presence.check", argument: {}, then: { type: "checked" } };
    case "sendMessage":
      return { name: "message.send", argument: { text: effect.text }, then: { type: "sent", text: effect.text } };
    case "readMessages":
      return { name: "message.read", argument: { message: effect.message, read: effect.read } };
    case "wish":
      return { name: "wish.make", argument: { wish: effect.wish }, then: { type: "wished" } };
    case "inviteHelper":
      return { name: "helper.invite", argument: {}, then: { type: "helper_invited" } };
    case "modality":
      return { name: "visit.modality", argument: { modality: effect.modality, reason: effect.reason } };
    case "devices":
      return { name: "media.devices", argument: { microphone: effect.microphone, camera: effect.camera, screen: effect.screen, paused: effect.paused } };
    case "write":
      return { name: effect.name, argument: effect.argument, then: { type: "written", name: effect.name, argument: effect.argument } };
    default:
      return null;
  }
}
