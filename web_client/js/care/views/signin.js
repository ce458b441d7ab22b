/** Sign in. The fields stay as they are while somebody types: nothing here is drawn from the state. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { failureText } from "./dialogs/fields.js";

/** @param {import("../types.js").State} state @param {import("../types.js").Words} words @param {import("../effects.js").Dispatch} dispatch */
export function signin(state, words, dispatch) {
  const { t } = words;
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    dispatch({ type: "sign_in_tapped", username: String(form.get("username")).trim(), password: String(form.get("password")) });
  };
  return html`
    <main class="door">
      <h1 tabindex="-1">${t("signin.title")}</h1>
      <div role="alert">${state.failing ? html`<div class="trouble trouble-bad">${icons.alert()}<p>${failureText(state.failing, words)}</p></div>` : nothing}</div>
      <form @submit=${submit}>
        <label><span>${t("signin.username")}</span><input name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required /></label>
        <label><span>${t("signin.password")}</span><input name="password" type="password" autocomplete="current-password" required /></label>
        <button class="primary" type="submit" aria-disabled=${state.busy}>${t(state.busy ? "signin.busy" : "signin.button")}</button>
      </form>
    </main>
  `;
}
