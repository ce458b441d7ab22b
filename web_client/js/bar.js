/** The bar below the pictures of a visit, and the panels that it opens, on both pages. */
import { html, nothing, svg } from "../vendor/lit-html/lit-html.js";
import { icon, icons } from "./icons.js";

/** @typedef {import("../vendor/lit-html/lit-html.js").TemplateResult} View */
/** @typedef {import("./i18n.js").Words} Words */
/** @typedef {(event: {type: string, [fact: string]: any}) => void} Dispatch */

export const moreIcon = () => icon(svg`<g fill="currentColor"><circle cx="5" cy="12" r="2" /><circle cx="12" cy="12" r="2" /><circle cx="19" cy="12" r="2" /></g>`);

/** Whether there is a second camera to turn to. @param {import("./media/types.js").Choices & {camera: boolean}} devices */
export const canFlip = (devices) => devices.camera && devices.cameras.length > 1;

/**
 * A button of the bar that is on or off.
 * @param {"mute" | "camera" | "share"} name @param {boolean} pressed @param {View} icon @param {Words} words @param {Dispatch} dispatch
 */
export const toggle = (name, pressed, icon, { t }, dispatch) => html`
  <button type="button" class="control control-${name}" aria-pressed=${pressed} @click=${() => dispatch({ type: `${name}_tapped` })}>
    ${icon}<span>${t(`visit.${name}`)}</span>
  </button>
`;

/**
 * A button of the bar that opens a panel, or closes it.
 * @param {string} name of the panel @param {string | null} open the panel that is open @param {View} icon @param {string} label @param {Dispatch} dispatch
 */
export const opens = (name, open, icon, label, dispatch) => html`
  <button type="button" class="control" id="opens-${name}" aria-expanded=${open === name} @click=${() => dispatch({ type: "panel_tapped", panel: name })}>
    ${icon}<span>${label}</span>
  </button>
`;

/**
 * A panel beside the pictures; on phones it rises from the bar. Nothing else is kept from anybody meanwhile.
 * @param {string} name @param {string} title @param {unknown} body @param {Words} words @param {Dispatch} dispatch
 */
export const panel = (name, title, body, { t }, dispatch) => html`
  <section class="panel" id="panel-${name}" aria-labelledby="title-${name}">
    <div class="panel-head">
      <h2 id="title-${name}" tabindex="-1">${title}</h2>
      <button type="button" class="panel-close" aria-label=${t("visit.close")} @click=${() => dispatch({ type: "panel_closed" })}>${icons.close()}</button>
    </div>
    ${body}
  </section>
`;

/**
 * A line of a panel to tap.
 * @param {View} icon @param {string} label @param {() => void} act
 * @param {{pressed?: boolean, look?: string}} [more] `pressed`: it is on or off
 */
export const tool = (icon, label, act, { pressed, look = "" } = {}) => html`
  <button type="button" class="tool ${look}" aria-pressed=${pressed ?? nothing} @click=${act}>
    ${icon}<span>${label}</span>${pressed === true ? icons.check() : nothing}
  </button>
`;
