/** Phone calls that were made, and the staff's note on the appointment. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { serverNow, zoneOf } from "../state.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** @param {Row} row @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function calls(row, state, words, dispatch) {
  return html`
    <section class="part-of">
      <h2>${words.t("note.heading")}</h2>
      ${callList(row, state, words)}
      ${row.may.includes("call") ? note(row, words, dispatch) : row.note === "" ? nothing : html`<p class="note">${row.note}</p>`}
    </section>
  `;
}

/** @param {Row} row @param {State} state @param {Words} words */
export function callList(row, state, words) {
  if (row.calls.length === 0) return nothing;
  const zone = zoneOf(state);
  return html`<ul class="calls">
    ${row.calls.map(({ at, name, reason, result, note }) => {
      const said = [words.t(`why.${reason}`), words.t(`result.${result}`)].join(": ");
      return html`<li>${words.day(at, zone, serverNow(state))}, ${words.time(at, zone)}, ${name}. ${said}${note === "" ? nothing : html`<br />${note}`}</li>`;
    })}
  </ul>`;
}

/**
 * What is being typed stays, whoever else keeps a note meanwhile: `defaultValue` changes only a field that was left alone.
 * @param {Row} row @param {Words} words @param {Dispatch} dispatch
 */
export function note(row, { t }, dispatch) {
  const { visit } = row;
  const keep = (/** @type {any} */ event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const field = form.elements.namedItem("text");
    dispatch({ type: "note_kept", visit, text: field.value.trim() });
    field.defaultValue = field.value;
    form.reset();
  };
  return html`
    <form class="note-form field" @submit=${keep}>
      <label for="note-${visit}">${t("note.field")}</label>
      <textarea id="note-${visit}" name="text" rows="2" maxlength="1000" .defaultValue=${row.note}></textarea>
      <button class="secondary" type="submit">${t("note.keep")}</button>
    </form>
  `;
}
