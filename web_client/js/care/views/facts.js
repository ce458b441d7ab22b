/** Names of devices, languages and places in words. */
import { ageOf, placeOf } from "../row_facts.js";
import { dayOf } from "../clinic_days.js";

/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Words} Words */

/** @type {Record<string, string>} */
const SYSTEMS = { windows: "Windows", macos: "Mac", linux: "Linux" };
/** @type {Record<string, string>} */
const BROWSERS = { safari: "Safari", chrome: "Chrome", firefox: "Firefox", edge: "Edge", samsung: "Samsung Internet" };

/** "iPhone", "Android tablet", "Windows"; "" when it is not known. @param {Row} row @param {Words} words */
export function deviceName({ readiness }, { t }) {
  if (readiness === null) return "";
  const { device, system } = readiness;
  if (system === "ios") return device === "tablet" ? "iPad" : "iPhone";
  if (system === "android") return t(device === "tablet" ? "device.androidTablet" : "device.androidPhone");
  return SYSTEMS[system] ?? "";
}

/** @param {Row} row */
export const browserName = ({ readiness }) => BROWSERS[readiness?.browser ?? ""] ?? "";

/** "camera blocked · iPhone", "device ready", "not tested". @param {Row} row @param {Words} words */
export function verdictText(row, words) {
  const { t, has } = words;
  const { readiness } = row;
  if (readiness === null || readiness.verdict === "untested") return t("verdict.untested");
  if (readiness.verdict === "good") return t("verdict.good");
  const cause = `cause.${readiness.cause}`;
  return [t(has(cause) ? cause : "cause.other"), deviceName(row, words)].filter((text) => text !== "").join(" · ");
}

/** A language in the page's own: "Spanish". @param {string} language @param {Words} words */
export function languageName(language, words) {
  try {
    return new Intl.DisplayNames([words.language], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}

/** "April 30, 1961 (65)"; null where it is not known. @param {Row} row @param {Words} words @param {number} now @param {string} zone */
export function bornText({ patient }, words, now, zone) {
  const { birth_date } = patient;
  return birth_date === null ? null : words.t("preview.born", { date: fullDate(birth_date, words), n: ageOf(birth_date, dayOf(now, zone)) });
}

/** The name of the state in which the patient is. @param {Row} row @param {Words} words */
export function placeName(row, { has, t }) {
  const letters = placeOf(row);
  return has(`place.${letters}`) ? t(`place.${letters}`) : letters === "" ? "" : t("preview.abroad");
}

/** A check-in item in the page's language. @param {import("../../net/messages.js").CheckInItem} item @param {Words} words */
export function itemTitle({ kind, title, key }, { t, language }) {
  return kind === "external" ? (title[language] ?? title.en ?? Object.values(title)[0] ?? key) : t(`item.${kind}`);
}

/** A calendar day, which is the same in every zone. @param {string} day `1961-04-30` @param {Words} words */
export const fullDate = (day, { locale }) => new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
