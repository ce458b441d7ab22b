/** How a page's media comes back: requests that get lost, answers that are refused, slow handshakes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BOTH, media, remote, rig, settle, up } from "./peer_rig.mjs";

const failure = (code) => ({ error: { code } });

test("where nothing but a new transport helps it is asked for until it is here, although the line looks well", async () => {
  const { peer, seen, clock } = await up();
  seen.ack = failure("bad_sdp");
  await peer.sync(media({ revision: 2 }));
  seen.ack = { ok: {} };
  await clock.pass(4000);
  seen.connections[0].become("disconnected");
  seen.connections[0].become("connected");
  await clock.pass(4000);
  assert.deepEqual([seen.restarts, peer.status], [["t1", "t1", "t1"], "connected"]);
  await peer.sync(media({ transport: "t2" }));
  seen.connections[1].become("connected");
  await clock.pass(60000);
  assert.equal(seen.restarts.length, 3);
  seen.connections[1].become("failed");
  seen.connections[1].become("connected");
  await clock.pass(60000);
  assert.deepEqual(seen.restarts.slice(3), ["t2"], "this one was not forced");
  peer.close();
});

test("a restart because the line was down is asked for again until it is up", async () => {
  const { peer, seen, clock } = await up();
  seen.connections[0].become("failed");
  await clock.pass(8000);
  assert.equal(seen.restarts.length, 3);
  seen.connections[0].become("connected");
  await clock.pass(60000);
  assert.equal(seen.restarts.length, 3);
  peer.close();
});

for (const code of ["timeout", "offline"]) {
  test(`an answer lost by ${code} waits for the reconnection`, async () => {
    const { peer, seen, clock } = await up();
    seen.ack = failure(code);
    await peer.sync(media({ revision: 2 }));
    await clock.pass(60000);
    assert.deepEqual([seen.answers.map((answer) => answer.revision), seen.restarts], [[1, 2], []]);
    seen.ack = { ok: {} };
    await peer.sync(media({ revision: 2 }));
    await clock.pass(60000);
    assert.deepEqual([seen.answers.map((answer) => answer.revision), seen.restarts], [[1, 2, 2], []]);
    peer.close();
  });
}

for (const code of ["too_many_requests", "internal"]) {
  test(`an answer refused with ${code} is sent again a little later`, async () => {
    const { peer, seen, clock } = await up();
    seen.ack = failure(code);
    await peer.sync(media({ revision: 2 }));
    await clock.pass(900);
    assert.equal(seen.answers.length, 2);
    await clock.pass(1100);
    assert.equal(seen.answers.length, 3);
    seen.ack = { ok: {} };
    await clock.pass(60000);
    assert.deepEqual([seen.answers.map((answer) => answer.revision), seen.restarts], [[1, 2, 2, 2], []]);
    peer.close();
  });
}

test("an answer refused in passing is not sent again once a newer one is", async () => {
  const { peer, seen, clock } = await up();
  seen.ack = failure("internal");
  await peer.sync(media({ revision: 2 }));
  await settle();
  seen.ack = { ok: {} };
  await peer.sync(media({ revision: 3 }));
  await clock.pass(60000);
  assert.deepEqual(seen.answers.map((answer) => answer.revision), [1, 2, 3]);
  peer.close();
});

for (const code of ["bad_sdp", "ssrc_conflict", "no_media", "something_new"]) {
  test(`an answer refused with ${code} asks for a new transport until it comes, and is not sent again`, async () => {
    const { peer, seen, clock } = await up();
    seen.ack = failure(code);
    await peer.sync(media({ revision: 2 }));
    await settle();
    assert.deepEqual(seen.restarts, ["t1"]);
    await clock.pass(4000);
    await peer.sync(media({ revision: 2 }));
    assert.deepEqual([seen.restarts, seen.answers.length], [["t1", "t1"], 2]);
    peer.close();
  });
}

test("where every answer is refused, new transports are asked for with growing pauses", async () => {
  const { peer, seen, clock } = rig({ ack: failure("bad_sdp") });
  const asked = [];
  for (const transport of ["t1", "t2", "t3", "t4"]) {
    await peer.sync(media({ transport }));
    const since = clock.now();
    while (!seen.restarts.includes(transport)) await clock.pass(500);
    asked.push(clock.now() - since);
  }
  assert.deepEqual(asked, [0, 2000, 4000, 8000]);
  peer.close();
});

test("a handshake has 8, then 16, then 30 s; each that comes about starts anew", async () => {
  const { peer, seen, clock } = rig();
  for (const [n, patience_ms] of [8000, 16000, 30000, 30000].entries()) {
    const transport = `t${n}`;
    await peer.sync(media({ transport }));
    await clock.pass(1000);
    seen.connections.at(-1).become("connecting");
    await clock.pass(patience_ms - 1001);
    assert.ok(!seen.restarts.includes(transport), `${transport} was given up too early`);
    await clock.pass(1);
    assert.equal(seen.restarts.at(-1), transport);
  }
  await peer.sync(media({ transport: "t5" }));
  seen.connections.at(-1).become("connected");
  await peer.sync(media({ transport: "t6" }));
  await clock.pass(7999);
  assert.ok(!seen.restarts.includes("t6"));
  await clock.pass(1);
  assert.equal(seen.restarts.at(-1), "t6");
  peer.close();
});

test("the network's return leaves a handshake that has just begun alone, and replaces an older one", async () => {
  const { peer, seen, clock } = rig();
  await peer.sync(media());
  await clock.pass(4900);
  peer.nudge();
  assert.deepEqual(seen.restarts, []);
  await clock.pass(100);
  peer.nudge();
  assert.deepEqual(seen.restarts, ["t1"]);
  peer.close();
});

test("the network's return asks at once: for a new way where the line was up, for a new transport where it failed", async () => {
  const { peer, seen, clock } = await up();
  seen.connections[0].become("disconnected");
  await clock.pass(100);
  peer.nudge();
  assert.deepEqual(seen.restarts, ["t1 keep"]);
  await peer.sync(media({ transport: "t2" }));
  seen.connections[1].become("failed");
  await clock.pass(100);
  peer.nudge();
  assert.deepEqual(seen.restarts, ["t1 keep", "t2", "t2"]);
  peer.close();
});

test("a line that is down for 1.5 s asks for a new way, and for a new transport 4 s after the server took that", async () => {
  const { peer, seen, clock } = await up();
  seen.connections[0].become("disconnected");
  await clock.pass(1499);
  assert.deepEqual(seen.restarts, []);
  await clock.pass(1);
  assert.deepEqual([seen.restarts, peer.status], [["t1 keep"], "reconnecting"]);
  await clock.pass(3999);
  assert.deepEqual(seen.restarts, ["t1 keep"]);
  await clock.pass(1);
  assert.deepEqual(seen.restarts, ["t1 keep", "t1"]);
  await clock.pass(4000);
  assert.deepEqual(seen.restarts, ["t1 keep", "t1", "t1"], "never back to the gentler one");
  peer.close();
});

test("new credentials on the same transport are answered on the same connection, and the line is up again", async () => {
  const { peer, seen, clock } = await up();
  seen.connections[0].become("disconnected");
  await clock.pass(1500);
  await peer.sync(media({ revision: 2 }));
  seen.connections[0].become("connecting");
  seen.connections[0].become("connected");
  await clock.pass(60000);
  assert.deepEqual([seen.connections.length, seen.answers.map(({ revision }) => revision), seen.restarts, peer.status], [1, [1, 2], ["t1 keep"], "connected"]);
  peer.close();
});

test("during an outage nothing is given up: the new way is asked for once the server can be reached", async () => {
  const { peer, seen, clock } = await up();
  seen.restartAck = failure("offline");
  seen.connections[0].become("disconnected");
  await clock.pass(10000);
  assert.deepEqual([...new Set(seen.restarts)], ["t1 keep"]);
  seen.restartAck = { ok: {} };
  const before = seen.restarts.length;
  await peer.sync(media());
  assert.deepEqual(seen.restarts.slice(before), ["t1 keep"], "with the first snapshot, not at the next turn");
  await clock.pass(4000);
  assert.deepEqual(seen.restarts.slice(before), ["t1 keep", "t1"]);
  peer.close();
});

test("back by itself, the line asks for nothing more", async () => {
  const { peer, seen, clock } = await up();
  seen.restartAck = failure("offline");
  seen.connections[0].become("disconnected");
  await clock.pass(3000);
  seen.connections[0].become("connected");
  seen.restartAck = { ok: {} };
  await peer.sync(media());
  await clock.pass(60000);
  assert.deepEqual(seen.restarts, ["t1 keep"]);
  peer.close();
});

test("another network while the line looks well: a new way is asked for, once", async () => {
  const { peer, seen, clock } = await up();
  peer.nudge();
  peer.nudge();
  await clock.pass(60000);
  assert.deepEqual(seen.restarts, ["t1 keep"]);
  peer.close();
});

test("another network: what was asked on the old socket is asked again on the new one", async () => {
  const { peer, seen, clock } = await up();
  seen.restartAck = failure("offline");
  peer.nudge();
  await settle();
  seen.restartAck = { ok: {} };
  await peer.sync(media());
  await peer.sync(media());
  await clock.pass(60000);
  assert.deepEqual(seen.restarts, ["t1 keep", "t1 keep"]);
  peer.close();
});

test("a line that was up and looks for another way gets a handshake's time", async () => {
  const { peer, seen, clock } = await up();
  seen.connections[0].become("disconnected");
  await clock.pass(1000);
  seen.connections[0].become("connecting");
  await clock.pass(7999);
  assert.deepEqual(seen.restarts, []);
  await clock.pass(1);
  assert.deepEqual(seen.restarts, ["t1 keep"]);
  peer.close();
});

test("looked at again: a silent line gets a new way, then a new transport; a handshake under way is left alone", async () => {
  const { peer, seen, clock } = await up();
  await peer.sync(media({ revision: 2, sdp: BOTH, remote }));
  void peer.wake();
  await clock.pass(2000);
  assert.deepEqual(seen.restarts, ["t1 keep"]);
  await clock.pass(4000);
  assert.deepEqual(seen.restarts, ["t1 keep", "t1"]);
  await peer.sync(media({ transport: "t2", sdp: BOTH, remote }));
  void peer.wake();
  await clock.pass(6000);
  assert.deepEqual(seen.restarts, ["t1 keep", "t1"]);
  peer.close();
});

test("looked at again: what comes again after a new way needs no new transport", async () => {
  const { peer, seen, clock } = await up();
  await peer.sync(media({ revision: 2, sdp: BOTH, remote }));
  void peer.wake();
  await clock.pass(2500);
  seen.connections[0].stats.set("a", { type: "inbound-rtp", kind: "audio", packetsReceived: 5 });
  await clock.pass(60000);
  assert.deepEqual(seen.restarts, ["t1 keep"]);
  peer.close();
});

test("a connection that cannot be made is told and tried again with growing pauses", async (t) => {
  t.mock.method(console, "error", () => {});
  const { peer, seen, clock } = rig();
  seen.broken = true;
  await peer.sync(media());
  assert.deepEqual([seen.statuses, peer.status], [["reconnecting"], "reconnecting"]);
  await clock.pass(14000);
  assert.deepEqual(seen.tries, [0, 2000, 6000, 14000]);
  seen.broken = false;
  await clock.pass(16000);
  assert.deepEqual(seen.answers.map((answer) => answer.transport), ["t1"]);
  seen.connections[0].become("connected");
  await clock.pass(60000);
  assert.deepEqual([peer.status, seen.restarts, seen.tries.length], ["connected", [], 5]);
  peer.close();
});

test("a connection that cannot be made is tried again with the next snapshot, and not after the end", async (t) => {
  t.mock.method(console, "error", () => {});
  const { peer, seen, clock } = rig();
  seen.broken = true;
  await peer.sync(media());
  await peer.sync(media());
  assert.equal(seen.tries.length, 2);
  seen.broken = false;
  await peer.sync(media());
  assert.equal(seen.answers.length, 1);
  seen.connections[0].become("connected");
  await clock.pass(60000);
  assert.deepEqual([seen.tries.length, seen.restarts], [3, []]);
  peer.close();
  seen.broken = true;
  await peer.sync(media());
  await peer.sync(null);
  await clock.pass(60000);
  assert.deepEqual([seen.tries.length, peer.status], [4, "none"]);
});
