/** Another password for the one who is signed in. */
import { html } from "../../../../vendor/lit-html/lit-html.js";
import { done, field, form } from "./fields.js";

/** @param {any} dialog @param {import("../../types.js").State} _ @param {import("../../types.js").Words} words @param {import("../../effects.js").Dispatch} dispatch */
export function password(dialog, _, words, dispatch) {
  const { t } = words;
  if (dialog.answer !== null) return done(words, dispatch, t("password.done"), t("password.doneLead"));
  return form(dialog, words, dispatch, {
    title: t("password.open"), send: t("password.send"),
    body: html`
      ${field(dialog, words, "old", t("password.old"), ({ invalid, described }) => html`
        <input id="ask-old" name="old" type="password" autocomplete="current-password" required aria-invalid=${invalid} aria-describedby=${described} />`, ["old_missing"])}
      ${field(dialog, words, "new", t("password.new"), ({ invalid }) => html`
        <input id="ask-new" name="new" type="password" autocomplete="new-password" required minlength="12" maxlength="256" aria-invalid=${invalid} aria-describedby="ask-new-hint ask-new-fault" />
        <p class="hint" id="ask-new-hint">${t("password.hint")}</p>`, ["new_missing"])}
    `,
  });
}
