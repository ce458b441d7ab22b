/** The screens behind the door. They come after the first screen stands: most of their weight is not needed for it. */
import { checkin } from "./check_in.js";
import { confirm } from "./confirm.js";
import { devices } from "./devices.js";
import { ended } from "./ended.js";
import { callMe } from "./help.js";
import { run as hear } from "../sound_edge.js";
import { sound } from "./sound.js";
import { visit } from "./visit.js";
import { waiting } from "./waiting.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {Readonly<Record<"confirm" | "devices" | "sound" | "checkin" | "waiting" | "visit" | "ended", (state: State, words: Words,
 *   dispatch: import("../effects.js").Dispatch, edge: import("../effects.js").Edge) => import("./page.js").View>>} Screens */
/** @typedef {Screens & {readonly callMe: typeof callMe, readonly hear: typeof hear}} Rooms */

/** @type {Rooms} */
export const ROOMS = { confirm, devices, sound, checkin, waiting, visit, ended, callMe, hear };
