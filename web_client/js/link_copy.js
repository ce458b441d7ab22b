/** The page's own link, for another browser: copied by a tap where the browser lets a page do that, else by hand. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** Whether it was copied: what apps show of the web often may not. @param {string} text @returns {Promise<boolean>} */
export const copy = async (text) => (await navigator.clipboard?.writeText(text).then(() => true, () => false)) ?? false;

/** Hand a link to another app, or copy it where no app can be asked: whether it was copied, null where it was not tried. @param {string} url @returns {Promise<boolean | null>} */
export const share = (url) => (navigator.share === undefined ? copy(url) : navigator.share({ url }).then(() => null, (error) => (error.name === "AbortError" ? null : copy(url))));

/** @param {"copied" | "uncopied" | null} told what became of the tap @param {import("./i18n.js").Words} words @param {() => void} tapped */
export const copyLink = (told, { t }, tapped) => html`
  <button class="secondary" type="button" @click=${tapped}>${t("devices.copy")}</button>
  ${told === null ? nothing : html`<p>${t(`devices.${told}`)}</p>`}
  ${told === "uncopied"
    ? html`<input class="link-field" readonly aria-label=${t("devices.link")} .value=${location.href} @focus=${(/** @type {any} */ event) => event.target.select()} />`
    : nothing}
`;
