/** Fields that are typed in: label, hint, and what is wrong said at the field itself. What was typed is kept by the machine. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("./page.js").View} View */

/**
 * @typedef {object} Field
 * @property {string} name of the draft; the element's id too
 * @property {string} label
 * @property {string} value
 * @property {string} [hint]
 * @property {string} [autocomplete]
 * @property {string} [inputmode]
 * @property {string} [type]
 * @property {number} [most] characters
 * @property {string} [look] a class for its width
 * @property {boolean} [invalid] it belongs to a group whose fault is said above
 */

/** What is wrong with this field, in words; "" when nothing is. @param {State} state @param {Words} words @param {string} name */
export function faultOf({ wrong }, words, name) {
  if (wrong === null || wrong.field !== name) return "";
  if (wrong.n !== undefined) return words.count(wrong.key, wrong.n);
  return words.t(words.has(wrong.key) ? wrong.key : "checkin.wrong.any");
}

/** @param {string} text @param {string} id @returns {View | typeof nothing} */
export const faultLine = (text, id) => (text === "" ? nothing : html`<p class="fault" id=${id}>${icons.alert()}<span>${text}</span></p>`);

/** A line to type in. @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Field} field */
export function textField(state, words, dispatch, field) {
  return framed(state, words, field, (facts) => html`
    <input id=${field.name} type=${field.type ?? "text"} maxlength=${field.most ?? 200} autocomplete=${field.autocomplete ?? "off"}
      inputmode=${field.inputmode ?? nothing} aria-invalid=${facts.invalid} aria-describedby=${facts.described}
      .value=${field.value} @input=${typed(dispatch, field.name)}>
  `);
}

/** Several lines to type in. @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Field} field */
export function textArea(state, words, dispatch, field) {
  return framed(state, words, field, (facts) => html`
    <textarea id=${field.name} rows="3" maxlength=${field.most ?? 500} aria-invalid=${facts.invalid} aria-describedby=${facts.described}
      .value=${field.value} @input=${typed(dispatch, field.name)}></textarea>
  `);
}

/**
 * One of a list.
 * @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Field} field @param {string} none @param {[string, string][]} list
 */
export function selectField(state, words, dispatch, field, none, list) {
  return framed(state, words, field, (facts) => html`
    <select id=${field.name} autocomplete=${field.autocomplete ?? "off"} aria-invalid=${facts.invalid} aria-describedby=${facts.described}
      @change=${typed(dispatch, field.name)}>
      <option value="" ?selected=${field.value === ""}>${none}</option>
      ${list.map(([value, name]) => html`<option value=${value} ?selected=${value === field.value}>${name}</option>`)}
    </select>
  `);
}

/** @param {Dispatch} dispatch @param {string} name */
const typed = (dispatch, name) => (/** @type {any} */ event) => dispatch({ type: "typed", name, value: event.target.value });

/**
 * @param {State} state @param {Words} words @param {Field} field
 * @param {(facts: {invalid: any, described: any}) => View} control
 */
function framed(state, words, { name, label, hint, look = "", invalid = false }, control) {
  const fault = faultOf(state, words, name);
  const described = [...(hint ? [`${name}-hint`] : []), ...(fault ? [`${name}-fault`] : [])].join(" ");
  return html`
    <div class="field ${look}">
      <label for=${name}>${label}</label>
      ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : nothing}
      ${faultLine(fault, `${name}-fault`)}
      ${control({ invalid: fault || invalid ? "true" : nothing, described: described || nothing })}
    </div>
  `;
}
