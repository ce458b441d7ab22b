/** The panel "More" of both pages: what is rarely needed in a visit, and what a narrow bar has no room for. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { canFlip, panel, tool } from "./bar.js";
import { choice, speakerChoice } from "./device_choice.js";
import { icons, line } from "./icons.js";
import { canShare } from "./media/screen_share.js";
import { canFill, canFloat } from "./media/tools_edge.js";

/** @typedef {import("./bar.js").Dispatch} Dispatch */
/** @typedef {import("./i18n.js").Words} Words */
/** @typedef {{devices: import("./media/types.js").Choices & {camera: boolean}, tools: import("./media/types.js").Tools, scene: import("./media/types.js").Scene}} Facts */

const fullIcon = () => line("M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5");
const smallIcon = () => line("M4 5h16v14H4zM12.500 12.500H18V17h-5.500z");
const blurIcon = () => line("M12 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM6.500 20a5.500 5.500 0 0 1 11 0M3 5v.1M3 10v.1M3 15v.1M21 5v.1M21 10v.1M21 15v.1");

/**
 * @param {Facts} state @param {string | null} other the picture for the small window @param {Words} words @param {Dispatch} dispatch
 * @param {unknown} [first] lines that one of the pages has before those of both
 */
export function more({ devices, tools, scene }, other, words, dispatch, first = nothing) {
  const { t } = words;
  const { refused, blur } = devices;
  const tap = (/** @type {string} */ type, facts = {}) => () => dispatch({ type, ...facts });
  const chosen = (/** @type {"cameraId" | "microphoneId"} */ name) => (/** @type {string} */ id) => dispatch({ type: "device_chosen", [name]: id });
  return panel("more", t("visit.more"), html`
    <div class="tools">
      ${canFlip(devices) ? tool(icons.flip(), t("visit.flip"), tap("flip_tapped"), { look: "more-flip" }) : nothing}
      ${canShare() ? tool(icons.screen(), t("visit.share"), tap("share_tapped"), { look: "more-share", pressed: scene.sharing === "on" }) : nothing}
      ${first}
      ${canFill() ? tool(fullIcon(), t("tools.full"), tap("full_tapped"), { pressed: tools.full }) : nothing}
      ${canFloat() && (other !== null || tools.small) ? tool(smallIcon(), t("tools.small"), tap("small_tapped", { key: other }), { pressed: tools.small }) : nothing}
      ${blur === null ? nothing : tool(blurIcon(), t("tools.blur"), tap("blur_tapped"), { pressed: blur })}
      ${tool(icons.large(), t("tools.large"), tap("large_tapped"), { pressed: tools.large })}
    </div>
    <div class="tool-choices">
      ${devices.cameraId === "" ? nothing : choice("camera", devices.cameras, devices.cameraId, words, chosen("cameraId"))}
      ${devices.microphoneId === "" ? nothing : choice("microphone", devices.microphones, devices.microphoneId, words, chosen("microphoneId"))}
      ${speakerChoice(devices.speakers, devices.speakerId, words, (speakerId) => dispatch({ type: "speaker_chosen", speakerId }))}
    </div>
    <div role="status">${refused === null ? nothing : html`<p class="tool-note">${icons.alert()}<span>${t(`tools.refused.${refused}`)}</span></p>`}</div>
  `, words, dispatch);
}
