/** Through which speaker the others are heard, with a browser's outputs played by the test. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Speaker } from "../../web_client/js/media/speaker.js";

const shelf = new Map();
globalThis.localStorage = { getItem: (key) => shelf.get(key) ?? null, setItem: (key, value) => shelf.set(key, value) };
globalThis.HTMLMediaElement = class {};
HTMLMediaElement.prototype.setSinkId = () => {};

/** An element that has these speakers. */
function output(...there) {
  const made = { sink: "" };
  made.setSinkId = async (id) => {
    if (id !== "" && !there.includes(id)) throw new Error("NotFoundError");
    made.sink = id;
  };
  return made;
}
const settle = () => new Promise((done) => setImmediate(done));

test("a choice counts for all that play, for those that come later, and for the next page", async () => {
  shelf.clear();
  const [speaker, one, later] = [new Speaker(), output("a"), output("a")];
  speaker.add(one);
  assert.deepEqual([await speaker.choose("a"), one.sink, speaker.id], [true, "a", "a"]);
  speaker.add(later);
  await settle();
  assert.deepEqual([later.sink, new Speaker().id], ["a", "a"]);
});

test("what was taken off stays as it is", async () => {
  shelf.clear();
  const [speaker, gone] = [new Speaker(), output("a")];
  speaker.add(gone);
  speaker.remove(gone);
  await speaker.choose("a");
  assert.equal(gone.sink, "");
});

test("a speaker that is not there changes nothing, and is not kept", async () => {
  shelf.clear();
  const [speaker, one] = [new Speaker(), output("a")];
  speaker.add(one);
  await speaker.choose("a");
  assert.equal(await speaker.choose("b"), false);
  await settle();
  assert.deepEqual([one.sink, speaker.id, new Speaker().id], ["a", "a", "a"]);
});

test("one that was kept and pulled out since leaves the system's own", async () => {
  shelf.set("visit.speaker", "gone");
  const [speaker, one] = [new Speaker(), output("a")];
  speaker.add(one);
  await settle();
  assert.equal(one.sink, "");
});

test("there is a list only where the browser lets a page choose", async () => {
  const devices = [{ kind: "audiooutput", deviceId: "a", label: "Headset" }, { kind: "audioinput", deviceId: "m", label: "" }];
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices: { enumerateDevices: async () => devices } }, configurable: true });
  assert.deepEqual(await new Speaker().list(), [{ deviceId: "a", label: "Headset" }]);
  delete HTMLMediaElement.prototype.setSinkId;
  assert.deepEqual(await new Speaker().list(), []);
});
