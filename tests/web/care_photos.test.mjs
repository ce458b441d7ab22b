/** Photos on the care team's page: asked for, told of, looked at one at a time, and let go of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bannerOf } from "../../web_client/js/care/in_visit.js";
import { after, asked, example, failed, fresh, snapshot, types, visiting } from "./care_rig.mjs";

const PHOTO = example("snapshot_care").visit.photos[0];
const photos = (...list) => snapshot({ photos: list }, { v1: { row: { guests: [] } } });
const SECOND = { ...PHOTO, id: "f2" };
const inVisit = (...more) => after(fresh(), ...visiting, photos(), ...more);
const came = { type: "photo_came", photo: "f1", answer: { ok: { url: "blob:1" } } };
const looking = [photos(PHOTO), { type: "photo_tapped", photo: "f1" }];

test("asking is one request, and the snapshot says that it stands", () => {
  const [, effects] = inVisit({ type: "photo_ask_tapped" });
  assert.deepEqual(effects, [{ type: "request", name: "photo.ask", argument: { visit: "v1" } }]);
});

test("a photo is news until it was opened", () => {
  assert.notEqual(bannerOf(inVisit()[0]), "photo");
  assert.equal(bannerOf(inVisit(photos(PHOTO))[0]), "photo");
  assert.notEqual(bannerOf(inVisit(...looking)[0]), "photo");
  assert.equal(bannerOf(inVisit(...looking, photos(PHOTO, SECOND))[0]), "photo");
});

test("the photo that is looked at is fetched, shown, and let go of when its dialog closes", () => {
  const [opened, effects] = inVisit(...looking);
  assert.deepEqual(effects, [{ type: "showPhoto", photo: "f1", token: opened.token }]);
  const [shown] = after(opened, came);
  assert.deepEqual(shown.dialog.answer, { url: "blob:1" });
  const [closed, last] = after(shown, { type: "dismissed" });
  assert.equal(closed.dialog, null);
  assert.deepEqual(types(last), ["dropPhoto"]);
});

test("it is let go of with the visit too", () => {
  const [, effects] = inVisit(...looking, came, snapshot(null));
  assert.ok(types(effects).includes("dropPhoto"));
});

test("the size changes in the dialog alone", () => {
  const [full] = inVisit(...looking, came, { type: "photo_size_tapped" });
  assert.equal(full.dialog.full, true);
  assert.equal(after(full, { type: "photo_size_tapped" })[0].dialog.full, false);
  const [none] = inVisit();
  assert.equal(after(none, { type: "photo_size_tapped" })[0], none);
});

test("a photo that is gone says so, and one of another dialog changes nothing", () => {
  const [gone] = inVisit(...looking, { type: "photo_came", photo: "f1", answer: failed("photo_unknown") });
  assert.equal(gone.dialog.failing.code, "photo_unknown");
  const [open] = inVisit(...looking);
  assert.equal(after(open, { ...came, photo: "f2" })[0], open);
  const [none] = inVisit();
  assert.equal(after(none, { type: "photo_tapped", photo: "f9" })[0], none);
  assert.deepEqual(asked(after(none, { type: "photo_tapped", photo: "f9" })[1]), []);
});
