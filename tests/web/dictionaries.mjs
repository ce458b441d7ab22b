/** The pages' words, as each page has them: what all pages say, and what its own part adds. */
import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("../../web_client/i18n/", import.meta.url);
const read = (language) => JSON.parse(readFileSync(new URL(`${language}.json`, folder), "utf8"));

/** All languages, English first. */
export const languages = readdirSync(folder).map((name) => name.replace(".json", "")).sort((one, other) => Number(other === "en") - Number(one === "en"));

/** @param {string} language */
export function wordsIn(language) {
  const { all, visit, care, test } = read(language);
  return { patient: { ...all, ...visit }, care, test };
}

export const { patient: en, care: careEn, test: testEn } = wordsIn("en");
export const { patient: es, care: careEs, test: testEs } = wordsIn("es");
