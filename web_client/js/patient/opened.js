/** What a visit needs only when it is opened, in one file: the panels, and the making of a photo. */
export { chatPanel } from "../chat_panel.js";
export { more } from "../more.js";
export { run as photo } from "./photo_edge.js";
export { photoPanel } from "./views/photo_panel.js";
