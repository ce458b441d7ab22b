/** The emergency card, the list of keys, and the panel for the first time. */
import assert from "node:assert/strict";
import test from "node:test";
import { step } from "../../web_client/js/care/machine.js";
import { after, asked, fresh, preview, queue, snapshot, types, visiting } from "./care_rig.mjs";

test("opening the card is kept in the trail, each time, from the list, a patient or the visit", () => {
  for (const events of [queue, preview, visiting]) {
    const [state] = after(fresh(), ...events);
    const [open, effects] = step(state, { type: "card_tapped", visit: "v1" });
    assert.equal(open.dialog.kind, "card");
    assert.deepEqual(effects, [{ type: "request", name: "visit.look", argument: { visit: "v1" } }]);
    const [closed] = step(open, { type: "dismissed" });
    assert.deepEqual(asked(step(closed, { type: "card_tapped", visit: "v1" })[1]), ["visit.look"]);
  }
});

test("there is no card of somebody who is not on the list", () => {
  const [state] = after(fresh(), ...queue);
  assert.deepEqual(step(state, { type: "card_tapped", visit: "gone" }), [state, []]);
});

test("the card stays when the line goes down and when the visit is over, with what was last known", () => {
  const [open] = after(fresh(), ...visiting, { type: "card_tapped", visit: "v1" });
  const [down] = step(open, { type: "link", status: "reconnecting" });
  assert.equal(down.dialog.kind, "card");
  const gone = snapshot(null, {}, { rows: [] });
  const [over] = step(down, gone);
  assert.equal(over.screen, "queue");
  assert.equal(over.rows.size, 0);
  assert.equal(over.dialog.row.visit, "v1");
});

test("what else was asked in a visit goes with it", () => {
  const [state] = after(fresh(), ...visiting, { type: "dialog_opened", dialog: { kind: "end", visit: "v1", name: "" } }, snapshot(null));
  assert.equal(state.dialog, null);
});

test("the list of keys opens on each screen behind the sign-in", () => {
  for (const events of [queue, preview, visiting]) {
    const [state] = after(fresh(), ...events, { type: "keys_tapped" });
    assert.equal(state.dialog.kind, "keys");
  }
  assert.equal(step(fresh(), { type: "keys_tapped" })[0].dialog, null);
});

test("the sound can be tried before anybody comes, and the first words are read once on a computer", () => {
  const [state] = after(fresh(), ...queue);
  assert.equal(state.introduced, false);
  assert.deepEqual(types(step(state, { type: "tone_tried" })[1]), ["wakeAudio", "chime"]);
  const [read, effects] = step(state, { type: "introduction_closed" });
  assert.equal(read.introduced, true);
  assert.deepEqual(types(effects), ["keepIntroduced", "focus"]);
  assert.equal(fresh({ introduced: true }).introduced, true);
});
