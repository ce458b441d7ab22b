/** The states that axe is run on hold each member of the types that say what a page can show: a new one is not forgotten. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { care } from "./screens/care.mjs";
import { patient } from "./screens/patient.mjs";
import { test as testPage } from "./screens/test.mjs";

const source = (path) => readFileSync(new URL(`../../web_client/js/${path}`, import.meta.url), "utf8");
const quoted = (text) => [...text.matchAll(/"([\w-]+)"/g)].map(([, name]) => name);
/** The members of a union of names, read from its declaration. */
const union = (path, name) => quoted(new RegExp(`@typedef \\{((?:"[\\w-]+"[ |null]*)+)\\} ${name}\\b`).exec(source(path))[1]);
/** The same of one property. */
const property = (path, name) => quoted(new RegExp(`(?:@property \\{|[{,] ?)(?:${name}: )?((?:"[\\w-]+"[ |null]*)+)[},]? ?${name}?\\b`).exec(source(path).split("\n").find((line) => new RegExp(`\\b${name}\\b`).test(line) && /"/.test(line)))[1]);

/** @param {Record<string, any>} states @param {(state: any) => unknown} seen @param {readonly string[]} wanted */
function holds(states, seen, wanted, what) {
  const found = new Set(Object.values(states).map(seen));
  assert.ok(wanted.length > 1, `nothing was read for ${what}`);
  assert.deepEqual(wanted.filter((one) => !found.has(one)), [], `${what} that no state shows`);
}

test("the patient's page", () => {
  holds(patient, (one) => one.screen, union("patient/types.js", "Screen"), "screens");
  holds(patient, (one) => one.why, union("patient/types.js", "Why"), "reasons");
  holds(patient, (one) => one.busy, union("patient/types.js", "Busy"), "waits");
  holds(patient, (one) => one.corner, union("patient/types.js", "Corner"), "corners");
  holds(patient, (one) => one.sound.echo, union("patient/types.js", "Echo"), "test calls");
  holds(patient, (one) => one.devices.problem, union("media/devices.js", "Problem"), "troubles with devices");
  holds(patient, (one) => one.devices.status, ["idle", "asking", "ready", "failed"], "states of devices");
  holds(patient, (one) => one.helper.status, property("patient/helping.js", "status"), "helper's links");
  holds(patient, (one) => one.photo.step, property("patient/types.js", "step"), "steps of a photo");
  holds(patient, (one) => one.receipt.status, ["none", "loading", "failed", "shown"], "receipts");
  holds(patient, (one) => one.feedback, property("patient/types.js", "feedback"), "answers to the one question");
  holds(patient, (one) => one.tools.panel, ["more", "chat", "photo"], "panels");
  holds(patient, (one) => one.media, union("media/types.js", "MediaStatus"), "media");
  holds(patient, (one) => one.network.tested, ["good", "fair", "poor", "blocked", "untested"], "networks");
  holds(patient, (one) => one.page, ["location", "callback", "consent", "reason", "ready"], "questions");
  holds(patient, (one) => one.invitation?.role, ["patient", "companion", "interpreter", "guest", "helper"], "roles");
});

test("the care team's page", () => {
  holds(care, (one) => one.screen, union("care/types.js", "Screen"), "screens");
  const asked = /What a dialog is about[\s\S]*?\} Asked\n/.exec(source("care/types.js"))[0];
  const kinds = [...asked.matchAll(/kind: ((?:"\w+"[ |]*)+)/g)].flatMap(([, names]) => quoted(names));
  holds(care, (one) => one.dialog?.kind, kinds, "dialogs");
  holds(care, (one) => one.devices.problem, union("media/devices.js", "Problem"), "troubles with devices");
  holds(care, (one) => one.alerts, property("care/types.js", "alerts"), "permissions for alerts");
  holds(care, (one) => one.tools.panel, ["more", "chat"], "panels");
});

test("the test page", () => {
  holds(testPage, (one) => one.screen, union("test/machine.js", "Screen"), "screens");
  holds(testPage, (one) => one.result, union("test/call.js", "Result"), "results");
  holds(testPage, (one) => one.problem, union("media/devices.js", "Problem"), "troubles with devices");
  holds(testPage, (one) => one.link, property("test/machine.js", "link"), "ends of the copied link");
});
