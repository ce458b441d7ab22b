/** The list: merged by difference, in an order that stands still, with its news told once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { step } from "../../web_client/js/care/machine.js";
import { newsIn } from "../../web_client/js/care/news.js";
import { inOrder, mergeQueue, namesProviders, presentRows, providersIn, waitingOutside, waitingRows } from "../../web_client/js/care/queue.js";
import { NOW, after, change, example, fresh, idle, queue, signedIn, snapshot, types, waitingFirst } from "./care_rig.mjs";

const [FIRST, SECOND] = example("snapshot_care").queue.rows;
const row = (visit, starts_at, more = {}) => ({ ...SECOND, visit, starts_at, ...more });
const held = (...rows) => mergeQueue(new Map(), { full: true, rows, gone: [] });
const names = (rows) => inOrder(rows).map((one) => one.visit);

test("a full list forgets what was held", () => {
  assert.deepEqual(names(mergeQueue(held(row("a", "1"), row("b", "2")), { full: true, rows: [row("c", "3")], gone: [] })), ["c"]);
});

test("a difference changes, adds and takes away, and leaves the other rows the same objects", () => {
  const before = held(row("a", "1"), row("b", "2"), row("c", "3"));
  const now = mergeQueue(before, { full: false, rows: [row("b", "2", { note: "new" }), row("d", "0")], gone: ["c"] });
  assert.deepEqual(names(now), ["d", "a", "b"]);
  assert.equal(now.get("b").note, "new");
  assert.equal(now.get("a"), before.get("a"));
});

test("a message that comes twice changes nothing more, and one that says nothing keeps the list itself", () => {
  const message = { full: false, rows: [row("b", "2")], gone: ["a"] };
  const once = mergeQueue(held(row("a", "1")), message);
  assert.deepEqual([...mergeQueue(once, message)], [...once]);
  assert.equal(mergeQueue(once, { full: false, rows: [], gone: ["never"] }), once);
});

test("rows stand by their booked time, then by visit, whatever happens to the others", () => {
  const rows = held(row("z", "2026-11-22T10:00:00.000Z"), row("b", "2026-11-22T09:00:00.000Z"), row("a", "2026-11-22T09:00:00.000Z"));
  assert.deepEqual(names(rows), ["a", "b", "z"]);
  const moved = mergeQueue(rows, { full: false, rows: [row("z", "2026-11-22T10:00:00.000Z", { patient: { ...SECOND.patient, phase: "in_visit" } })], gone: [] });
  assert.deepEqual(names(moved), ["a", "b", "z"]);
});

test("a name is found without accents and capitals; those who wait can be shown alone", () => {
  const named = (name, phase) => ({ patient: { ...SECOND.patient, name, phase }, guests: [] });
  const message = snapshot(null, {}, { rows: [row("a", "1", named("José Núñez", "invited")), row("b", "2", named("Ana Lee", "waiting"))] });
  const [state] = after(fresh(), ...signedIn, message);
  const shown = (filter) => step(state, { type: "filter_changed", filter })[0].shown.map((one) => one.visit);
  assert.deepEqual([shown({ text: "nunez" }), shown({ text: " LEE" }), shown({ text: "x" }), shown({ waiting: true })], [["a"], ["b"], [], ["b"]]);
});

test("who is on hold is shown among those who wait; who was handed over counts as well", () => {
  const message = snapshot(null, { v1: { phase: "on_hold", row: { handed_to: { id: "x", name: "Dr. X" } } }, v2: { phase: "on_hold" } });
  const [state] = after(fresh(), ...signedIn, message, { type: "filter_changed", filter: { waiting: true } });
  assert.deepEqual(state.shown.map((one) => one.visit), ["v1", "v2"]);
  assert.deepEqual(waitingRows(state.rows).map((one) => one.visit), ["v1"]);
});

test("providers are named to those who look after several lists", () => {
  const two = [row("a", "1", { providers: [{ id: "b", name: "Dr. B" }] }), row("c", "2", { providers: [{ id: "a", name: "Dr. A" }] })];
  const [state] = after(fresh(), ...signedIn, snapshot(null, {}, { rows: two }));
  assert.deepEqual(providersIn(state.rows).map((one) => one.id), ["a", "b"]);
  const as = (role, rows) => namesProviders({ ...state, rows, snapshot: { ...state.snapshot, me: { ...state.snapshot.me, role } } });
  assert.deepEqual([as("nurse", state.rows), as("front_desk", state.rows), as("provider", state.rows), as("nurse", held(two[0]))], [true, true, false, false]);
});

test("under the pointer rows neither come nor go; what they say is new", () => {
  const [state] = after(fresh(), ...queue, { type: "pointed", now: NOW });
  const message = change("v2", { note: "fresh" });
  message.snapshot.queue = { full: false, rows: [row("v0", "2026-11-22T08:00:00.000Z"), { ...SECOND, note: "fresh" }], gone: ["v1"] };
  const [steady] = step(state, message);
  assert.deepEqual(steady.shown.map((one) => one.visit), ["v1", "v2"]);
  assert.equal(steady.shown[1].note, "fresh");
  assert.equal(steady.rows.has("v1"), false);
  const [settled] = step(steady, { type: "tick", now: NOW + 1000 });
  assert.deepEqual(settled.shown.map((one) => one.visit), ["v0", "v2"]);
  assert.deepEqual(step(steady, { type: "filter_changed", filter: { text: "" } })[0].shown.map((one) => one.visit), ["v0", "v2"], "who types wants an answer");
});

test("what did not change is drawn from the same list", () => {
  const [state] = after(fresh(), ...queue);
  assert.equal(step(state, { type: "tick", now: NOW + 5000 })[0].shown, state.shown);
});

test("a day of 2,000 is merged and laid out in a moment", () => {
  const rows = Array.from({ length: 2000 }, (_, at) => row(`v${at}`, new Date(NOW + at * 1000).toISOString()));
  let [state] = after(fresh(), ...signedIn, snapshot(null, {}, { rows }));
  const began = performance.now();
  for (let at = 0; at < 50; at++) [state] = step(state, snapshot(null, {}, { full: false, rows: [{ ...rows[at * 40], note: "x" }] }));
  const each = (performance.now() - began) / 50;
  assert.equal(state.shown.length, 2000);
  assert.ok(each < 50, `${each} ms each`);
});

test("an arrival is told once: tone, notification, sentence, flash", () => {
  const before = snapshot(null, { ...waitingFirst, v2: { phase: "arrived", waiting_since: null } });
  const [state, effects] = after(fresh(), ...signedIn, before, idle);
  assert.deepEqual([effects, state.news, state.arrivals], [[{ type: "notify", kind: "arrival" }, { type: "chime" }], { kind: "arrival", visit: "v2", name: "Second Patient" }, ["v2"]]);
  const [again, none] = step(state, idle);
  assert.deepEqual([none, again.arrivals], [[], ["v2"]]);
  assert.deepEqual(step(again, { type: "row_chosen", visit: "v2" })[0].arrivals, []);
  assert.deepEqual(types(after(fresh({ silent: ["sample.provider"] }), ...signedIn, before, idle)[1]), ["notify"]);
  const left = snapshot(null, { ...waitingFirst, v2: { phase: "left", waiting_since: null } });
  assert.deepEqual(step(again, left)[0].arrivals, [], "who waits no more is not new");
});

test("the first list after a reload announces nobody", () => {
  assert.deepEqual(types(after(fresh({ token: "t" }), { type: "opened" }, idle)[1]), ["request"]);
});

test("what came while the line was down is told when it is back", () => {
  const [state] = after(fresh(), ...signedIn, snapshot(null, { ...waitingFirst, v2: { phase: "arrived", waiting_since: null } }), { type: "link", status: "reconnecting" });
  assert.deepEqual(types(after(state, { type: "link", status: "connected" }, idle)[1]), ["notify", "chime"]);
});

test("a message, a wish, a guest at the door and a hand-over to this person are news; others' are not", () => {
  const before = held({ ...SECOND, messages: [], wishes: [], guests: [], handed_to: null });
  const kinds = (more) => newsIn(before, [{ ...before.get("v2"), ...more }], "me").map(({ kind, name }) => [kind, name]);
  const message = { id: "m", participant: "p2", at: "t", from_staff: false, name: "Second Patient", text: "Hi", canned: "", delivered: false, read: false };
  assert.deepEqual(kinds({ messages: [message] }), [["message", "Second Patient"]]);
  assert.deepEqual(kinds({ messages: [{ ...message, from_staff: true }] }), []);
  assert.deepEqual(kinds({ messages: [{ ...message, read: true }] }), [], "somebody has read it already");
  assert.deepEqual(kinds({ wishes: [{ wish: "call", at: "t" }] }), [["wish", "Second Patient"]]);
  assert.deepEqual(kinds({ guests: [{ id: "g", name: "Guest", role: "companion", phase: "waiting", connected: true, waiting_since: "t", link_expires_at: null }] }), [["arrival", "Guest"]]);
  assert.deepEqual(kinds({ handed_to: { id: "me", name: "Me" } }), [["hand_over", "Second Patient"]]);
  assert.deepEqual(kinds({ handed_to: { id: "other", name: "Other" } }), []);
  assert.deepEqual(kinds({ note: "x" }), []);
});

test("those who wait are counted without the lost ones and without the own visit", () => {
  const [state] = after(fresh(), ...queue);
  assert.deepEqual(presentRows(state.rows).map((one) => one.visit), ["v1"]);
  assert.equal(waitingOutside(state), 1);
  assert.equal(FIRST.visit, "v1");
});
