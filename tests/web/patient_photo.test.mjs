/** The photo for the care team on the patient's page: nothing goes without a tap on Send, and nothing stays. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { drawnSize } from "../../web_client/js/media/still.js";
import { askedFor, justSent, maySend } from "../../web_client/js/patient/photo.js";
import { initialState } from "../../web_client/js/patient/state.js";
import { after, types } from "./patient_rig.mjs";

const EXAMPLE = JSON.parse(readFileSync(new URL("../wire/snapshot_visit.json", import.meta.url), "utf8"));
const NOW = Date.parse("2026-11-22T14:31:00.000Z");
const snapshot = (more = {}, me = {}) => ({
  type: "snapshot", now: NOW, snapshot: { ...EXAMPLE, photo_ask: null, ...more, me: { ...EXAMPLE.me, phase: "in_visit", ...me } },
});
const inVisit = (...more) =>
  after(initialState({ code: "c", token: "t", startedAt: null, language: "en", now: NOW }), { type: "link", status: "connected" }, snapshot(), ...more);

const TAP = { type: "photo_tapped" };
const TAKE = { type: "photo_take_tapped" };
const MADE = { type: "photo_made", url: "blob:1" };
const SEND = { type: "photo_send_tapped" };
const answered = (answer) => ({ type: "photo_answered", answer, now: NOW });
const OK = answered({ ok: { photo: "f1", width: 4032, height: 3024 } });
const dropped = { open: false, step: "aim", url: "", failing: null };

test("a photo is aimed, taken, looked at, and sent by a tap", () => {
  const [aiming, none] = inVisit(TAP);
  assert.deepEqual([aiming.photo.open, aiming.photo.step, types(none)], [true, "aim", ["refocus"]]);
  const [making, taking] = after(aiming, TAKE);
  assert.deepEqual([making.photo.step, types(taking)], ["making", ["takePhoto"]]);
  const [made, nothing] = after(making, MADE);
  assert.deepEqual([made.photo.step, made.photo.url, nothing], ["made", "blob:1", [{ type: "refocus", ids: ["title-photo"] }]]);
  const [sending, sends] = after(made, SEND);
  assert.deepEqual([sending.photo.step, sends], ["sending", [{ type: "sendPhoto", token: "t" }]]);
  const [sent, gone] = after(sending, OK);
  assert.deepEqual([sent.photo.open, types(gone)], [false, ["refocus", "dropPhoto"]]);
  assert.equal(justSent(sent), true);
  assert.equal(justSent(after(sent, { type: "tick", now: NOW + 11_000 })[0]), false);
});

test("a second tap takes no second photo and sends no second time", () => {
  assert.deepEqual(inVisit(TAP, TAKE, TAKE)[1], []);
  assert.deepEqual(inVisit(TAP, TAKE, MADE, SEND, SEND)[1], []);
  assert.deepEqual(inVisit(TAP, SEND)[1], []);
});

test("taken again the first one is let go of", () => {
  const [again, effects] = inVisit(TAP, TAKE, MADE, { type: "photo_again_tapped" });
  assert.deepEqual([again.photo.step, again.photo.url, types(effects)], ["aim", "", ["dropPhoto", "refocus"]]);
});

test("one of the device's own photos is drawn anew and looked at like any other", () => {
  const file = /** @type {any} */ ({});
  assert.deepEqual(inVisit(TAP, { type: "photo_chosen", file })[1], [{ type: "readPhoto", file }]);
});

test("what went wrong is said, and what was made is still there", () => {
  assert.deepEqual(inVisit(TAP, TAKE, { type: "photo_missed" })[0].photo.failing, "missed");
  const failed = (code) => inVisit(TAP, TAKE, MADE, SEND, answered({ error: { code } }))[0].photo;
  assert.deepEqual([failed("offline").step, failed("offline").url, failed("offline").failing], ["made", "blob:1", "unsent"]);
  assert.equal(failed("too_many_attempts").failing, "too_many_attempts");
});

test("the photo goes with its panel, with the hold and with the end of the visit", () => {
  const ways = [{ type: "photo_closed" }, snapshot({}, { phase: "on_hold" }), snapshot({}, { phase: "waiting" }), { type: "ended", code: "link_ended" }];
  for (const way of ways) {
    const [state, effects] = inVisit(TAP, TAKE, MADE, SEND, way);
    assert.ok(types(effects).includes("dropPhoto"), way.type);
    assert.deepEqual({ ...dropped, ...state.photo }, { ...state.photo, ...dropped });
  }
});

test("what comes after that changes nothing", () => {
  const [closed] = inVisit(TAP, TAKE, { type: "photo_closed" });
  for (const late of [MADE, { type: "photo_missed" }, OK]) assert.equal(after(closed, late)[0].photo.step, "aim");
});

test("a request stands until it is put off; another one is shown again", () => {
  const asked = { photo_ask: { id: "a1", name: "Dr. Sample Provider" } };
  const [state] = inVisit(snapshot(asked));
  assert.equal(askedFor(state).name, "Dr. Sample Provider");
  assert.equal(askedFor(after(state, TAP)[0]), null);
  const [later] = after(state, { type: "photo_later_tapped" });
  assert.equal(askedFor(later), null);
  assert.equal(askedFor(after(later, snapshot({ photo_ask: { id: "a2", name: "Dr. Sample Provider" } }))[0]).id, "a2");
});

test("patients and companions who are in the visit send", () => {
  const may = (role, phase = "in_visit") => maySend(inVisit(snapshot({}, { role, phase }))[0]);
  assert.deepEqual([may("patient"), may("companion"), may("interpreter"), may("guest"), may("patient", "on_hold")], [true, true, false, false, false]);
});

test("a photo is drawn at its own size, and not larger than an iPhone's canvas", () => {
  assert.deepEqual(drawnSize(4032, 3024), { width: 4032, height: 3024 });
  const { width, height } = drawnSize(8064, 6048);
  assert.ok(width * height <= 16_777_216 && width * height > 16_700_000 && Math.abs(width / height - 4 / 3) < 0.001);
  assert.deepEqual(drawnSize(4000, 3000, 0.5), { width: 2000, height: 1500 });
  assert.deepEqual(drawnSize(1, 1, 0.1), { width: 1, height: 1 });
});
