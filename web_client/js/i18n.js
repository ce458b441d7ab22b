/**
 * Words in the chosen language. A dictionary is flat: key → text with `{placeholders}`; a text that depends on a number
 * has one key per plural form (`wait.minutes.one`, `wait.minutes.other`).
 *
 * @typedef {string} Language one of the codes of `LANGUAGES`
 * @typedef {Record<string, string>} Dictionary
 * @typedef {Record<string, string | number>} Facts
 */

/**
 * The languages that there are, each with its own name: what the server read says the page. Modules without a page know the two
 * that always come.
 * @type {Readonly<Record<Language, {name: string, locale: string}>>}
 */
export const LANGUAGES = JSON.parse(globalThis.document?.documentElement?.dataset?.languages ?? '{"en":{"name":"English","locale":"en-US"},"es":{"name":"Español","locale":"es-US"}}');
const STORAGE_KEY = "visit.language";

/**
 * The language to begin with: the link's `?lang=`, else the choice of last time, else the browser's.
 * @param {{search: string, stored: string | null, browser: readonly string[]}} from
 * @returns {Language}
 */
export function chooseLanguage({ search, stored, browser }) {
  const wishes = [new URLSearchParams(search).get("lang"), stored, ...browser.map((tag) => tag.slice(0, 2).toLowerCase())];
  return wishes.find(isLanguage) ?? "en";
}

/** @returns {Language} */
export const languageOfPage = () =>
  chooseLanguage({ search: location.search, stored: readStored(), browser: navigator.languages ?? [navigator.language] });

/** Whether the link or this person, here or last time, named the language: what the browser prefers is no choice. */
export const languageChosen = () =>
  [new URLSearchParams(location.search).get("lang"), readStored()].some(isLanguage);

/** @param {string | null} wish @returns {wish is Language} */
export const isLanguage = (wish) => wish !== null && Object.hasOwn(LANGUAGES, wish);

/** @param {Language} language */
export function rememberLanguage(language) {
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Storage may be switched off; the address keeps the choice.
  }
  const address = new URL(location.href);
  address.searchParams.set("lang", language);
  history.replaceState(history.state, "", address);
}

function readStored() {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

/** Everything that is said in one language, with times in the clinic's zone. */
export class Words {
  #dictionary;
  #plurals;

  /** @param {Language} language @param {Dictionary} dictionary */
  constructor(language, dictionary) {
    this.language = language;
    this.#dictionary = dictionary;
    this.locale = LANGUAGES[language]?.locale ?? language;
    this.#plurals = new Intl.PluralRules(this.locale);
    this.t = this.t.bind(this);
    this.has = this.has.bind(this);
  }

  /**
   * @param {string} key @param {Facts} [facts]
   * @returns {string}
   */
  t(key, facts = {}) {
    const text = this.#dictionary[key];
    if (text === undefined) throw new Error(`No text for ${key} in ${this.language}.`);
    const filled = text.replace(/\{(\w+)\}/g, (whole, name) => String(facts[name] ?? whole));
    // "a las 2:30 p.m." already ends the sentence.
    return filled.replace(/\.\.(?=\s|$)/g, ".");
  }

  /** @param {string} key */
  has(key) {
    return key in this.#dictionary;
  }

  /**
   * A text whose form depends on a number, given to it as `{n}`.
   * @param {string} key @param {number} n @param {Facts} [facts]
   */
  count(key, n, facts = {}) {
    const form = `${key}.${this.#plurals.select(n)}`;
    return this.t(this.has(form) ? form : `${key}.other`, { n, ...facts });
  }

  /** @param {string} iso @param {string} zone */
  time(iso, zone) {
    return this.#format(iso, { hour: "numeric", minute: "2-digit", timeZone: zone });
  }

  /**
   * "Today", "Tomorrow", or the date.
   * @param {string} iso @param {string} zone @param {number} now
   */
  day(iso, zone, now) {
    const key = dayKey(Date.parse(iso), zone);
    if (key === dayKey(now, zone)) return this.t("day.today");
    if (key === dayKey(now + 86_400_000, zone)) return this.t("day.tomorrow");
    return this.date(iso, zone);
  }

  /** @param {string} iso @param {string} zone */
  date(iso, zone) {
    return this.#format(iso, { weekday: "long", day: "numeric", month: "long", timeZone: zone });
  }

  /** @param {string} iso @param {Intl.DateTimeFormatOptions} options */
  #format(iso, options) {
    // Narrow no-break spaces before "PM" are missing from some phones' fonts.
    return new Intl.DateTimeFormat(this.locale, options).format(new Date(iso)).replace(/\u202f/g, "\u00a0");
  }
}

/** @param {number} at @param {string} zone */
const dayKey = (at, zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);

/**
 * How long something has lasted, as a clock shows it: 0:42, 12:05, 1:02:05.
 * @param {number} ms
 */
export function clockOf(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
