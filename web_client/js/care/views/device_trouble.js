/** The own camera or microphone does not run: what it is, and what to do about it in this browser. */
import { html } from "../../../vendor/lit-html/lit-html.js";
import { browserName, deviceProblem, leavesForBrowser } from "../../device_problem.js";
import { icons } from "../../icons.js";
import { MENDABLE, patientName } from "../in_visit.js";

/** @param {import("../types.js").State} state @param {import("../types.js").Words} words @param {import("../effects.js").Dispatch} dispatch */
export function deviceTrouble(state, words, dispatch) {
  const { t } = words;
  const { devices } = state;
  const away = leavesForBrowser(devices.problem);
  const again = html`<button class="secondary" type="button" @click=${() => dispatch({ type: "device_fix_tapped" })}>${t("tryAgain")}</button>`;
  if (!away && MENDABLE.includes(devices.problem ?? "")) return deviceProblem({ ...devices, picture: true }, words, again);
  const key = away ? "unsupported" : devices.problem;
  return html`<div class="trouble">
    ${icons.alert()}
    <div>
      <p>${t(`call.device.${key}`, { name: patientName(state), browser: browserName() })}</p>
      ${again}
    </div>
  </div>`;
}
