/** All media of a visit on one page: what the machine is told, and what the server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VisitMedia } from "../../web_client/js/media/visit_media.js";
import { BOTH, FakeClock, FakeConnection, FakeStream, media, remote, settle, tracks } from "./peer_rig.mjs";

/** A visit with one other person, the line up. */
async function visit({ visible = true } = {}) {
  const seen = { requests: [], events: [], figures: [], stalled: [], visible };
  const clock = new FakeClock();
  const connection = new FakeConnection();
  const it = new VisitMedia({
    request: async (name, argument) => (seen.requests.push([name, argument]), { ok: {} }),
    dispatch: (event) => seen.events.push(event),
    stage: { show: (remotes) => (seen.shown = remotes.map(({ key }) => key)), stalled: () => seen.stalled },
    onFigures: (figures) => seen.figures.push(figures),
    isVisible: () => seen.visible,
    peer: { connect: () => connection, makeStream: () => new FakeStream(), clock },
  });
  it.setTracks(tracks);
  it.sync(media({ publish: true, sdp: BOTH, remote }));
  await settle();
  connection.become("connected");
  const seconds = async (n) => {
    for (let at = 0; at < n; at++) {
      await clock.pass(1000);
      await it.measure();
    }
  };
  const told = (type) => seen.events.filter((event) => event.type === type);
  return { it, seen, clock, connection, seconds, told };
}
let answers = 0;
const pair = (available_bps, rtt_s = 0.05) => ({
  type: "candidate-pair", nominated: true, availableOutgoingBitrate: available_bps, currentRoundTripTime: rtt_s,
  get responsesReceived() { return answers++; },
});
const reports = (seen) => seen.requests.filter(([name]) => name === "media.report").map(([, argument]) => argument);

test("each second the figures are told, and which pictures stand still", async () => {
  const { it, seen, connection, seconds, told } = await visit();
  connection.stats.set("a", { type: "inbound-rtp", kind: "audio", packetsReceived: 7 });
  seen.stalled = ["s1"];
  await seconds(2);
  assert.deepEqual([seen.figures.length, it.stats.packetsReceived, told("stalled").at(-1).stalled], [2, 7, ["s1"]]);
  it.close();
  assert.equal(it.stats.packetsReceived, 0);
  await seconds(1);
  assert.equal(seen.figures.length, 2, "nothing is measured where nothing is");
});

test("each five seconds the server is told, while the page is seen, the line is up and somebody is there", async () => {
  const { it, seen, connection, seconds } = await visit();
  await seconds(6);
  assert.deepEqual(reports(seen).map(({ transport }) => transport), ["t1"]);
  seen.visible = false;
  await seconds(10);
  seen.visible = true;
  assert.equal(reports(seen).length, 1);
  await seconds(6);
  assert.equal(reports(seen).length, 2);
  connection.become("disconnected");
  await seconds(10);
  assert.equal(reports(seen).length, 2);
  connection.become("connected");
  it.sync(media({ publish: true, revision: 1, sdp: null }));
  await seconds(10);
  assert.equal(reports(seen).length, 2, "alone");
  it.close();
});

test("on a narrow line the picture waits, and the machine is told; a wide one brings it back after 10 s", async () => {
  const { it, connection, seconds, told } = await visit();
  const camera = connection.transceivers[1].sender;
  connection.stats.set("p", pair(900_000));
  await seconds(1);
  connection.stats.set("p", pair(90_000, 0.4));
  await seconds(6);
  assert.deepEqual([camera.encoding.active, told("weak_network").map(({ weak }) => weak)], [false, [true]]);
  connection.stats.set("p", pair(900_000));
  await seconds(11);
  assert.deepEqual([camera.encoding.active, told("weak_network").map(({ weak }) => weak)], [true, [true, false]]);
  it.close();
});

test("an estimate means nothing while no picture goes out, or to nobody", async () => {
  const { it, connection, seconds, told } = await visit();
  connection.stats.set("p", pair(10_000));
  it.setTracks({ ...tracks, camera: null });
  await seconds(10);
  it.setTracks(tracks);
  it.sync(media({ publish: true, revision: 1, sdp: null }));
  await seconds(10);
  assert.deepEqual(told("weak_network"), []);
  it.close();
});

test("the end of a visit ends the wait with it", async () => {
  const { it, connection, seconds, told } = await visit();
  connection.stats.set("p", pair(900_000));
  await seconds(1);
  connection.stats.set("p", pair(90_000, 0.4));
  await seconds(6);
  it.close();
  assert.deepEqual(told("weak_network").map(({ weak }) => weak), [true, false]);
});

test("who speaks is told when it changes, five times a second at most, and nobody listens after the end", async () => {
  const { it, seen, clock, connection, told } = await visit();
  let at = 0;
  connection.transceivers[2].receiver.getSynchronizationSources = () => [{ timestamp: ++at, audioLevel: 0.2 }];
  await clock.pass(1000);
  assert.deepEqual([told("speaking").map(({ speaking }) => speaking), at], [[["s1"]], 4]);
  it.close();
  assert.deepEqual([seen.shown, told("speaking").at(-1).speaking, clock.pending], [[], [], 0]);
});
