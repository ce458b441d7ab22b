/** Steps of a page's media that never end, end late or fail: nothing of them reaches the next transport. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BOTH, media, remote, rig, settle, tracks, up } from "./peer_rig.mjs";

for (const step of ["setRemoteDescription", "replaceTrack", "createAnswer", "setLocalDescription"]) {
  test(`closed while ${step} runs: the next visit has its media all the same`, async () => {
    const { peer, seen } = rig({ hangs: step });
    void peer.setTracks(tracks);
    void peer.sync(media({ publish: true }));
    await settle();
    peer.close();
    seen.hangs = "";
    void peer.sync(media({ transport: "t2", publish: true }));
    await settle();
    assert.deepEqual(seen.answers.map((answer) => answer.transport), ["t2"]);
    assert.deepEqual(seen.connections[1].transceivers.map((one) => one.sender.track), [tracks.audio, tracks.camera]);
    peer.close();
  });

  test(`a new transport does not wait for the old one's ${step}, which changes nothing when it ends late`, async () => {
    const { peer, seen } = rig({ hangs: step });
    void peer.setTracks(tracks);
    void peer.sync(media({ publish: true, sdp: BOTH, remote }));
    await settle();
    seen.hangs = "";
    void peer.sync(media({ transport: "t2", publish: true, sdp: BOTH }));
    await settle();
    const [old, now] = seen.connections;
    assert.deepEqual([old.closed, seen.answers.map((answer) => answer.transport)], [true, ["t2"]]);
    const before = old.transceivers.map((one) => one.direction);
    old.release();
    await settle();
    assert.deepEqual([seen.answers.length, seen.remotes, now.log], [1, [], [`remote ${BOTH}`, "local"]]);
    assert.deepEqual([old.late, old.transceivers.map((one) => one.direction).slice(0, before.length)], [[], before]);
    assert.ok(old.transceivers.slice(before.length).every((one) => one.direction === "recvonly"));
    peer.close();
  });

  test(`${step} of an old transport that fails late is no fault of the new one`, async (t) => {
    const errors = t.mock.method(console, "error", () => {});
    const { peer, seen, clock } = rig({ hangs: step });
    void peer.setTracks(tracks);
    void peer.sync(media({ publish: true }));
    await settle();
    seen.hangs = "";
    await peer.sync(media({ transport: "t2", publish: true }));
    seen.connections[1].become("connected");
    seen.connections[0].fail(new DOMException(step, "AbortError"));
    await clock.pass(60000);
    assert.deepEqual([peer.status, seen.restarts, errors.mock.callCount()], ["connected", [], 0]);
    peer.close();
  });
}

test("tracks of the old transport that are attached late do not bring its offer to the new one", async () => {
  const { peer, seen } = await up();
  await peer.setTracks(tracks);
  const [old] = seen.connections;
  old.hangs = "replaceTrack";
  void peer.sync(media({ revision: 2, publish: true, sdp: BOTH, remote }));
  await settle();
  await peer.sync(media({ transport: "t2" }));
  old.release();
  await settle();
  assert.deepEqual(seen.connections[1].log, [`remote ${media().sdp}`, "local"]);
  peer.close();
});

test("steps that wait behind one that hangs are dropped with it", async () => {
  const { peer, seen } = rig({ hangs: "setRemoteDescription" });
  void peer.sync(media());
  await settle();
  void peer.sync(media({ revision: 2 }));
  void peer.sync(media({ transport: "t2" }));
  await settle();
  void peer.sync(media({ transport: "t2", revision: 2, sdp: BOTH }));
  const [old, now] = seen.connections;
  old.release();
  await settle();
  assert.equal(now.hanging.length, 1, "its second offer waits for the first");
  now.hangs = "";
  now.release();
  await settle();
  assert.deepEqual([now.log.length, seen.answers.map((answer) => answer.revision)], [4, [1, 2]]);
  peer.close();
});

test("figures that arrive after the end are nobody's", async () => {
  const { peer, seen } = await up();
  assert.equal(await peer.report(), seen.connections[0].stats);
  const reading = peer.report();
  peer.close();
  assert.deepEqual([await reading, await peer.report()], [null, null]);
});

test("a step that fails brings a new transport in 2 s, however many snapshots come", async (t) => {
  t.mock.method(console, "error", () => {});
  const { peer, seen, clock } = await up();
  seen.connections[0].fails = "setRemoteDescription";
  for (const revision of [2, 3, 4]) {
    assert.deepEqual(seen.restarts, []);
    await peer.sync(media({ revision }));
    await clock.pass(900);
  }
  assert.deepEqual([seen.restarts, peer.status], [["t1"], "reconnecting"]);
  peer.close();
});

test("after the end no timer is left and nothing more is asked for", async () => {
  const { peer, seen, clock } = await up({ ack: { error: { code: "internal" } } });
  seen.connections[0].become("failed");
  seen.connections[0].become("disconnected");
  assert.ok(clock.pending > 0);
  peer.close();
  assert.equal(clock.pending, 0);
});
