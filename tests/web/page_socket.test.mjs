/** A page's socket over lines that fail: what it tells the page, what it asks for again, and when it tries anew. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { PageSocket } from "../../web_client/js/net/socket.js";

/** @type {FakeSocket[]} */
let sockets;
/** What the page was told, in order. */
let told;
/** Whom the browser tells that the network went. */
let offline;

/** What the browser gives in place of a real line: it opens, hears and ends as the test says. */
class FakeSocket {
  static OPEN = 1;
  readyState = 1;
  sent = [];
  closed = false;
  onmessage = null;
  onclose = null;

  constructor(url) {
    this.url = url;
    sockets.push(this);
  }

  send(text) {
    this.sent.push(text);
  }

  close() {
    this.closed = true;
  }

  says(text) {
    this.onmessage?.({ data: text });
  }

  letsIn() {
    this.says('0{"sid":"s","upgrades":[],"pingInterval":10000,"pingTimeout":10000}');
    this.says('40/visit,{"sid":"s"}');
  }

  shows(version) {
    this.says(`42/visit,["snapshot",{"version":${version}}]`);
  }
}

const open = () =>
  new PageSocket("/visit", "sample-token", { version: "number" }, {
    onSnapshot: ({ version }) => told.push(version),
    onEnd: (code) => told.push(`end ${code}`),
    onStatus: (status) => told.push(status),
  });
const last = () => sockets[sockets.length - 1];
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  [sockets, told, offline] = [[], [], new Set()];
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(Math, "random", () => 1);
  globalThis.WebSocket = FakeSocket;
  globalThis.location = { origin: "https://visits.example" };
  globalThis.addEventListener = (name, act) => name === "offline" && offline.add(act);
  globalThis.removeEventListener = (name, act) => name === "offline" && offline.delete(act);
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

test("it asks to be let in with its token, and shows what comes from then on", () => {
  const socket = open();
  assert.equal(last().url, "wss://visits.example/socket.io/?EIO=4&transport=websocket");
  last().letsIn();
  assert.deepEqual(last().sent, ['40/visit,{"token":"sample-token"}']);
  assert.ok(socket.connected);
  for (const version of [4, 4, 3, 5]) last().shows(version);
  assert.deepEqual(told, ["connecting", "connected", 4, 5]);
});

test("what the server says before it lets the page in is shown after", () => {
  open();
  last().says('0{"pingInterval":10000,"pingTimeout":10000}');
  last().shows(1);
  assert.deepEqual(told, ["connecting"]);
  last().says("40/visit,{}");
  assert.deepEqual(told, ["connecting", "connected", 1]);
});

test("a snapshot that is not as agreed is dropped, and the next one shown", () => {
  mock.method(console, "error", () => {});
  open();
  last().letsIn();
  last().shows('"7"');
  last().shows(8);
  assert.deepEqual(told, ["connecting", "connected", 8]);
});

test("each question gets its own answer", async () => {
  const socket = open();
  last().letsIn();
  const answers = [socket.request("one", { a: 1 }), socket.request("two", {})];
  assert.deepEqual(last().sent.slice(1), ['42/visit,0["one",{"a":1}]', '42/visit,1["two",{}]']);
  last().says('43/visit,1[{"ok":2}]');
  last().says('43/visit,0[{"ok":1}]');
  last().says('43/visit,0[{"ok":9}]');
  last().says('43/visit,44[{"ok":9}]');
  assert.deepEqual(await Promise.all(answers), [{ ok: 1 }, { ok: 2 }]);
  assert.ok(!last().closed);
});

test("without a line nothing is sent and the page is told so", async () => {
  const socket = open();
  assert.deepEqual(await socket.request("one", {}), { error: { code: "offline" } });
  assert.deepEqual(last().sent, []);
});

test("a question without an answer makes a new line, and the late answer is nobody's", async () => {
  const socket = open();
  last().letsIn();
  const answer = socket.request("one", {});
  mock.timers.tick(3999);
  assert.ok(socket.connected);
  mock.timers.tick(1);
  assert.deepEqual(await answer, { error: { code: "timeout" } });
  assert.deepEqual([sockets[0].closed, socket.connected], [true, false]);
  mock.timers.tick(250);
  last().letsIn();
  sockets[0].says('43/visit,0[{"ok":1}]');
  const other = socket.request("two", {});
  last().says('43/visit,0[{"ok":2}]');
  assert.deepEqual(await other, { ok: 2 });
  assert.deepEqual(told, ["connecting", "connected", "reconnecting", "connected"]);
});

test("a line that ends takes its questions with it and leaves the next line alone", async () => {
  const socket = open();
  last().letsIn();
  const answer = socket.request("one", {});
  last().onclose();
  mock.timers.tick(250);
  last().letsIn();
  assert.deepEqual(await answer, { error: { code: "timeout" } });
  await settled();
  assert.deepEqual([sockets.length, socket.connected], [2, true]);
});

test("after a line has ended the first snapshot counts, whatever its number", () => {
  open();
  last().letsIn();
  last().shows(9);
  last().onclose();
  mock.timers.tick(250);
  last().letsIn();
  last().shows(1);
  assert.deepEqual(told, ["connecting", "connected", 9, "reconnecting", "connected", 1]);
});

test("it tries again later and later, at most every second and a half, and soon once it was in", () => {
  open();
  const waits = [];
  for (let tries = 0; tries < 5; tries += 1) {
    last().onclose();
    const before = sockets.length;
    let waited = 0;
    while (sockets.length === before) {
      mock.timers.tick(50);
      waited += 50;
    }
    waits.push(waited);
  }
  assert.deepEqual(waits, [500, 1000, 1500, 1500, 1500]);
  last().letsIn();
  last().onclose();
  mock.timers.tick(250);
  assert.equal(sockets.length, 7);
  assert.deepEqual(told, ["connecting", "connected", "reconnecting"]);
});

test("tries are spread: all pages lose a server at once", () => {
  mock.method(Math, "random", () => 0);
  open();
  last().letsIn();
  last().onclose();
  mock.timers.tick(125);
  assert.equal(sockets.length, 2);
});

test("a server that does not open, or does not let in, is given up for another try", () => {
  open();
  mock.timers.tick(6000);
  assert.ok(sockets[0].closed);
  mock.timers.tick(500);
  last().says('0{"pingInterval":10000,"pingTimeout":10000}');
  mock.timers.tick(6000);
  assert.ok(sockets[1].closed);
  assert.deepEqual(told, ["connecting"]);
});

test("pings are answered, and a server that has gone silent is left", () => {
  const socket = open();
  last().letsIn();
  mock.timers.tick(19_000);
  last().says("2");
  assert.equal(last().sent.at(-1), "3");
  mock.timers.tick(19_999);
  assert.ok(socket.connected);
  mock.timers.tick(1);
  assert.deepEqual([socket.connected, told.at(-1)], [false, "reconnecting"]);
});

test("a browser that says it is offline ends the line at once, and is listened to no more after", () => {
  const socket = open();
  last().letsIn();
  for (const act of offline) act();
  assert.deepEqual([socket.connected, offline.size, told.at(-1)], [false, 0, "reconnecting"]);
});

for (const [what, text] of [["a frame that no server of ours sends", "42/visit,{"], ["binary", new ArrayBuffer(2)], ["a goodbye", "41/visit,"], ["an end of the protocol below", "1"]]) {
  test(`${what} ends the line, and another begins`, () => {
    const socket = open();
    last().letsIn();
    last().says(text);
    assert.deepEqual([sockets[0].closed, socket.connected, told.at(-1)], [true, false, "reconnecting"]);
    mock.timers.tick(250);
    assert.equal(sockets.length, 2);
  });
}

for (const end of ['44/visit,{"message":"no","data":{"code":"session_ended"}}', '42/visit,["bye",{"code":"session_ended"}]']) {
  test(`it comes back no more after ${end.slice(0, 2)} with the code of an end`, async () => {
    const socket = open();
    if (end.startsWith("42")) last().letsIn();
    last().says(end);
    mock.timers.tick(60_000);
    assert.deepEqual([sockets.length, told.at(-1), told.at(-2)], [1, "end session_ended", "closed"]);
    socket.kick();
    assert.equal(sockets.length, 1);
    assert.deepEqual(await socket.request("one", {}), { error: { code: "offline" } });
  });
}

for (const code of ["draining", "storage_failed", "internal"]) {
  test(`${code} passes: the page comes back after a second`, () => {
    open();
    last().letsIn();
    last().says(`42/visit,["bye",{"code":"${code}"}]`);
    assert.deepEqual([sockets[0].closed, told.at(-1)], [true, "reconnecting"]);
    mock.timers.tick(999);
    assert.equal(sockets.length, 1);
    mock.timers.tick(1);
    last().says(`44/visit,{"message":"no","data":{"code":"${code}"}}`);
    mock.timers.tick(1000);
    last().letsIn();
    assert.deepEqual([sockets.length, told], [3, ["connecting", "connected", "reconnecting", "connected"]]);
  });
}

test("a refusal without a code is a fault like any other", () => {
  open();
  last().says("44/visit,{}");
  mock.timers.tick(1000);
  last().letsIn();
  assert.deepEqual(told, ["connecting", "connected"]);
});

test("a kick makes another line at once, also between two tries, and leaves one that is being made", () => {
  const socket = open();
  socket.kick();
  assert.equal(sockets.length, 1);
  last().letsIn();
  socket.kick();
  assert.deepEqual([sockets.length, sockets[0].sent.at(-1), told.at(-1)], [2, "41/visit,", "reconnecting"]);
  last().onclose();
  socket.kick();
  assert.equal(sockets.length, 3);
  mock.timers.tick(5000);
  assert.equal(sockets.length, 3, "the try that was due is not made too");
});

test("a probe leaves a line that answers, and drops one that does not", async () => {
  const socket = open();
  last().letsIn();
  const good = socket.probe("presence.check");
  last().says("43/visit,0[{}]");
  await good;
  assert.ok(socket.connected);
  const bad = socket.probe("presence.check");
  mock.timers.tick(1500);
  await bad;
  assert.equal(told.at(-1), "reconnecting");
  void socket.probe("presence.check");
  assert.equal(sockets.length, 2, "without a line it makes one");
});

test("closed by the page it says goodbye, tells once, and stays closed", async () => {
  const socket = open();
  last().letsIn();
  const answer = socket.request("one", {});
  socket.close();
  socket.close();
  assert.deepEqual(await answer, { error: { code: "timeout" } });
  mock.timers.tick(60_000);
  assert.deepEqual([sockets.length, last().sent.at(-1), last().closed], [1, "41/visit,", true]);
  assert.deepEqual(told, ["connecting", "connected", "closed"]);
});

test("closed before it was let in, nothing comes of what the server still says", () => {
  const socket = open();
  const { onmessage } = last();
  socket.close();
  onmessage({ data: "40/visit,{}" });
  assert.deepEqual([told, socket.connected, last().sent], [["connecting", "closed"], false, []]);
});
