/** What the patient reads is plain: a reading grade of 6 at most (Flesch-Kincaid), by the whole and by each longer text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { en as shared, testEn } from "./dictionaries.mjs";

const en = { ...shared, ...testEn };

/** Names stand in for placeholders; a list's numbers and lines are sentences. */
const plain = (text) => text.replace(/\{(n|low|high)\}/g, "5").replace(/\{phone\}/g, "5").replace(/\{\w+\}/g, "Sam").replace(/^\d\. /gm, "").replace(/\n/g, " ");
const sentences = (text) => text.split(/[.?!…:]+(?:\s|$)/).filter((part) => /[a-z]/i.test(part));
const wordsOf = (text) => text.match(/[a-z’']+|\d+/gi) ?? [];

/** @param {string} word */
function syllables(word) {
  const letters = word.toLowerCase().replace(/[^a-z]/g, "").replace(/(?:[^laeiouy]es|[^laeiouydt]ed|[^laeiouy]e)$/, (end) => end[0] ?? "");
  return Math.max(1, letters.match(/[aeiouy]+/g)?.length ?? 1);
}

function grade(texts) {
  const parts = texts.flatMap((text) => sentences(plain(text)));
  const words = parts.flatMap(wordsOf);
  return (0.39 * words.length) / parts.length + (11.8 * words.reduce((sum, word) => sum + syllables(word), 0)) / words.length - 15.59;
}

test("the measure knows plain from not plain", () => {
  assert.ok(grade(["We can not hear you. Say hello."]) < 2);
  assert.ok(grade(["Authentication of the individual's identity is required prior to commencing the consultation."]) > 12);
});

test("English for patients: grade 6 or less as a whole", () => assert.ok(grade(Object.values(en)) <= 6, String(grade(Object.values(en)))));

test("English for patients: no longer text above grade 7", () => {
  const hard = Object.entries(en).filter(([, text]) => wordsOf(plain(text)).length >= 12 && grade([text]) > 7);
  assert.deepEqual(hard.map(([key, text]) => `${key}: ${grade([text]).toFixed(1)}`), []);
});
