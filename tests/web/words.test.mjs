/** Both languages say the same things, and the pages say nothing that is not there. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { MENDABLE } from "../../web_client/js/care/in_visit.js";
import { Words, chooseLanguage, clockOf } from "../../web_client/js/i18n.js";
import { careEn, careEs, en, es, languages, testEn, wordsIn } from "./dictionaries.mjs";

const client = new URL("../../web_client/", import.meta.url);
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/** @returns {string} the source of all scripts under these folders */
function source(...folders) {
  const read = (folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? read(new URL(`${entry.name}/`, folder)) : [readFileSync(new URL(entry.name, folder), "utf8")],
    );
  return folders.flatMap((name) => read(new URL(name, client))).join("\n");
}

const others = languages.slice(1).flatMap((language) => Object.entries(wordsIn(language)).map(([part, words]) => [`${language}, ${part}`, wordsIn("en")[part], words]));
for (const [name, one, other] of others) {
  test(`${name}: same keys in the same order`, () => assert.deepEqual(Object.keys(other).filter((key) => !/\.(zero|two|few|many)$/.test(key)), Object.keys(one)));

  test(`${name}: same placeholders`, () => {
    for (const key of Object.keys(one)) assert.deepEqual(placeholders(other[key]), placeholders(one[key]), key);
  });

  test(`${name}: nothing empty, nothing left in the other language`, () => {
    const same = new Set(["wait.minutes.one", "wait.minutes.other", "row.label", "moment", "sound.no", "visit.chat"]);
    for (const key of Object.keys(one)) {
      assert.notEqual(other[key].trim(), "", key);
      if (!same.has(key) && !key.startsWith("place.")) assert.notEqual(other[key], one[key], key);
    }
  });
}

test("the words of one page do not hide the shared ones", () => {
  assert.deepEqual([...Object.keys(careEn), ...Object.keys(testEn)].filter((key) => key in en), []);
});

/** Literal keys in calls, and in the lists and conditions inside of them. */
const literals = (text) => [...text.matchAll(/"([a-z0-9]+(?:\.[A-Za-z0-9_]+)+)"/g)].map((match) => match[1]).filter((key) => !/\.(js|json)$/.test(key));

test("every key in the patient's source has its text", () => {
  const text = source("js/patient/");
  for (const key of literals(text).filter((one) => !isEvent(one))) assert.ok(key in en || `${key}.other` in en, key);
});

test("every key in the care team's source has its text", () => {
  const text = source("js/care/");
  const all = { ...en, ...careEn };
  for (const key of literals(text).filter((one) => !isEvent(one))) assert.ok(key in all || `${key}.other` in all, key);
});

test("every key in the test page's source has its text", () => {
  const all = { ...en, ...testEn };
  for (const key of literals(source("js/test/")).filter((one) => !isEvent(one))) assert.ok(key in all || `${key}.other` in all, key);
  for (const result of ["good", "fair", "poor", "blocked", "untested"]) assert.ok(`test.${result}.title` in all && (result === "good" || `test.${result}.fix` in all), result);
});

test("every text is used", () => {
  const text = source("js/");
  const stems = [...text.matchAll(/`([a-z]+(?:\.[a-z]+)*\.)\$\{/g)].map((match) => match[1]);
  const quoted = new Set(literals(text));
  const plain = new Set([...text.matchAll(/"(\w+)"/g)].map((match) => match[1]));
  for (const key of Object.keys({ ...en, ...careEn, ...testEn })) {
    const stem = key.replace(/\.(one|other)$/, "");
    const built = stems.some((one) => key.startsWith(one)) || (/^(start|early|devices|waiting|replaced)\.title$/.test(key));
    assert.ok(quoted.has(key) || quoted.has(stem) || plain.has(stem) || built || key.startsWith("ask."), `${key} is used nowhere`);
  }
});

/** What pages ask of the server, as docs/protocol.md lists it. */
const requests = new Set([...readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8").matchAll(/^\| `([a-z_.]+)` \|/gm)].map((match) => match[1]));

/** Names on the wire, in storage and in the browser look like keys. */
const isEvent = (key) => requests.has(key) || /^(visit\.(session|heard|renewed)|care\.(token|visit|silent|holder|introduced))$/.test(key);

test("every problem with a device has a title and a fix; of those without steps the care team reads what they mean for the visit", () => {
  const problems = ["blocked", "blocked_system", "busy", "no_camera", "no_microphone", "no_devices", "insecure", "unsupported", "failed"];
  for (const problem of problems) {
    assert.ok(`problem.${problem}.title` in en && `problem.${problem}.fix` in en, problem);
    assert.ok(MENDABLE.includes(problem) || `call.device.${problem}` in careEn, problem);
  }
});

/** The values of an enumeration of the server's. */
const valuesOf = (file, name) => {
  const text = readFileSync(new URL(`../../waiting_room/${file}.py`, import.meta.url), "utf8");
  const body = text.split(`class ${name}(StrEnum):`)[1].split(/\n(?=\S)/)[0];
  return [...body.matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map((match) => match[1]);
};

test("staff read every code of the server in words", () => {
  const coded = {
    cause: valuesOf("readiness", "Cause").filter((one) => one !== "none"), why: valuesOf("contact_codes", "CallReason"), result: valuesOf("contact_codes", "CallResult"),
    waive: valuesOf("check_in_items", "WaiveReason"), item: [...valuesOf("check_in_items", "ItemState"), ...valuesOf("check_in_items", "ItemKind").filter((one) => one !== "external")],
    wants: ["call", "companion", "interpreter"], canned: ["soon", "late", "check_sound", "call_you", "stay", "ready"],
  };
  for (const [stem, codes] of Object.entries(coded)) for (const code of codes) assert.ok(`${stem}.${code}` in careEn, `${stem}.${code}`);
  assert.deepEqual([coded.cause.length, coded.why.length, coded.result.length, coded.waive.length, coded.item.length], [14, 6, 7, 5, 7]);
  for (const code of coded.cause) assert.ok(`fix.${code}` in careEn, code);
});

test("every reason for the error screen has its words", () => {
  for (const why of ["unknown", "no_code", "removed", "offline", "failed"]) assert.ok(`error.${why}.title` in en && `error.${why}.lead` in en, why);
});

test("the fixed English names stand", () => {
  const names = { "start.button": "Start", "test.ask.yes": "Yes, I heard it", "devices.join": "Join", "sound.play": "Play sound", "sound.yes": "Yes, I heard it", "visit.leave": "Leave", "visit.mute": "Mute", "visit.camera": "Camera", "visit.flip": "Flip camera", tryAgain: "Try again", "devices.soundOnlyButton": "Sound only" };
  for (const [key, name] of Object.entries(names)) assert.equal({ ...en, ...testEn }[key], name);
  const staff = { "signin.username": "Username", "signin.password": "Password", "signin.button": "Sign in", "preview.admit": "Admit", "call.remove": "Remove", "call.end": "End for everyone",
    "call.hold": "Hold", "call.handOver": "Hand over", "call.return": "Back to waiting", "thread.open": "Message", "call.phone": "Call phone", "late.open": "Running late", "call.invite": "Invite" };
  for (const [key, name] of Object.entries(staff)) assert.equal(careEn[key], name);
});

test("a missing text is a fault, not a blank", () => {
  assert.throws(() => new Words("en", en).t("no.such.key"), /no\.such\.key/);
});

test("plurals follow the language", () => {
  const [english, spanish] = [new Words("en", { ...en, ...careEn }), new Words("es", { ...es, ...careEs })];
  assert.equal(english.count("count.minutes", 1), "1 minute");
  assert.equal(english.count("count.minutes", 12), "12 minutes");
  assert.equal(spanish.count("count.seconds", 1), "1 segundo");
  assert.equal(spanish.count("count.seconds", 1_000_000), "1000000 segundos"); // Spanish has a third form, "many"
});

test("times are told in the clinic's zone, whatever the machine's is", () => {
  const words = new Words("en", en);
  assert.equal(words.time("2026-11-22T14:30:00.000Z", "America/New_York").replace(/\s/g, " "), "9:30 AM");
  assert.equal(words.time("2026-11-22T14:30:00.000Z", "America/Los_Angeles").replace(/\s/g, " "), "6:30 AM");
});

test("today and tomorrow are the clinic's", () => {
  const words = new Words("en", en);
  const late = Date.parse("2026-11-23T03:00:00.000Z"); // still the 22nd in New York
  assert.equal(words.day("2026-11-22T14:30:00.000Z", "America/New_York", late), "Today");
  assert.equal(words.day("2026-11-23T14:30:00.000Z", "America/New_York", late), "Tomorrow");
  assert.equal(words.day("2026-11-25T14:30:00.000Z", "America/New_York", late), "Wednesday, November 25");
  assert.match(new Words("es", es).day("2026-11-25T14:30:00.000Z", "America/New_York", late), /miércoles,? 25 de noviembre/);
});

test("the language comes from the link, then from last time, then from the browser", () => {
  const from = (search, stored, ...browser) => chooseLanguage({ search, stored, browser });
  assert.equal(from("?lang=es", "en", "en-US"), "es");
  assert.equal(from("", "es", "en-US"), "es");
  assert.equal(from("", null, "es-MX", "en"), "es");
  assert.equal(from("?lang=fr", null, "fr", "es"), "es");
  assert.equal(from("", null, "fr"), "en");
});

test("a clock reads as people read it", () => {
  assert.equal(clockOf(-5), "0:00");
  assert.equal(clockOf(42_900), "0:42");
  assert.equal(clockOf(725_000), "12:05");
  assert.equal(clockOf(3_725_000), "1:02:05");
});
