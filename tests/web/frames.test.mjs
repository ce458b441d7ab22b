/** What a page says and hears on its WebSocket, as the protocols' documents write it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectFrame, disconnectFrame, eventFrame, readFrame } from "../../web_client/js/net/frames.js";

const read = (text) => readFrame(text, "/visit");

test("what the page says", () => {
  assert.equal(connectFrame("/visit", { token: "t" }), '40/visit,{"token":"t"}');
  assert.equal(eventFrame("/visit", 7, "chat.say", { text: "a,b" }), '42/visit,7["chat.say",{"text":"a,b"}]');
  assert.equal(disconnectFrame("/visit"), "41/visit,");
});

test("what the server says", () => {
  assert.deepEqual(read('0{"sid":"s","upgrades":[],"pingInterval":10000,"pingTimeout":5000,"maxPayload":65536}'), { type: "open", silenceMs: 15000 });
  assert.deepEqual(read("2"), { type: "ping" });
  assert.deepEqual(read("1"), { type: "close" });
  assert.deepEqual(read('40/visit,{"sid":"s"}'), { type: "connected" });
  assert.deepEqual(read("41/visit,"), { type: "disconnected" });
  assert.deepEqual(read("41/visit"), { type: "disconnected" });
  assert.deepEqual(read('42/visit,["snapshot",{"version":3,"text":"one, two\u2028"}]'), { type: "event", name: "snapshot", argument: { version: 3, text: "one, two\u2028" } });
  assert.deepEqual(read('42/visit,["bye"]'), { type: "event", name: "bye", argument: undefined });
  assert.deepEqual(read('43/visit,12[{"ok":{}}]'), { type: "ack", id: 12, answer: { ok: {} } });
  assert.deepEqual(read("43/visit,0[]"), { type: "ack", id: 0, answer: undefined });
  assert.deepEqual(read('44/visit,{"message":"no","data":{"code":"too_early"}}'), { type: "refused", code: "too_early" });
  assert.deepEqual(read('44/visit,{"message":"no"}'), { type: "refused", code: null });
  assert.deepEqual(read("44/visit,"), { type: "refused", code: null });
});

test("what no server of ours says is no frame", () => {
  const others = ["", "5", "6", "x", "4", "40", "42", "0", "0{}", '0{"pingInterval":1}', '0{"pingInterval":"a","pingTimeout":1}', "0null", "40/care,{}", "40{}", "42/visit,", "42/visit,{}",
    "42/visit,[]", "42/visit,[1]", '42/visit,["open"', "43/visit,[1]", "43/visit,1", "43/visit,1{}", "451-/visit,[]", "49/visit,", "44/visit,{"];
  for (const text of others) assert.equal(read(text), null, text);
  for (const data of [null, undefined, new ArrayBuffer(3), 4, {}]) assert.equal(read(data), null);
});
