/** What comes after the first screen stands, in one file: the screens behind the door, the way to the server, the network test. */
export * from "./line.js";
export { OpenedPart } from "./opened_part.js";
export { ROOMS } from "./views/rooms.js";
export { TestCalls } from "./test_calls.js";
