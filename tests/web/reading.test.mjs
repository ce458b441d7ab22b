/**
 * What the patient reads is plain, by the whole and by each longer text: English of a reading grade of 6 at most (Flesch-Kincaid),
 * Spanish of 65 at least on the INFLESZ scale ("fairly easy") by Szigriszt's formula.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { en as shared, es as sharedEs, testEn, testEs } from "./dictionaries.mjs";

const en = { ...shared, ...testEn };
const es = { ...sharedEs, ...testEs };

/** Names stand in for placeholders; a list's numbers and lines are sentences. */
const plain = (text) => text.replace(/\{(n|low|high)\}/g, "5").replace(/\{phone\}/g, "5").replace(/\{\w+\}/g, "Sam").replace(/^\d\. /gm, "").replace(/\n/g, " ");
const sentences = (text) => text.split(/[.?!…:]+(?:\s|$)/).filter((part) => /[a-záéíóúñ]/i.test(part));
const wordsOf = (text) => text.match(/[a-záéíóúüñ’']+|\d+/gi) ?? [];

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

/** Each strong or stressed vowel is a syllable of its own; weak ones beside it are not. @param {string} word */
function spanishSyllables(word) {
  const groups = word.toLowerCase().replace(/([aeiouáéíóúü])y(?![aeiouáéíóúü])/g, "$1i").replace(/^y$/, "i").match(/[aeiouáéíóúü]+/g) ?? [];
  return Math.max(1, groups.reduce((sum, group) => sum + Math.max(1, group.match(/[aeoáéóíú]/g)?.length ?? 0), 0));
}

function inflesz(texts) {
  const parts = texts.flatMap((text) => sentences(plain(text)));
  const words = parts.flatMap(wordsOf);
  return 206.835 - (62.3 * words.reduce((sum, word) => sum + spanishSyllables(word), 0)) / words.length - words.length / parts.length;
}

test("Spanish is split as it is spoken", () => {
  const counted = { cámara: 3, micrófono: 4, quiere: 2, día: 2, "aún": 2, hoy: 1, y: 1, guía: 2, conexión: 3, leer: 2, ayuda: 3 };
  for (const [word, count] of Object.entries(counted)) assert.equal(spanishSyllables(word), count, word);
  assert.ok(inflesz(["La autenticación de la identidad constituye un requisito indispensable previamente al comienzo de la consulta."]) < 40);
});

test("Spanish for patients: 65 or more as a whole", () => assert.ok(inflesz(Object.values(es)) >= 65, String(inflesz(Object.values(es)))));

test("Spanish for patients: no longer text below 55", () => {
  const hard = Object.entries(es).filter(([, text]) => wordsOf(plain(text)).length >= 12 && inflesz([text]) < 55);
  assert.deepEqual(hard.map(([key, text]) => `${key}: ${inflesz([text]).toFixed(1)}`), []);
});
