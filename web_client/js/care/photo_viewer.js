/** Fetches the photo that is looked at. It lies in this page's memory alone, and only while its dialog is open. */
import { fetchPhoto } from "../net/photos_api.js";

export class PhotoViewer {
  #onPhoto;
  /** @type {string | null} */
  #photo = null;
  #url = "";

  /** @param {(photo: string, answer: import("../net/api.js").Answer<{url: string}>) => void} onPhoto */
  constructor(onPhoto) {
    this.#onPhoto = onPhoto;
  }

  /** @param {string} photo @param {string} token */
  async show(photo, token) {
    this.drop();
    this.#photo = photo;
    const answer = await fetchPhoto(photo, token);
    if (this.#photo !== photo) return;
    if ("error" in answer) return this.#onPhoto(photo, answer);
    this.#url = URL.createObjectURL(answer.ok);
    this.#onPhoto(photo, { ok: { url: this.#url } });
  }

  drop() {
    this.#photo = null;
    if (this.#url !== "") URL.revokeObjectURL(this.#url);
    this.#url = "";
  }
}
