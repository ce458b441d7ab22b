/** The media path's own rules (docs/protocol.md §5), against a peer connection made of plain objects. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { classify } from "../../web_client/js/media/devices.js";
import { levelOf } from "../../web_client/js/media/level.js";
import { readStats } from "../../web_client/js/media/stats.js";
import { connectionOf } from "../../web_client/js/probe.js";
import { BOTH, media, remote, rig, tracks } from "./peer_rig.mjs";

test("the first offer is answered with own lines sendonly, before any track is attached", async () => {
  const { peer, seen } = rig();
  await peer.setTracks(tracks);
  await peer.sync(media());
  assert.deepEqual(seen.answers, [{ transport: "t1", revision: 1, sdp: "0:sendonly 1:sendonly" }]);
  assert.deepEqual(seen.connections[0].transceivers.map((one) => one.sender.track), [null, null]);
  assert.equal(seen.connections[0].configuration.bundlePolicy, "max-bundle");
  peer.close();
});

test("tracks are attached from admission on, and taken off when the server says so", async () => {
  const { peer, seen } = rig();
  await peer.setTracks(tracks);
  await peer.sync(media());
  await peer.sync(media({ publish: true, revision: 2, sdp: BOTH, remote }));
  const sent = () => seen.connections[0].transceivers.slice(0, 2).map((one) => one.sender.track);
  assert.deepEqual(sent(), [tracks.audio, tracks.camera]);
  assert.equal(seen.answers[1].sdp, "0:sendonly 1:sendonly 2:recvonly 3:recvonly");
  await peer.setTracks({ ...tracks, camera: null });
  assert.deepEqual(sent(), [tracks.audio, null]);
  await peer.sync(media({ publish: false, revision: 2, sdp: null }));
  assert.deepEqual(sent(), [null, null]);
  peer.close();
});

test("a revision is answered once; an older one never", async () => {
  const { peer, seen } = rig();
  await peer.sync(media({ revision: 2 }));
  await peer.sync(media({ revision: 2 }));
  await peer.sync(media({ revision: 1 }));
  assert.deepEqual(seen.answers.map((answer) => answer.revision), [2]);
  peer.close();
});

test("an answer that was lost is sent again when the snapshot still carries the offer", async () => {
  const { peer, seen } = rig({ ack: { error: { code: "timeout" } } });
  await peer.sync(media());
  await new Promise((resolve) => setImmediate(resolve));
  seen.ack = { ok: {} };
  await peer.sync(media());
  await new Promise((resolve) => setImmediate(resolve));
  await peer.sync(media());
  assert.deepEqual(seen.answers.map((answer) => answer.revision), [1, 1]);
  assert.equal(seen.connections[0].log.filter((line) => line === "local").length, 1);
  peer.close();
});

test("an answer that was refused asks for a new transport", async () => {
  const { peer, seen } = rig({ ack: { error: { code: "bad_sdp" } } });
  await peer.sync(media());
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(seen.restarts, ["t1"]);
  peer.close();
});

test("snapshots that pile up are worked off one after the other, newest last, none twice", async () => {
  const { peer, seen } = rig();
  const steps = [media(), media({ revision: 2, sdp: BOTH, remote }), media({ revision: 3, sdp: BOTH, remote, publish: true })];
  await Promise.all(steps.map((one) => peer.sync(one)));
  assert.deepEqual(seen.connections[0].log, [`remote ${BOTH}`, "local"]);
  assert.deepEqual(seen.answers.map((answer) => answer.revision), [3]);
  peer.close();
});

test("a new transport closes the old connection and keeps the tracks", async () => {
  const { peer, seen } = rig();
  await peer.setTracks(tracks);
  await peer.sync(media({ publish: true }));
  await peer.sync(media({ transport: "t2", publish: true }));
  const [old, now] = seen.connections;
  assert.deepEqual([old.closed, now.closed], [true, false]);
  assert.equal(now.transceivers[0].sender.track, tracks.audio);
  assert.deepEqual(seen.answers.map((answer) => answer.transport), ["t1", "t2"]);
  peer.close();
});

test("an offer that a page before the reload has answered is no use: a new transport is asked for", async () => {
  const { peer, seen } = rig();
  await peer.sync(media({ sdp: null }));
  assert.deepEqual([seen.restarts, seen.answers], [["t1"], []]);
  peer.close();
});

test("sound and picture of one person are one stream, which outlives the transport", async () => {
  const { peer, seen } = rig();
  await peer.sync(media({ sdp: BOTH, remote }));
  const [first] = seen.remotes;
  assert.deepEqual([first.key, first.name, first.audio, first.picture, first.stream.getTracks().length], ["s1", "Dr. Sample Provider", true, true, 2]);
  const before = first.stream.getTracks();
  await peer.sync(media({ transport: "t2", sdp: BOTH, remote }));
  assert.equal(seen.remotes[0].stream, first.stream);
  assert.ok(first.stream.getTracks().every((track) => !before.includes(track)), "with the new transport's tracks");
  await peer.sync(media({ transport: "t2", sdp: null, remote: [remote[0]] }));
  assert.deepEqual([seen.remotes[0].picture, seen.remotes[0].stream.getTracks().length], [false, 1]);
  await peer.sync(media({ transport: "t2", sdp: null }));
  assert.deepEqual(seen.remotes, []);
  peer.close();
});

test("a shared screen is a stream of its own, named after whose it is", async () => {
  const { peer, seen } = rig();
  const screen = { mid: "4", source: "screen", participant: "s1", name: "Dr. Sample Provider" };
  await peer.sync(media({ sdp: `${BOTH} 4:video`, remote: [...remote, screen] }));
  assert.deepEqual(seen.remotes.map(({ key, audio, picture, screen: shared }) => [key, audio, picture, shared]), [["s1", true, true, false], ["s1/screen", false, true, true]]);
  assert.notEqual(seen.remotes[0].stream, seen.remotes[1].stream);
  await peer.sync(media({ revision: 1, sdp: null, remote }));
  assert.deepEqual(seen.remotes.map(({ key }) => key), ["s1"]);
  peer.close();
});

test("the own screen goes on its own line; sound is preferred; a picture that waits keeps its track", async () => {
  const { peer, seen } = rig();
  const screen = { kind: "video" };
  await peer.setTracks({ ...tracks, screen });
  await peer.sync(media({ publish: true, sdp: "0:audio 1:video 2:video", mids: { audio: "0", camera: "1", screen: "2" } }));
  const senders = seen.connections[0].transceivers.map((one) => one.sender);
  assert.deepEqual(senders.map(({ track }) => track), [tracks.audio, tracks.camera, screen]);
  assert.deepEqual(senders.map(({ encoding }) => encoding), [{ priority: "high", networkPriority: "high" }, { active: true }, {}]);
  await peer.send("none");
  assert.deepEqual([senders[1].track, senders[1].encoding.active], [tracks.camera, false]);
  await peer.send("small");
  assert.deepEqual(senders[1].encoding, { active: true, maxBitrate: 100_000 });
  await peer.send("full");
  assert.deepEqual(senders[1].encoding, { active: true });
  peer.close();
});

test("where a browser can not let an encoding wait, the camera's line is given nothing, and gets it back", async () => {
  const { peer, seen } = rig();
  await peer.setTracks(tracks);
  await peer.sync(media({ publish: true }));
  const { sender } = seen.connections[0].transceivers[1];
  sender.getParameters = () => ({ encodings: [] });
  await peer.send("none");
  assert.equal(sender.track, null);
  await peer.send("full");
  assert.equal(sender.track, tracks.camera);
  peer.close();
});

test("failed asks for a new transport at once, disconnected not yet, connected not at all", async () => {
  const { peer, seen } = rig();
  await peer.sync(media());
  const [connection] = seen.connections;
  connection.become("connected");
  connection.become("disconnected");
  assert.deepEqual([seen.statuses.at(-1), seen.restarts], ["reconnecting", []]);
  connection.become("connected");
  assert.equal(seen.statuses.at(-1), "connected");
  connection.become("failed");
  assert.deepEqual(seen.restarts, ["t1"]);
  peer.close();
  assert.equal(seen.statuses.at(-1), "none");
});

test("null media closes the connection", async () => {
  const { peer, seen } = rig();
  await peer.sync(media());
  await peer.sync(null);
  assert.deepEqual([seen.connections[0].closed, peer.status, seen.remotes], [true, "none", []]);
});

test("each failure of getUserMedia has its own problem", () => {
  const both = { audio: true, video: true };
  assert.equal(classify({ name: "NotAllowedError", message: "Permission denied" }, both), "blocked");
  assert.equal(classify({ name: "NotAllowedError", message: "Permission denied by system" }, both), "blocked_system");
  assert.equal(classify({ name: "NotFoundError" }, both), "no_devices");
  assert.equal(classify({ name: "NotFoundError" }, { audio: false, video: true }), "no_camera");
  assert.equal(classify({ name: "NotFoundError" }, { audio: true, video: false }), "no_microphone");
  assert.equal(classify({ name: "NotReadableError" }, both), "busy");
  assert.equal(classify({ name: "AbortError" }, both), "busy");
  assert.equal(classify({ name: "SomethingNew" }, both), "failed");
});

test("the level goes from silence to full on a scale of decibels", () => {
  const loud = (amplitude) => levelOf(Float32Array.from({ length: 512 }, (_, n) => amplitude * Math.sin(n / 3)));
  assert.equal(loud(0), 0);
  assert.equal(loud(1), 1);
  assert.ok(loud(0.01) > 0.1 && loud(0.01) < 0.5);
});

test("figures are sums over streams; loss is since the last reading", () => {
  const report = (received, lost, frames) => new Map([
    ["a", { type: "inbound-rtp", kind: "audio", packetsReceived: received, packetsLost: lost, bytesReceived: 10 }],
    ["v", { type: "inbound-rtp", kind: "video", packetsReceived: received, packetsLost: 0, bytesReceived: 20, framesDecoded: frames, framesPerSecond: 24, frameWidth: 640, frameHeight: 480 }],
    ["o", { type: "outbound-rtp", packetsSent: 7, bytesSent: 70, framesSent: 3 }],
    ["p", { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.05 }],
  ]);
  const first = readStats(report(50, 0, 10));
  assert.deepEqual([first.figures.packetsReceived, first.figures.packetsSent, first.figures.rtt, first.figures.width], [100, 7, 0.05, 640]);
  const second = readStats(report(95, 10, 10), first);
  assert.equal(second.figures.lossIn, 0.1);
  assert.equal(readStats(null).figures.packetsSent, 0);
  assert.ok(Object.isFrozen(second.figures));
});

test("one word for the connection: the socket first, then the media path", () => {
  assert.deepEqual(
    [["off", "none"], ["connecting", "none"], ["connected", "none"], ["connected", "reconnecting"], ["reconnecting", "connected"], ["closed", "none"]].map(([link, path]) => connectionOf(link, path)),
    ["new", "connecting", "connected", "reconnecting", "reconnecting", "closed"],
  );
});
