/**
 * Loads the dictionaries. A page always has the newest words that came: while another language is on its way, or does not
 * come because the network is down, the old words stay and the page goes on.
 */
import { LANGUAGES, Words } from "./i18n.js";

/** @typedef {import("./i18n.js").Language} Language */
/** @typedef {import("./i18n.js").Dictionary} Dictionary */

const RETRY_MS = 1000;
const RETRY_MAX_MS = 8000;

/** Where a dictionary is, seen from this file and from built/ alike: an address that is put together stays as it is when modules are joined. */
const addressOf = (/** @type {string} */ name) => `../i18n/${name}`;

/**
 * What fetches all that a page says in a language.
 * @param {"patient" | "care" | "test"} page
 * @returns {(language: Language, attempt: string) => Promise<Dictionary>}
 */
export const wordsOf = (page) => async (language, attempt) => (await import(addressOf(`${page}-${language}.js${attempt}`))).default;

export class Speech {
  #fetch;
  #onWords;
  /** @type {Map<Language, Words>} */
  #known = new Map();
  /** @type {Set<Language>} */
  #fetching = new Set();
  /** @type {Language | null} */
  #wanted = null;
  /** @type {Words | null} */
  #last = null;

  /**
   * @param {(language: Language, attempt: string) => Promise<Dictionary>} fetch `attempt` goes behind the address: Safari and
   *   Firefox do not ask again for a module that failed once
   * @param {() => void} onWords other words are there: draw again
   */
  constructor(fetch, onWords) {
    this.#fetch = fetch;
    this.#onWords = onWords;
  }

  /**
   * The words to draw with: in this language if they are there, else the last ones; null before the first.
   * @param {Language} language
   */
  words(language) {
    this.#wanted = language;
    this.#last = this.#known.get(language) ?? this.#last;
    if (!this.#known.has(language)) void this.#load(language, 0);
    return this.#last;
  }

  /** Fetch what a tap on the other language would need, while the network is there. */
  prepare() {
    const idle = /** @type {(action: () => void) => void} */ (globalThis.requestIdleCallback ?? ((action) => setTimeout(action, 2000)));
    idle(() => {
      for (const language of Object.keys(LANGUAGES)) if (!this.#known.has(language)) void this.#load(language, 0);
    });
  }

  /** @param {Language} language @param {number} failures */
  async #load(language, failures) {
    if (failures === 0 && this.#fetching.has(language)) return;
    this.#fetching.add(language);
    try {
      const dictionary = await this.#fetch(language, failures === 0 ? "" : `?${failures}`);
      this.#known.set(language, new Words(language, dictionary));
      this.#fetching.delete(language);
      if (language === this.#wanted) this.#onWords();
    } catch {
      setTimeout(() => void this.#load(language, failures + 1), Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** failures));
    }
  }
}
