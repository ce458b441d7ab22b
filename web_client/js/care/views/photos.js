/** Photos in the visit, on the care team's side: the news of one, the list of those that are there, and one looked at. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { newPhoto } from "../in_visit.js";
import { zoneOf } from "../state.js";
import { teller } from "./buttons.js";
import { failureText } from "./dialogs/fields.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../effects.js").Dispatch} Dispatch */

/** A photo has come and nobody has looked at it yet. @param {State} state @param {Pick<Words, "t">} words @param {Dispatch} dispatch */
export function photoNews(state, { t }, dispatch) {
  const photo = newPhoto(state);
  if (photo === null) return nothing;
  return html`<div class="photo-news">
    ${icons.photo()}
    <p id="photo-news">${t("photo.from", { name: photo.name })}</p>
    ${teller("secondary", t("photo.show"), dispatch, { type: "photo_tapped", photo: photo.id }, "photo-news")}
  </div>`;
}

/** @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function photoList(state, words, dispatch) {
  const { t } = words;
  const visit = state.snapshot?.visit;
  if (!visit) return nothing;
  const there = visit.others.some(({ role, phase }) => phase === "in_visit" && (role === "patient" || role === "companion"));
  return html`
    ${visit.photos.map((photo) => html`
      <p class="photo-line">
        <span id="photo-${photo.id}">${t("photo.fromAt", { name: photo.name, time: words.time(photo.at, zoneOf(state)) })}</span>
        ${teller("plain", t("photo.show"), dispatch, { type: "photo_tapped", photo: photo.id }, `photo-${photo.id}`)}
      </p>`)}
    <div role="status">${visit.photo_asked ? html`<p>${t("photo.asked")}</p>` : nothing}</div>
    ${there ? teller("plain", t(visit.photo_asked ? "photo.askAgain" : "photo.ask"), dispatch, { type: "photo_ask_tapped" }) : nothing}
  `;
}

/** @param {any} dialog @param {State} state @param {Words} words @param {Dispatch} dispatch */
export function photo({ photo: { name, at, width, height }, full, answer, failing }, state, words, dispatch) {
  const { t } = words;
  const time = words.time(at, zoneOf(state));
  return html`
    <div class="ask-form photo">
      <h2 id="ask-title">${t("photo.from", { name })}</h2>
      <p>${t("photo.facts", { time, width, height })}</p>
      <div><div role="status">${answer === null && failing === null ? html`<p>${t("photo.loading")}</p>` : nothing}</div>
      <div role="alert">${failing === null ? nothing : html`<div class="trouble trouble-bad">${icons.alert()}<p>${failureText(failing, words)}</p></div>`}</div></div>
      ${answer === null
        ? nothing
        : html`<div class="photo-frame" tabindex="0" role="group" aria-label=${t("photo.picture")}><img class=${full ? "photo-full" : "photo-fit"} src=${answer.url} width=${width} height=${height} alt=${t("photo.from", { name })} /></div>`}
      <div class="ask-actions">
        ${answer === null
          ? nothing
          : html`
              <button class="secondary" type="button" aria-pressed=${full} @click=${() => dispatch({ type: "photo_size_tapped" })}>${t("photo.full")}</button>
              <a class="secondary" href=${answer.url} download=${`photo-${at.slice(0, 16).replace(/[:T]/g, "-")}.jpg`}>${t("photo.download")}</a>`}
        <button class="primary" type="button" autofocus @click=${() => dispatch({ type: "dismissed" })}>${t("photo.close")}</button>
      </div>
      <p class="photo-kept">${t("photo.kept")}</p>
    </div>
  `;
}
