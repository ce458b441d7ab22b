/** What is needed from the tap on Start on: a good part of the page's weight, so it comes after the first screen stands. */
export { followNetwork } from "../media/network_change.js";
export { SelfHeal } from "../media/self_heal.js";
export { ToolsEdge } from "../media/tools_edge.js";
export { VisitMedia } from "../media/visit_media.js";
export { keepAwake } from "../media/wakelock.js";
export { PageSocket } from "../net/socket.js";
