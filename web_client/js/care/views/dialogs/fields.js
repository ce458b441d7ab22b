/** The parts of a dialog's form. What is typed stays in the form: a dialog is made anew each time it opens. */
import { html, nothing } from "../../../../vendor/lit-html/lit-html.js";
import { icons } from "../../../icons.js";

/** @typedef {import("../../types.js").Words} Words */
/** @typedef {import("../../types.js").Dialog} Dialog */
/** @typedef {import("../../effects.js").Dispatch} Dispatch */
/** @typedef {import("../page.js").View} View */

/**
 * A form that tells the machine what stands in it.
 * @param {Dialog} dialog @param {Words} words @param {Dispatch} dispatch
 * @param {{title: string, body: unknown, send: string, danger?: boolean, keep?: string}} parts
 */
export function form(dialog, words, dispatch, { title, body, send, danger = false, keep = words.t("ask.back") }) {
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    const wrong = [...event.currentTarget.elements].find((one) => one.name && !one.validity.valid)?.name;
    if (wrong) return dispatch({ type: "dialog_incomplete", field: words.has(`wrong.${wrong}_missing`) ? `${wrong}_missing` : wrong });
    dispatch({ type: "dialog_sent", values: Object.fromEntries(new FormData(event.currentTarget)) });
  };
  return html`
    <form class="ask-form" novalidate @submit=${submit}>
      <h2 id="ask-title">${title}</h2>
      ${body}
      ${failure(dialog, words)}
      <div class="ask-actions">
        <button class=${danger ? "danger" : "primary"} type="submit" aria-disabled=${dialog.sent !== null}>${dialog.sent === null ? send : words.t("ask.sending")}</button>
        <button class="secondary" type="button" ?autofocus=${danger} @click=${() => dispatch({ type: "dismissed" })}>${keep}</button>
      </div>
    </form>
  `;
}

/** What went wrong, where no field of the form says it. @param {Dialog} dialog @param {Words} words */
function failure({ failing }, words) {
  return html`<div role="alert">${failing === null || fieldFault(fieldOf(failing), words) !== null
    ? nothing
    : html`<div class="trouble trouble-bad">${icons.alert()}<p>${failureText(failing, words)}</p></div>`}</div>`;
}

/** @param {import("../../types.js").Failing} failure @param {Words} words */
export function failureText({ code, by, seconds, reason }, { t, has }) {
  const [exact, key] = [`failing.${code}.${reason}`, `failing.${code}`];
  if (has(exact)) return t(exact);
  return has(key) ? t(key, { by: by ?? t("failing.someone"), seconds: seconds ?? 60 }) : t("failing.other", { code });
}

/** The field that a refusal names, "" for none. @param {import("../../types.js").Failing} failing */
const fieldOf = ({ field = "" }) => field.replace(/^patient\./, "");

/** What is wrong with a field; null for a name that no form knows. @param {string} name @param {Words} words */
function fieldFault(name, { t, has }) {
  const key = `wrong.${name}`;
  return has(key) ? t(key) : null;
}

/**
 * A control with its label, and what is wrong with it.
 * @param {Dialog} dialog @param {Words} words @param {string} id @param {string} label
 * @param {(facts: {invalid: "true" | typeof nothing, described: string | typeof nothing}) => View} control
 * @param {readonly string[]} [faults] names of what is wrong that are said here
 */
export function field(dialog, words, id, label, control, faults = []) {
  const name = dialog.failing === null ? "" : fieldOf(dialog.failing);
  const fault = faults.includes(name) ? fieldFault(name, words) : null;
  return html`
    <div class="field">
      <label for="ask-${id}">${label}</label>
      ${fault === null ? nothing : html`<p class="fault" id="ask-${id}-fault">${icons.alert()}<span>${fault}</span></p>`}
      ${control({ invalid: fault === null ? nothing : "true", described: fault === null ? nothing : `ask-${id}-fault` })}
    </div>
  `;
}

/** One of a list. @param {string} id @param {readonly (readonly [string, string])[]} list @param {string} chosen */
export const choice = (id, list, chosen) => html`
  <select id="ask-${id}" name=${id} required>${list.map(([value, name]) => html`<option value=${value} ?selected=${value === chosen}>${name}</option>`)}</select>
`;

/**
 * One of a list that nobody else chooses beforehand: what is kept as fact is somebody's own word.
 * @param {string} id @param {readonly (readonly [string, string])[]} list @param {Words} words
 * @param {{invalid: unknown, described: unknown}} fault @param {string} [known] what is sure already
 */
export const chosen = (id, list, { t }, { invalid, described }, known = "") => html`
  <select id="ask-${id}" name=${id} required aria-invalid=${invalid} aria-describedby=${described}>
    <option value="" ?selected=${known === ""}>${t("ask.choose")}</option>
    ${list.map(([value, name]) => html`<option value=${value} ?selected=${value === known}>${name}</option>`)}
  </select>
`;

/** Several lines for staff. @param {Dialog} dialog @param {Words} words */
export const noteField = (dialog, words) =>
  field(dialog, words, "note", words.t("ask.note"), ({ invalid, described }) => html`
    <textarea id="ask-note" name="note" rows="2" maxlength="500" aria-invalid=${invalid} aria-describedby=${described}></textarea>`, ["note"]);

/** A link that is shown this once. @param {Dialog} dialog @param {Words} words @param {Dispatch} dispatch @param {string} url @param {string} title @param {string} lead */
export function linkShown(dialog, { t }, dispatch, url, title, lead) {
  return html`
    <div class="ask-form">
      <h2 id="ask-title">${title}</h2>
      <p>${lead}</p>
      <div class="field">
        <label for="ask-link">${t("link.label")}</label>
        <input id="ask-link" readonly .value=${url} @focus=${(/** @type {any} */ event) => event.target.select()} />
      </div>
      <p role="status">${dialog.copied ? t("link.copied") : nothing}</p>
      <div class="ask-actions">
        <button class="primary" type="button" autofocus @click=${() => dispatch({ type: "copy_tapped", text: url })}>${t("link.copy")}</button>
        <button class="secondary" type="button" @click=${() => dispatch({ type: "dismissed" })}>${t("ask.done")}</button>
      </div>
    </div>
  `;
}

/** It is done, and says so. @param {Words} words @param {Dispatch} dispatch @param {string} title @param {string} lead */
export const done = ({ t }, dispatch, title, lead) => html`
  <div class="ask-form">
    <h2 id="ask-title">${title}</h2>
    <p role="status">${lead}</p>
    <div class="ask-actions"><button class="primary" type="button" autofocus @click=${() => dispatch({ type: "dismissed" })}>${t("ask.done")}</button></div>
  </div>
`;
