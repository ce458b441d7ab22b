/** The own camera and microphone, with a browser's devices played by the test. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Capture } from "../../web_client/js/media/devices.js";

class Track extends EventTarget {
  constructor(kind) {
    super();
    this.kind = kind;
  }
  getSettings() {
    return { deviceId: `the ${this.kind}` };
  }
  stop() {}
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
