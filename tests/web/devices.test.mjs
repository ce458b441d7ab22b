/** The own camera and microphone, with a browser's devices played by the test. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Capture } from "../../web_client/js/media/devices.js";

class Track extends EventTarget {
  constructor(kind) {
    super();
    this.kind = kind;
  }
  readyState = "live";
  getSettings() {
    return { deviceId: `the ${this.kind}` };
  }
  stop() {
    this.readyState = "ended";
  }
}

globalThis.MediaStream = class {
  #tracks = [];
  getTracks = () => this.#tracks;
  addTrack = (track) => this.#tracks.push(track);
  removeTrack = (track) => (this.#tracks = this.#tracks.filter((one) => one !== track));
};

/** @param {object} mediaDevices */
function browser(mediaDevices) {
  Object.defineProperty(globalThis, "RTCPeerConnection", { value: class {}, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices }, configurable: true });
}

const getUserMedia = async () => ({ getTracks: () => [new Track("audio"), new Track("video")] });

test("a camera that is open does not wait for a browser that lists no devices yet", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  browser({ getUserMedia, enumerateDevices: () => new Promise(() => {}) });
  const opening = new Capture(() => {}).open({ picture: true });
  await new Promise((done) => setImmediate(done));
  t.mock.timers.tick(1000);
  const captured = await opening;
  assert.deepEqual([captured.camera, captured.microphone, captured.problem], [true, true, null]);
  assert.deepEqual(captured.cameras, []);
});

test("the devices are told by kind, and only those that may be chosen", async () => {
  const device = (kind, deviceId) => ({ kind, deviceId, label: `a ${kind}` });
  const all = [device("videoinput", "1"), device("audioinput", "2"), device("audioinput", ""), device("audiooutput", "3")];
  browser({ getUserMedia, enumerateDevices: async () => all });
  const captured = await new Capture(() => {}).open({ picture: true });
  assert.deepEqual(captured.cameras, [{ deviceId: "1", label: "a videoinput" }]);
  assert.deepEqual(captured.microphones, [{ deviceId: "2", label: "a audioinput" }]);
  assert.equal(captured.cameraId, "the video");
});

test("devices are of no use where nothing can be sent, and nobody is asked for them", async () => {
  browser({ getUserMedia: () => assert.fail("asked") });
  Object.defineProperty(globalThis, "RTCPeerConnection", { value: undefined, configurable: true });
  assert.equal((await new Capture(() => {}).open({ picture: true })).problem, "unsupported");
});

/** A browser that answers no question by itself. */
function asking() {
  const questions = [];
  const ask = (wanted) => new Promise((give, fail) => {
    const kinds = Object.keys(wanted).sort();
    const question = { wanted, kinds: kinds.join(), given: [], refuse: (name) => fail(new DOMException("", name)) };
    const answer = () => (question.given.push(...kinds.map((kind) => new Track(kind))), give({ getTracks: () => question.given }));
    questions.push(Object.assign(question, { answer }));
  });
  browser({ getUserMedia: ask, enumerateDevices: async () => [] });
  globalThis.document = { visibilityState: "visible" };
  return questions;
}

const settle = () => new Promise((done) => setImmediate(done));
const live = (questions) => questions.flatMap(({ given }) => given).filter(({ readyState }) => readyState === "live");

/** Somebody who has both. */
async function open(questions) {
  const capture = new Capture(() => {});
  const opening = capture.open({ picture: true });
  await settle();
  questions[0].answer();
  await opening;
  return capture;
}

test("who leaves while the browser asks is asked for nothing more", async () => {
  const questions = asking();
  const capture = new Capture(() => {});
  const opening = capture.open({ picture: true });
  await settle();
  capture.stop();
  questions[0].refuse("NotFoundError");
  assert.equal(await opening, null);
  assert.deepEqual(questions.map(({ kinds }) => kinds), ["audio,video"]);
});

test("who leaves between the two questions is not asked the second, and the camera stays off", async () => {
  const questions = asking();
  const capture = new Capture(() => {});
  const opening = capture.open({ picture: true });
  await settle();
  questions[0].refuse("NotReadableError");
  await settle();
  capture.stop();
  questions[1].answer();
  assert.equal(await opening, null);
  assert.deepEqual([questions.map(({ kinds }) => kinds), live(questions)], [["audio,video", "audio"], []]);
});

test("who leaves while the camera is turned round opens none", async () => {
  const questions = asking();
  const capture = await open(questions);
  const turning = capture.flip();
  capture.stop();
  assert.equal(await turning, null);
  assert.deepEqual([questions.length, live(questions)], [1, []]);
});

test("a camera that is turned round waits for the microphone that is asked for, and neither loses the other", async () => {
  const questions = asking();
  const capture = await open(questions);
  const [again, turning, twice] = [capture.openOne("audio"), capture.flip(), capture.flip()];
  await settle();
  assert.deepEqual(questions.slice(1).map(({ kinds }) => kinds), ["audio"]);
  questions[1].answer();
  assert.equal((await again).microphone, true);
  await settle();
  questions[2].answer();
  assert.deepEqual([(await turning).camera, (await turning).microphone, await twice], [true, true, null]);
  assert.deepEqual(live(questions), [questions[1].given[0], questions[2].given[0]]);
  assert.equal(questions.length, 3);
});

test("what is asked for already is not asked for once more: the phone call is over while the question stands", async () => {
  const questions = asking();
  const capture = new Capture(() => {});
  const opening = capture.open({ picture: true });
  assert.deepEqual([await capture.openOne("audio"), await capture.openOne("camera"), await capture.flip()], [null, null, null]);
  await settle();
  questions[0].answer();
  assert.equal((await opening).camera, true);
  assert.deepEqual([questions.length, live(questions).length], [1, 2]);
});

test("a question that is never answered keeps nobody from another one", async () => {
  const questions = asking();
  const capture = await open(questions);
  void capture.openOne("audio");
  await settle();
  const opening = capture.open({ picture: false });
  await settle();
  questions[2].answer();
  assert.equal((await opening).microphone, true);
  const turning = capture.openOne("camera");
  await settle();
  questions[3].answer();
  assert.equal((await turning).camera, true);
});

test("a report that comes after the end of all tracks says nothing", async () => {
  let list = () => {};
  browser({ getUserMedia, enumerateDevices: () => new Promise((resolve) => (list = resolve)) });
  const capture = new Capture(() => {});
  const opening = capture.open({ picture: true });
  await settle();
  assert.notEqual(capture.tracks.camera, null);
  capture.stop();
  list([]);
  assert.equal(await opening, null);
});

test("a camera that rests is dark, is told of all the same, and comes back as the one it was", async () => {
  const questions = asking();
  const capture = await open(questions);
  capture.rest();
  assert.deepEqual([capture.rests, capture.tracks.camera, live(questions)], [true, null, [questions[0].given[0]]]);
  const again = capture.openOne("audio");
  await settle();
  questions[1].answer();
  assert.deepEqual([(await again).camera, (await again).cameraId], [true, "the video"]);
  const opening = capture.openOne("camera");
  await settle();
  assert.deepEqual(questions[2].wanted.video.deviceId, { ideal: "the video" });
  questions[2].answer();
  assert.deepEqual([(await opening).camera, capture.rests, capture.tracks.camera], [true, false, questions[2].given[0]]);
});

test("a camera that does not come back is not told of, and none comes back after the end", async () => {
  const questions = asking();
  const capture = await open(questions);
  capture.rest();
  const opening = capture.openOne("camera");
  await settle();
  questions[1].refuse("NotReadableError");
  assert.deepEqual([(await opening).camera, (await opening).problem, capture.rests], [false, "busy", false]);
  const other = await open(asking());
  other.rest();
  other.stop();
  assert.equal(other.rests, false);
});
