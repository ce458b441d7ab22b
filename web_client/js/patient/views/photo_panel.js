/** The panel in which a photo is taken and looked at before it goes. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../../i18n.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */
/** @typedef {import("../effects.js").Edge} Edge */

/** @param {State} state @param {Words} words @param {Dispatch} dispatch @param {Edge} edge */
export function photoPanel(state, words, dispatch, edge) {
  const { t } = words;
  const { step, failing } = state.photo;
  const made = step === "made" || step === "sending";
  const close = () => dispatch({ type: "photo_closed" });
  return html`<section class="photo-panel" aria-labelledby="title-photo" @keydown=${(/** @type {any} */ { key }) => key === "Escape" && close()}>
    <div class="photo-head">
      <h2 id="title-photo" tabindex="-1">${t("photo.open")}</h2>
      <button type="button" class="photo-close" aria-label=${t("photo.cancel")} @click=${close}>${icons.close()}</button>
    </div>
    <p>${t(made ? "photo.check" : hasCamera(state) ? "photo.aim" : "photo.noCamera")}</p>
    ${made ? html`<img class="photo-made" src=${state.photo.url} alt=${t("photo.yours")} />` : finder(state, words, edge)}
    <div>
      <div role="alert">${failing === null ? nothing : html`<p class="photo-failing">${icons.alert()}<span>${t(`photo.failing.${failing}`)}</span></p>`}</div>
      <div role="status">${step === "making" ? html`<p>${t("photo.making")}</p>` : step === "sending" ? html`<p>${t("photo.sending")}</p>` : nothing}</div>
    </div>
    <div class="photo-acts">${made ? checking(state, words, dispatch) : aiming(state, words, dispatch)}</div>
    ${made ? html`<p class="photo-promise">${t("photo.promise")}</p>` : nothing}
  </section>`;
}

/** @param {State} state */
const hasCamera = ({ devices, cameraOff }) => devices.camera && !cameraOff;

/** @param {State} state @param {Words} words @param {Edge} edge */
const finder = (state, { t }, edge) =>
  hasCamera(state)
    ? html`<video class="photo-finder" tabindex="-1" .srcObject=${edge.capture.stream} .muted=${true} autoplay playsinline aria-label=${t("photo.finder")}></video>`
    : nothing;

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function aiming(state, { t }, dispatch) {
  const waiting = state.photo.step === "making";
  const camera = hasCamera(state);
  const chosen = (/** @type {any} */ { target }) => {
    const file = target.files?.[0];
    target.value = "";
    if (file !== undefined) dispatch({ type: "photo_chosen", file });
  };
  return html`
    ${camera ? html`<button class="primary" type="button" aria-disabled=${waiting} @click=${() => dispatch({ type: "photo_take_tapped" })}>${t("photo.take")}</button>` : nothing}
    ${camera && state.devices.cameras.length > 1 ? html`<button class="secondary" type="button" @click=${() => dispatch({ type: "flip_tapped" })}>${icons.flip()}<span>${t("visit.flip")}</span></button>` : nothing}
    <label class="secondary photo-file"><input type="file" accept="image/*" aria-disabled=${waiting} @change=${chosen} /><span>${t("photo.choose")}</span></label>
  `;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
function checking({ photo }, { t }, dispatch) {
  const waiting = photo.step === "sending";
  return html`
    <button class="primary" type="button" aria-disabled=${waiting} @click=${() => dispatch({ type: "photo_send_tapped" })}>${t("photo.send")}</button>
    <button class="secondary" type="button" @click=${() => dispatch({ type: "photo_again_tapped" })}>${t(waiting ? "photo.stop" : "photo.again")}</button>
  `;
}
