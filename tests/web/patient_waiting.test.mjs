/** The patient in line: the wait, messages, wishes, hold and return; what is told of devices; the receipt afterwards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { classOf } from "../../web_client/js/browser_kind.js";
import { step } from "../../web_client/js/patient/machine.js";
import { reportOf } from "../../web_client/js/patient/readiness.js";
import { bannerOf, counterpart, initialState, neverIn, stageWordsOf } from "../../web_client/js/patient/state.js";
import { joined } from "../../web_client/js/patient/receipt.js";
import { after, example, failed, found, types, view } from "./patient_rig.mjs";

const NOW = Date.parse("2026-11-22T14:31:00.000Z"); // the examples' server_time
const fresh = (more = {}) => initialState({ heard: true, code: "sample-code", token: "t", startedAt: null, language: "en", now: NOW, ...more });
const message = (id, more = {}) => ({ id, at: "2026-11-22T14:30:00.000Z", mine: false, name: "Sample Nurse", text: "Hello", canned: "", delivered: false, read: false, ...more });

function snapshot(phase, more = {}) {
  const one = example(phase === "in_visit" ? "snapshot_visit" : "snapshot_waiting");
  const me = { ...one.me, phase, role: more.role ?? "patient", identity: more.identity ?? one.me.identity };
  return { type: "snapshot", now: NOW, snapshot: { ...one, check_in: null, next: null, messages: [], wishes: [], ...more, me } };
}

const waiting = [{ type: "opened" }, { type: "link", status: "connected" }, snapshot("waiting"), { type: "captured", result: found }];
const visiting = [...waiting, snapshot("in_visit")];

test("the wait is the server's newest word: by the snapshot, and by each check in between", () => {
  const [state] = after(fresh(), ...waiting);
  assert.deepEqual(state.wait, { low: 5, high: 15, ahead: null });
  const [later] = step(state, { type: "checked", ack: { ok: example("presence") }, now: NOW + 15_000 });
  assert.deepEqual([later.wait, later.checkedAt], [{ low: 5, high: 15, ahead: 2 }, NOW + 15_000]);
  const unknown = { ok: { ...example("presence"), wait: null } };
  assert.equal(step(later, { type: "checked", ack: unknown, now: NOW + 30_000 })[0].wait, null, "what nobody can say is not said");
  assert.deepEqual(step(later, { type: "checked", ack: failed("timeout"), now: NOW + 30_000 })[0].wait, later.wait);
});

test("a new message chimes and is announced once; old ones, read ones and one's own do not", () => {
  const [state, effects] = after(fresh(), ...waiting, snapshot("waiting", { messages: [message("m1")] }));
  assert.deepEqual([state.news, types(effects).includes("chime")], ["m1", true]);
  assert.equal(types(step(state, snapshot("waiting", { messages: [message("m1")] }))[1]).includes("chime"), false);
  assert.equal(types(step(state, snapshot("waiting", { messages: [message("m1"), message("m2", { mine: true })] }))[1]).includes("chime"), false);
  const [resumed, more] = after(fresh(), { type: "opened" }, snapshot("waiting", { messages: [message("m1")] }));
  assert.deepEqual([resumed.news, types(more).includes("chime")], [null, false], "what stood there before a reload is no news");
});

test("staff are told what is on the screen, and what was seen with the page in front", () => {
  const said = (effects) => effects.filter((one) => one.type === "readMessages").map(({ message: id, read }) => [id, read]);
  const [front, effects] = after(fresh(), ...waiting, snapshot("waiting", { messages: [message("m1")] }));
  assert.deepEqual(said(effects), [["m1", true]]);
  assert.deepEqual(said(step(front, { type: "tick", now: NOW + 1000 })[1]), [], "once");
  const [behind, hidden] = after(fresh(), ...waiting, { type: "visibility", visible: false }, snapshot("waiting", { messages: [message("m1")] }));
  assert.deepEqual(said(hidden), [["m1", false]]);
  assert.deepEqual(said(step(behind, { type: "visibility", visible: true })[1]), [["m1", true]]);
  const [down] = step(front, { type: "link", status: "reconnecting" });
  assert.deepEqual(said(step(down, { type: "link", status: "connected" })[1]), [["m1", true]], "again after a connection that was lost");
  assert.deepEqual(said(step(front, snapshot("waiting", { messages: [message("m1", { delivered: true, read: true })] }))[1]), []);
});

test("a message is sent once, and stays in the field until the server has it", () => {
  const [state, effects] = after(fresh(), ...waiting, { type: "typed", name: "message", value: " I am here. " }, { type: "send_tapped" });
  assert.deepEqual(effects, [{ type: "sendMessage", text: "I am here." }]);
  assert.deepEqual(step(state, { type: "send_tapped" })[1], []);
  const [lost] = step(state, { type: "sent", text: "I am here.", ack: failed("offline") });
  assert.deepEqual([lost.notice, lost.sending, lost.draft.message], ["offline", false, " I am here. "]);
  const [sent] = step(state, { type: "sent", text: "I am here.", ack: { ok: {} } });
  const [more] = after(state, { type: "typed", name: "message", value: "And wet" }, { type: "sent", text: "I am here.", ack: { ok: {} } });
  assert.deepEqual([more.draft.message, more.sending], ["And wet", false], "what was typed meanwhile stays");
  assert.deepEqual([sent.draft.message, sent.sending], ["", false]);
  assert.deepEqual(step(sent, { type: "send_tapped" }), [sent, []], "nothing is no message");
  assert.equal(step(lost, snapshot("waiting"))[0].notice, "offline", "a snapshot does not wipe the reason away");
});

test("a wish is asked once, and only the server's word says that it stands", () => {
  const [state, effects] = after(fresh(), ...waiting, { type: "wish_tapped", wish: "call" });
  assert.deepEqual([effects, state.asking], [[{ type: "wish", wish: "call" }], "call"]);
  assert.deepEqual(step(state, { type: "wish_tapped", wish: "call" })[1], []);
  assert.deepEqual(step(state, { type: "wished", ack: { ok: {} } })[0].snapshot.wishes, []);
  const [refused] = step(state, { type: "wished", ack: failed("timeout") });
  assert.deepEqual([refused.asking, refused.unasked, refused.notice], [null, "call", null]);
  assert.equal(step(refused, { type: "wish_tapped", wish: "call" })[0].unasked, null);
});

test("a wish that seemed lost and had come through takes its words back", () => {
  const [lost] = after(fresh(), ...waiting, { type: "wish_tapped", wish: "call" }, { type: "wished", ack: failed("timeout") });
  assert.equal(step(lost, snapshot("waiting"))[0].unasked, "call");
  assert.equal(step(lost, snapshot("waiting", { wishes: ["call"] }))[0].unasked, null);
});

for (const [screen, ...events] of [["confirm", snapshot("arrived", { identity: "asked" })], ["devices", snapshot("arrived")], ["waiting", snapshot("waiting")], ["visit", snapshot("in_visit")], ["visit", snapshot("on_hold")], ["ended", snapshot("waiting"), { type: "leave_tapped" }]]) {
  test(`a call can be asked for on ${screen} (${events[0].snapshot.me.phase})`, () => {
    const [state, effects] = after(fresh(), { type: "opened" }, { type: "link", status: "connected" }, ...events, { type: "wish_tapped", wish: "call" });
    assert.deepEqual([state.screen, types(effects)], [screen, ["wish"]]);
  });
}

test("without a session there is nobody to ask", () => {
  const [over] = after(fresh(), ...waiting, { type: "ended", code: "link_ended" });
  assert.deepEqual([over.screen, step(over, { type: "wish_tapped", wish: "call" })[1]], ["ended", []]);
});

test("one who was never let in is not told that their visit is over", () => {
  const end = snapshot("waiting", { visit: { ...example("snapshot_waiting").visit, phase: "ended" } });
  assert.deepEqual([neverIn(after(fresh(), ...waiting, end)[0]), neverIn(after(fresh(), ...visiting, end)[0])], [true, false]);
  assert.equal(neverIn(after(fresh({ startedAt: NOW }), ...waiting, end)[0]), false, "nor after a reload in the visit");
});

test("the receipt joins what follows within a minute", () => {
  const at = (minute, second = 0) => `2026-11-22T14:${minute}:${String(second).padStart(2, "0")}.000Z`;
  const stretch = (from, to) => ({ from, to });
  assert.deepEqual(joined([stretch(at(31, 40), at(35)), stretch(at(31), at(31, 20)), stretch(at(36, 1), null)]), [stretch(at(31), at(35)), stretch(at(36, 1), null)]);
  assert.deepEqual(joined([stretch(at(31), null), stretch(at(32), at(33))]), [stretch(at(31), null)]);
  assert.deepEqual(joined([]), []);
});

test("on hold the visit's screen stays, says so, and comes back with a tone", () => {
  const [held, effects] = after(fresh(), ...visiting, snapshot("on_hold", { others: example("snapshot_visit").others }));
  assert.deepEqual([held.screen, stageWordsOf(held), types(effects).includes("capture")], ["visit", "onHold", false]);
  const [back, more] = step(held, snapshot("in_visit"));
  assert.deepEqual([back.screen, types(more).includes("chime"), stageWordsOf(back)], ["visit", true, "comingIn"]);
  assert.equal(bannerOf(step(held, { type: "link", status: "reconnecting" })[0]), "drop");
});

test("handed over: who has finished, and who comes next", () => {
  const next = { name: "Dr. Sample Provider", role: "provider" };
  const [state] = after(fresh(), ...visiting, snapshot("on_hold", { others: [], next }));
  assert.deepEqual([stageWordsOf(state), state.lastOther], ["handedOver", "Dr. Sample Provider"]);
});

test("back from the visit to the waiting room, with a word about it; a Leave of one's own is none", () => {
  const [state] = after(fresh(), ...visiting, snapshot("waiting"));
  assert.deepEqual([state.screen, state.returned, state.startedAt], ["waiting", true, null]);
  assert.equal(step(state, snapshot("waiting"))[0].returned, true);
  assert.equal(after(state, snapshot("in_visit"))[0].returned, false);
  assert.equal(after(fresh(), ...visiting, { type: "leave_tapped" }, { type: "rejoin_tapped" }, snapshot("waiting"))[0].returned, false);
});

test("the picture shows who is in the visit before who is on hold, staff before anybody else", () => {
  const other = (role, phase) => ({ ...example("snapshot_visit").others[0], id: role, role, phase });
  const shown = (...others) => counterpart(after(fresh(), ...waiting, snapshot("in_visit", { others }))[0])?.id;
  assert.equal(shown(other("companion", "in_visit"), other("provider", "in_visit")), "provider");
  assert.equal(shown(other("provider", "on_hold"), other("interpreter", "in_visit")), "interpreter");
  assert.equal(shown(), undefined);
  assert.equal(stageWordsOf(after(fresh(), ...waiting, snapshot("in_visit", { others: [other("provider", "on_hold")] }))[0]), "otherHeld");
});

test("with or without a picture is told at each change in the visit, with the reason", () => {
  const said = (effects) => effects.filter((one) => one.type === "modality").map(({ modality, reason }) => [modality, reason]);
  const [state, effects] = after(fresh(), ...visiting);
  assert.deepEqual(said(effects), [], "with a picture is what everybody expects");
  const [off, told] = step(state, { type: "camera_tapped" });
  assert.deepEqual([said(told), said(step(off, { type: "tick", now: NOW + 1000 })[1])], [[["audio", "chosen"]], []]);
  assert.deepEqual(said(step(off, { type: "camera_tapped" })[1]), [["video", "chosen"]]);
  const without = { ...found, camera: false, problem: "no_camera" };
  assert.deepEqual(said(after(fresh(), ...waiting.slice(0, 3), { type: "captured", result: without }, snapshot("in_visit"))[1]), [["audio", "device"]]);
});

const said = (effects) => effects.filter((one) => one.type === "readiness").map((one) => one.report);

test("the device test is reported once for each thing it finds", () => {
  const early = { type: "viewed", answer: { ok: { ...example("invitation_view"), state: "early" } }, now: NOW };
  const [testing, none] = after(fresh({ token: null }), { type: "opened" }, early, { type: "test_tapped" }, { type: "captured", result: found });
  assert.deepEqual(said(none), [], "whether the microphone hears is not known yet");
  const [heard, effects] = step(testing, { type: "heard" });
  assert.deepEqual(said(effects), [{ camera: "works", microphone: "works", speaker: "untested", echo: "untested", network: "untested", in_app: false, unsupported: false, device: "other", system: "other", browser: "other" }]);
  assert.equal(effects.find((one) => one.type === "readiness").code, "sample-code");
  assert.deepEqual(said(step(heard, { type: "tick", now: NOW + 1000 })[1]), []);
  const [, silent] = step(testing, { type: "tick", now: NOW + 8000 });
  assert.deepEqual(said(silent).map((one) => one.microphone), ["silent"]);
  assert.deepEqual(said(step(testing, { type: "stirred" })[1]).map((one) => one.microphone), ["works"], "a quiet room is no silent microphone");
});

for (const [result, camera, microphone] of [
  [{ problem: "blocked", camera: false, microphone: false }, "blocked", "blocked"],
  [{ problem: "blocked_system", camera: false, microphone: true }, "blocked", "works"],
  [{ problem: "busy", camera: false, microphone: true }, "busy", "works"],
  [{ problem: "no_camera", camera: false, microphone: true }, "missing", "works"],
  [{ problem: "no_microphone", camera: true, microphone: false }, "works", "missing"],
  [{ problem: "no_devices", camera: false, microphone: false }, "missing", "missing"],
]) {
  test(`a device test that ends in ${result.problem} (camera ${result.camera}, microphone ${result.microphone}) is reported as it is`, () => {
    const [state] = after(fresh(), ...waiting.slice(0, 3), { type: "captured", result: { ...found, ...result } }, ...(result.microphone ? [{ type: "heard" }] : []));
    const report = reportOf(state);
    assert.deepEqual([report.camera, report.microphone, report.unsupported], [camera, microphone, false]);
  });
}

test("sound only after a blocked camera still says that the camera is blocked", () => {
  const blocked = { ...found, problem: "blocked", camera: false };
  const [state] = after(fresh(), ...waiting.slice(0, 3), { type: "captured", result: blocked }, { type: "heard" }, { type: "sound_only_tapped" }, { type: "captured", result: { ...found, camera: false } }, { type: "heard" });
  assert.equal(reportOf(state).camera, "blocked");
});

test("a browser inside an app that has no camera, and one that is too old, are told apart", () => {
  const none = { ...found, problem: "unsupported", camera: false, microphone: false };
  const of = (in_app) => reportOf(after(fresh({ device: { device: "phone", system: "ios", browser: "other", in_app } }), ...waiting.slice(0, 3), { type: "captured", result: none })[0]);
  assert.deepEqual([of(true).in_app, of(true).unsupported, of(false).in_app, of(false).unsupported], [true, false, false, true]);
});

test("the network is judged on the real path while waiting, by five readings in a row", () => {
  const [up] = after(fresh(), ...waiting, { type: "heard" }, { type: "media", status: "connected" });
  const read = (state, rtt, times) => after(state, ...Array(times).fill({ type: "measured", stats: { rtt } }));
  assert.deepEqual(said(read(up, 0.05, 4)[1]), []);
  const [good, effects] = read(up, 0.05, 5);
  assert.deepEqual(said(effects).map((one) => one.network), ["good"]);
  assert.deepEqual(said(read(good, 0.9, 4)[1]), [], "one slow second is no verdict");
  assert.deepEqual([read(up, 0.4, 5)[0].network.kind, read(up, 0.9, 5)[0].network.kind], ["fair", "poor"]);
  assert.equal(read(read(read(good, 0.9, 4)[0], 0.05, 1)[0], 0.9, 4)[0].network.kind, "good");
});

test("a media path that does not come up is a blocked network", () => {
  const [state] = after(fresh(), ...waiting, { type: "heard" }, { type: "media", status: "connecting" }, { type: "tick", now: NOW + 20_000 });
  assert.equal(after(state, ...Array(5).fill({ type: "measured", stats: { rtt: 0 } }))[0].network.kind, "blocked");
});

test("a guest's device is nobody's readiness", () => {
  const [, effects] = after(fresh(), { type: "opened" }, { type: "link", status: "connected" }, snapshot("waiting", { role: "interpreter" }), { type: "captured", result: found }, { type: "heard" });
  assert.deepEqual(said(effects), []);
});

for (const [userAgent, maxTouchPoints, expected] of [
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", 5, ["phone", "ios", "safari", false]],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", 5, ["tablet", "ios", "safari", false]],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", 0, ["desktop", "macos", "safari", false]],
  ["Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", 5, ["phone", "android", "chrome", false]],
  ["Mozilla/5.0 (Linux; Android 14; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36", 5, ["tablet", "android", "samsung", false]],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", 0, ["desktop", "windows", "edge", false]],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", 0, ["desktop", "linux", "firefox", false]],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/470.0]", 5, ["phone", "ios", "other", true]],
  ["something else", 0, ["other", "other", "other", false]],
]) {
  test(`a device's class: ${expected.join(", ")}`, () => {
    const { device, system, browser, in_app } = classOf({ userAgent, maxTouchPoints });
    assert.deepEqual([device, system, browser, in_app], expected);
  });
}

test("how it worked is asked of who was in the visit, and kept once", () => {
  const [ended] = after(fresh(), ...visiting, { type: "ended", code: "link_ended" });
  const [sending, effects] = step(ended, { type: "feedback_tapped", answer: "trouble" });
  assert.deepEqual([sending.feedback, effects], ["sending", [{ type: "feedback", token: "t", answer: "trouble" }]]);
  assert.deepEqual(step(sending, { type: "feedback_tapped", answer: "well" }), [sending, []]);
  const [lost] = step(sending, { type: "feedback_answered", answer: failed("offline") });
  assert.deepEqual([lost.feedback, types(step(lost, { type: "feedback_tapped", answer: "well" })[1])], ["failed", ["feedback"]]);
  const [kept] = step(sending, { type: "feedback_answered", answer: { ok: {} } });
  assert.deepEqual(step(kept, { type: "feedback_tapped", answer: "well" }), [kept, []]);
});

test("the receipt is read when it is opened, with the token of the visit that is over", () => {
  const [ended] = after(fresh(), ...visiting, { type: "ended", code: "link_ended" });
  assert.deepEqual([ended.screen, ended.token, ended.receipt.status], ["ended", null, "none"]);
  const [loading, effects] = step(ended, { type: "receipt_opened" });
  assert.deepEqual(effects, [{ type: "receipt", token: "t" }]);
  assert.deepEqual(step(loading, { type: "receipt_opened" })[1], []);
  const [shown] = step(loading, { type: "receipt_came", answer: { ok: example("receipt") } });
  assert.deepEqual([shown.receipt.status, shown.receipt.value.media_server], ["shown", "visits.example.org"]);
  const [lost] = step(loading, { type: "receipt_came", answer: failed("offline") });
  assert.deepEqual([lost.receipt.status, types(step(lost, { type: "receipt_opened" })[1])], ["failed", ["receipt"]]);
});

test("without a session the link itself asks for a call, on each screen whose link is not over", () => {
  const tapped = { type: "wish_tapped", wish: "call" };
  const asks = [{ type: "askForCall", code: "sample-code" }];
  const offline = [{ type: "viewed", answer: failed("offline"), now: NOW }];
  const elsewhere = [...waiting, { type: "ended", code: "session_replaced" }];
  for (const way of [[view()], offline, elsewhere]) assert.deepEqual(after(fresh({ token: null }), ...way, tapped)[1], asks);
  const [asked] = after(fresh({ token: null }), view(), tapped);
  assert.equal(after(asked, { type: "call_answered", answer: { ok: { callback_known: true } } })[0].called.callback_known, true);
  assert.equal(after(asked, { type: "call_answered", answer: failed("offline") })[0].unasked, "call");
  for (const over of [view({ state: "ended" }), view({ state: "open", role: "companion" })]) assert.deepEqual(after(fresh({ token: null }), over, tapped)[1], []);
});
