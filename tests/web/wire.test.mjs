/** The examples of tests/wire, which the server's tests read too, hold the shapes that the pages demand. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { SHAPES, breach } from "../../web_client/js/net/shapes.js";

const folder = new URL("../wire/", import.meta.url);
const example = (name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const SHAPE_OF = {
  "invitation_view.json": SHAPES.invitationView,
  "redeemed.json": SHAPES.redeemed,
  "signed_in.json": SHAPES.signedIn,
  "receipt.json": SHAPES.receipt,
  "snapshot_visit.json": SHAPES.visitSnapshot,
  "snapshot_waiting.json": SHAPES.visitSnapshot,
  "snapshot_care.json": SHAPES.careSnapshot,
  "snapshot_care_change.json": SHAPES.careSnapshot,
  "presence.json": SHAPES.presenceChecked,
  "invited.json": SHAPES.invited,
  "call_list.json": SHAPES.callList,
  "colleagues.json": SHAPES.staffList,
  "media.json": SHAPES.media,
  "snapshot_test.json": SHAPES.testSnapshot,
  "test_verdict.json": SHAPES.testVerdict,
};

for (const [name, shape] of Object.entries(SHAPE_OF)) {
  test(`${name} holds its shape`, () => assert.equal(breach(shape, example(name)), null));

  test(`${name} breaks its shape when any field is missing`, () => {
    for (const field of Object.keys(shape)) {
      const value = example(name);
      delete value[field];
      assert.equal(breach(shape, value), field);
    }
  });

  test(`${name} may carry fields that the page does not know`, () => assert.equal(breach(shape, { ...example(name), later: 1 }), null));
}

test("all examples are known here", () => {
  assert.deepEqual(readdirSync(folder).filter((name) => !(name in SHAPE_OF)), []);
});

test("a breach names its place", () => {
  const care = example("snapshot_care.json");
  care.queue.rows[1].patient.connected = "yes";
  assert.equal(breach(SHAPES.careSnapshot, care), "queue.rows[1].patient.connected");
  const visit = example("snapshot_visit.json");
  visit.visit.starts_at = "soon";
  assert.equal(breach(SHAPES.visitSnapshot, visit), "visit.starts_at");
  visit.visit = null;
  assert.equal(breach(SHAPES.visitSnapshot, visit), "visit");
});

test("the parts that may be null may be null, the others not", () => {
  const snapshot = { ...example("snapshot_visit.json"), media: null };
  assert.equal(breach(SHAPES.visitSnapshot, snapshot), null);
  assert.equal(breach(SHAPES.visitSnapshot, { ...snapshot, me: null }), "me");
  assert.equal(breach(SHAPES.media, { ...example("media.json"), mids: { audio: 0 } }), "mids.audio");
});
