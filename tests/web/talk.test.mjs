/** Chat and captions on both pages: nothing that somebody typed is lost, and nothing is sent twice under two names. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { step } from "../../web_client/js/patient/machine.js";
import { initialState, placeOf } from "../../web_client/js/patient/state.js";
import { placeOf as placeOfStaff } from "../../web_client/js/care/state.js";
import { NO_TALK, newLine, unread } from "../../web_client/js/talk.js";
import { after as afterCare, fresh, snapshot as careSnapshot, visiting } from "./care_rig.mjs";

const EXAMPLE = JSON.parse(readFileSync(new URL("../wire/snapshot_visit.json", import.meta.url), "utf8"));
const ME = EXAMPLE.me.id;
const NOW = Date.parse("2026-11-22T14:31:00.000Z");
const line = (sender, key) => ({ id: `${sender}.${key}`, sender, name: sender, at: "2026-11-22T14:31:00.000Z", text: key });
const snapshot = (chat, phase = "in_visit") => ({
  type: "snapshot", now: NOW, snapshot: { ...EXAMPLE, photo_ask: null, me: { ...EXAMPLE.me, phase }, talk: phase === "in_visit" ? { chat, captions: null } : null },
});
const after = (state, ...events) => {
  let effects = [];
  for (const event of events) [state, effects] = step(state, event);
  return [state, effects];
};
const inVisit = (...more) =>
  after(initialState({ code: "c", token: "t", startedAt: null, language: "en", now: NOW }), { type: "link", status: "connected" }, snapshot([]), ...more);
const written = (effects) => effects.filter(({ type }) => type === "write").map(({ name, argument }) => [name, argument]);

const TYPED = { type: "chat_typed", text: " Hello " };
const SENT = { type: "chat_sent", key: "k1" };
const ack = (code) => ({ type: "written", name: "chat.say", argument: { key: "k1", text: "Hello" }, ack: code === null ? { ok: {} } : { error: { code } } });
const OPEN = { type: "panel_tapped", panel: "chat" };

test("a line goes once, stands as on its way, and then where the server says", () => {
  const [sending, effects] = inVisit(TYPED, SENT);
  assert.deepEqual(written(effects), [["chat.say", { key: "k1", text: "Hello" }]]);
  assert.deepEqual([sending.talk.draft, sending.talk.pending.length], ["", 1]);
  const [there, nothing] = after(sending, ack(null), snapshot([line(ME, "k1")]));
  assert.deepEqual([there.talk.pending, written(nothing)], [[], []]);
});

test("nothing but blanks is no line", () => assert.deepEqual(written(inVisit({ type: "chat_typed", text: " \n" }, SENT)[1]), []));

test("what the line lost goes again under the same name when it is back, and what is typed stays", () => {
  const [lost] = inVisit(TYPED, SENT, ack("offline"), { type: "link", status: "reconnecting" }, { type: "chat_typed", text: "more" });
  assert.equal(lost.talk.failing, "offline");
  const [back, effects] = after(lost, { type: "link", status: "connected" });
  assert.deepEqual(written(effects), [["chat.say", { key: "k1", text: "Hello" }]]);
  assert.equal(back.talk.draft, "more");
  assert.equal(after(back, snapshot([line(ME, "k1")]))[0].talk.failing, null);
});

test("what was refused goes back into its field", () => {
  const [refused] = inVisit(TYPED, SENT, ack("too_many"));
  assert.deepEqual([refused.talk.draft, refused.talk.pending, refused.talk.failing], ["Hello", [], "too_many"]);
});

test("lines of others count until the panel shows them, and the newest is told for ten seconds", () => {
  const [state] = inVisit(snapshot([line("n1", "a")]), snapshot([line("n1", "a"), line(ME, "b"), line("n1", "c")]));
  assert.deepEqual([unread(state, placeOf(state)), newLine(state)?.text], [2, "c"]);
  assert.equal(newLine(after(state, { type: "tick", now: NOW + 11_000 })[0]), null);
  const [open] = after(state, OPEN);
  assert.equal(unread(open, placeOf(open)), 0);
  const [read] = after(open, snapshot([line("n1", "a"), line(ME, "b"), line("n1", "c"), line("n1", "d")]), { type: "panel_closed" });
  assert.equal(unread(read, placeOf(read)), 0);
});

const reloaded = (left) => after(initialState({ code: "c", token: "t", startedAt: null, language: "en", now: NOW, left }), { type: "link", status: "connected" })[0];

test("what stood there before a reload is no news", () => {
  const [state] = after(initialState({ code: "c", token: "t", startedAt: null, language: "en", now: NOW }), { type: "link", status: "connected" }, snapshot([line("n1", "a")]));
  assert.deepEqual([newLine(state), unread(state, placeOf(state))], [null, 1]);
  const left = { me: ME, draft: "", pending: [], last: "n1.a" };
  const [read] = after(reloaded(left), snapshot([line("n1", "a")]), snapshot([line("n1", "a"), line("n1", "b")]));
  assert.deepEqual([newLine(read)?.text, unread(read, placeOf(read))], ["b", 1]);
});

test("what got no answer says so, and goes again by a tap under the same name", () => {
  const [silent, nothing] = inVisit(TYPED, SENT, ack("timeout"));
  assert.deepEqual([silent.talk.pending, written(nothing)], [[{ key: "k1", text: "Hello", failed: true }], []]);
  const [again, effects] = after(silent, { type: "chat_again", key: "k1" });
  assert.deepEqual([again.talk.pending[0].failed, written(effects)], [false, [["chat.say", { key: "k1", text: "Hello" }]]]);
  assert.deepEqual(after(again, snapshot([line(ME, "k1")]))[0].talk.pending, []);
});

const kept = (effects) => effects.filter(({ type }) => type === "keepTalk").map((effect) => effect.kept);

test("a reload finds what was typed and what was on its way, and sends that once more", () => {
  const left = { me: ME, draft: "More", pending: [{ key: "k1", text: "Hello" }], last: "n1.a" };
  const [found, effects] = after(reloaded(left), snapshot([line("n1", "a")]));
  assert.deepEqual([found.talk.draft, found.left, written(effects), kept(effects)], ["More", null, [["chat.say", { key: "k1", text: "Hello" }]], []]);
  const [typed, keeps] = after(found, { type: "chat_typed", text: "More of it" });
  assert.deepEqual(kept(keeps), [{ ...left, draft: "More of it" }]);
  const [back] = after(typed, snapshot([], "waiting"), snapshot([line("n1", "a")]));
  assert.equal(back.talk.draft, "More of it");
  assert.deepEqual([after(typed, { type: "leave_tapped" })[0].left, after(typed, { type: "leave_tapped" })[0].talk], [null, NO_TALK]);
});

test("what was typed in another visit is neither shown nor kept", () => {
  const [state, effects] = after(reloaded({ me: "somebody", draft: "Canary", pending: [], last: null }), snapshot([]));
  assert.deepEqual([state.talk.draft, state.left, kept(effects)], ["", null, [null]]);
});

test("hold keeps what is typed, the end of the visit nothing", () => {
  const [held] = inVisit(TYPED, snapshot([], "on_hold"));
  assert.equal(held.talk.draft, " Hello ");
  assert.equal(after(held, { type: "ended", code: "link_ended" })[0].talk, NO_TALK);
});

test("staff write in the same way, and type captions", () => {
  const [state, effects] = afterCare(fresh(), ...visiting, { type: "captions_tapped" }, { type: "caption_typed", text: "Good day." }, { type: "caption_sent" });
  assert.deepEqual(written(effects), [["captions.say", { text: "Good day." }]]);
  assert.equal(state.talk.captioning, true);
  const taken = { type: "written", name: "captions.say", argument: { text: "Good day." }, ack: { error: { code: "captions_taken" } } };
  assert.deepEqual([afterCare(state, taken)[0].talk.caption, afterCare(state, taken)[0].talk.failing], ["Good day.", "captions_taken"]);
  const [told] = afterCare(state, careSnapshot({ talk: { chat: [line("p1", "a")], captions: null } }));
  assert.deepEqual([unread(told, placeOfStaff(told)), newLine(told)?.text], [1, "a"]);
  assert.equal(afterCare(told, OPEN)[0].tools.panel, "chat");
});
