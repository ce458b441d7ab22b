/** What a visit needs only when it is opened, in one file: the panels, and the making of a photo. */
// It is there already. Named here, the parts that both need stay in the files where they are, instead of in more of them.
import "./later.js";
export { chatPanel } from "../chat_panel.js";
export { more } from "../more.js";
export { run as photo } from "./photo_edge.js";
export { photoPanel } from "./views/photo_panel.js";
