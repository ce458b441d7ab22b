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
  "snapshot_visit.json": SHAPES.visitSnapshot,
  "snapshot_care.json": SHAPES.careSnapshot,
  "media.json": SHAPES.media,
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

test("all examples of answers and snapshots are known here", () => {
  const known = readdirSync(folder).filter((name) => /^(snapshot|invitation|redeemed|signed|media)/.test(name));
  assert.deepEqual(known.filter((name) => !(name in SHAPE_OF)), []);
});

test("a breach names its place", () => {
  const care = example("snapshot_care.json");
  care.queue[1].patient.connected = "yes";
  assert.equal(breach(SHAPES.careSnapshot, care), "queue[1].patient.connected");
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
