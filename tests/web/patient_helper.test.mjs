/** A helper's way ends before the waiting room; the patient gives the link for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { itemOf, mayJoin, straightIn } from "../../web_client/js/patient/check_in.js";
import { mayInvite } from "../../web_client/js/patient/helping.js";
import { step } from "../../web_client/js/patient/machine.js";
import { after, checked, example, failed, found, fresh, NOW, snapshot, types, view } from "./patient_rig.mjs";

const item = (kind, state = "open") => ({ key: kind, kind, state, title: {}, url: "", answer: {} });
const seen = (items, more = {}) => {
  const { snapshot: one, ...event } = snapshot("preparing", { check_in: { complete: items.every(({ state }) => state !== "open"), items, consent: { version: "1", texts: {} } } });
  return { ...event, snapshot: { ...one, me: { ...one.me, role: "helper", name: "", ...more }, wishes: [], messages: [], next: null, wait: null } };
};
const ALL = [item("location"), item("consent")];
const started = [view({ role: "helper" }), { type: "start_tapped" }, { type: "redeemed", answer: { ok: { ...example("redeemed"), role: "helper" } } }, { type: "link", status: "connected" }];
const tested = (items = ALL) => [...started, seen(items), { type: "captured", result: found }];

test("a helper gives the date of birth first, where the clinic asks for it", () => {
  assert.equal(after(fresh(), view({ role: "helper", ask_birth_date: true }), ...started.slice(1, 3))[0].screen, "confirm");
});

test("a helper goes from the devices to the questions, of which consent is none", () => {
  const [state] = after(fresh(), ...tested(), { type: "continue_tapped" });
  assert.deepEqual([state.screen, itemOf(state)?.kind, straightIn(state)], ["checkin", "location", false]);
  const [next] = after(state, { type: "answered", item: "location", ack: { ok: {} } }, seen([item("location", "done"), item("consent")]));
  assert.deepEqual([next.page, mayJoin(next)], ["ready", true]);
});

test("Done lets go of the session and never joins", () => {
  const [state, effects] = after(fresh(), ...tested([item("location", "done"), item("consent")]), { type: "continue_tapped" }, { type: "join_tapped" });
  assert.deepEqual([state.screen, state.why, state.token, state.wants], ["ended", "helped", null, null]);
  assert.ok(types(effects).includes("disconnect") && types(effects).includes("forgetSession") && !types(effects).includes("join"), String(types(effects)));
});

test("a helper without a snapshot yet is not taken into the waiting room", () => {
  const [state, effects] = after(fresh(), ...started, { type: "captured", result: found }, { type: "continue_tapped" });
  assert.deepEqual([state.screen, state.wants, types(effects).includes("join")], ["checkin", null, false]);
});

test("the patient asks for a link once, and shares it by another tap", () => {
  const [state] = after(fresh(), ...checked);
  assert.ok(mayInvite(state));
  const [asking, effects] = step(state, { type: "helper_tapped" });
  assert.deepEqual(types(effects), ["inviteHelper"]);
  assert.deepEqual(step(asking, { type: "helper_tapped" }), [asking, []]);
  const [made] = step(asking, { type: "helper_invited", ack: { ok: { url: "https://visits.example/v#code" } } });
  assert.deepEqual(step(made, { type: "share_link_tapped" })[1], [{ type: "shareLink", url: "https://visits.example/v#code" }]);
  for (const [copied, status] of [[null, "made"], [true, "copied"], [false, "uncopied"]]) assert.equal(step(made, { type: "link_shared", copied })[0].helper.status, status);
});

test("a link that could not be made is said, and may be asked for again", () => {
  const [state] = after(fresh(), ...checked, { type: "helper_tapped" }, { type: "helper_invited", ack: failed("too_many_requests") });
  assert.equal(state.helper.status, "failed");
  assert.deepEqual(types(step(state, { type: "helper_tapped" })[1]), ["inviteHelper"]);
});

test("the link is folded away on the next screen, and shown again without a new one", () => {
  const [state] = after(fresh(), ...checked, { type: "helper_tapped" }, { type: "helper_invited", ack: { ok: { url: "https://visits.example/v#code" } } });
  const { snapshot: one, ...event } = seen(ALL);
  const asked = { ...one, me: { ...state.snapshot.me, phase: "preparing" } };
  const [further] = after(state, { ...event, snapshot: { ...one, ...asked, version: state.snapshot.version + 1 } }, { type: "continue_tapped" });
  assert.equal(further.screen, "checkin");
  assert.equal(further.helper.status, "folded");
  const [shown, effects] = step(further, { type: "helper_tapped" });
  assert.deepEqual(shown.helper, { status: "made", url: "https://visits.example/v#code" });
  assert.deepEqual(effects, []);
});

test("a device that owes the date of birth, a test before the door opens and a helper give no link", () => {
  const [state] = after(fresh(), ...checked);
  const identity = (one) => ({ ...state, snapshot: { ...state.snapshot, me: { ...state.snapshot.me, identity: one } } });
  assert.ok(!mayInvite(identity("asked")) && !mayInvite(identity("staff_checks")));
  assert.ok(!mayInvite({ ...state, testing: true, now: NOW }));
  assert.ok(!mayInvite(after(fresh(), ...tested())[0]));
});
