/** The screen stays lit while somebody waits or talks, and not after. */
import assert from "node:assert/strict";
import { test } from "node:test";

const locks = [];
const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
const request = async () => {
  const lock = { released: false, release: async () => void (lock.released = true) };
  return locks.push(lock), lock;
};
globalThis.document = page;
Object.defineProperty(globalThis, "navigator", { value: { wakeLock: { request } }, configurable: true });
const { keepAwake } = await import("../../web_client/js/media/wakelock.js");
const settle = () => new Promise((done) => setImmediate(done));
const held = () => locks.filter(({ released }) => !released).length;

/** @param {"visible" | "hidden"} state browsers let go of the lock of a page that is hidden */
async function turn(state) {
  page.visibilityState = state;
  if (state === "hidden") for (const lock of locks) lock.released = true;
  page.dispatchEvent(new Event("visibilitychange"));
  await settle();
}

test("from the waiting room to the visit there is one lock, and none after the end", async () => {
  keepAwake(true);
  await settle();
  keepAwake(true);
  await settle();
  assert.equal(held(), 1);
  keepAwake(false);
  await settle();
  assert.equal(held(), 0);
});

test("a lock that comes after the end is let go of", async () => {
  keepAwake(true);
  keepAwake(false);
  await settle();
  assert.equal(held(), 0);
});

test("a page that was hidden takes the lock again, and takes none while it is hidden or after the end", async () => {
  keepAwake(true);
  await settle();
  await turn("hidden");
  assert.equal(held(), 0);
  await turn("visible");
  assert.equal(held(), 1);
  await turn("visible");
  assert.equal(held(), 1);
  keepAwake(false);
  await turn("hidden");
  await turn("visible");
  assert.equal(held(), 0);
});
