/** The date of birth, where the clinic asks for it: three short fields, in the order of the language. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { helps } from "../helping.js";
import { faultLine, faultOf, textField } from "./fields.js";
import { notice, lineNotice } from "./plain.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("./page.js").View} View */

/** As dates are written in this language. @param {Words} words */
const orderOf = ({ locale }) => new Intl.DateTimeFormat(locale).formatToParts(0).map(({ type }) => type).filter((type) => type !== "literal");

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @returns {View} */
export function confirm(state, words, dispatch) {
  const { t } = words;
  const fault = faultOf(state, words, "birth");
  const submit = (/** @type {Event} */ event) => (event.preventDefault(), dispatch({ type: state.unsure ? "unsure_tapped" : "confirm_tapped" }));
  return html`
    <main class="column">
      <h1 tabindex="-1">${t(state.unsure ? "confirm.unsureTitle" : "confirm.title")}</h1>
      <p>${t(helps(state) ? (state.unsure ? "helper.unsure" : "helper.birth") : state.unsure ? "confirm.unsure" : "confirm.lead")}</p>
      <form class="sheet" novalidate @submit=${submit}>
        ${state.unsure
          ? nothing
          : html`<fieldset class="fields" aria-describedby="birth-hint ${fault ? "birth-fault" : ""}">
              <legend>${t("confirm.legend")}</legend>
              <p class="hint" id="birth-hint">${t("confirm.hint", { example: t("confirm.example") })}</p>
              <div role="alert">${faultLine(fault, "birth-fault")}</div>
              <div class="dates">
                ${orderOf(words).map((part, index) =>
                  textField(state, words, dispatch, {
                    name: `birth.${part}`, label: t(`confirm.${part}`), value: state.draft[`birth.${part}`] ?? "", inputmode: "numeric",
                    autocomplete: `bday-${part}`, most: part === "year" ? 4 : 2, look: `field-${part}`, invalid: index === 0 && fault !== "",
                  }),
                )}
              </div>
            </fieldset>`}
        ${notice(state, words)}
        <div class="actions">
          <button class="primary" type="submit" aria-disabled=${state.busy === "confirm"}>${t(state.busy === "confirm" ? "moment" : "goOn")}</button>
        </div>
      </form>
      ${lineNotice(state, words)}
    </main>
  `;
}
