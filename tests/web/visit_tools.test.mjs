/** What may be changed beside the pictures of a visit, and how a device is changed while the other goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { blurOf } from "../../web_client/js/media/blur.js";
import { Capture } from "../../web_client/js/media/devices.js";
import { NO_CHOICES, NO_TOOLS, TOOL_STEPS, changeDevice, tidy } from "../../web_client/js/media/tools.js";

const page = { screen: "visit", tools: NO_TOOLS, devices: { ...NO_CHOICES, camera: true } };
const step = (state, type, facts) => TOOL_STEPS[type](state, { type, ...facts });

test("a panel opens and closes by its button, another one takes its place, and More asks what devices there are", () => {
  const [open, effects] = step(page, "panel_tapped", { panel: "more" });
  assert.deepEqual([open.tools.panel, effects], ["more", [{ type: "listDevices" }]]);
  const [other, none] = step(open, "panel_tapped", { panel: "chat" });
  assert.deepEqual([other.tools.panel, none], ["chat", []]);
  assert.deepEqual(step(open, "panel_tapped", { panel: "more" })[0].tools.panel, null);
  assert.equal(step(open, "panel_closed")[0].tools.panel, null);
  assert.equal(step(page, "panel_closed")[0], page);
});

test("a panel goes with the visit, the size of the text stays", () => {
  const tools = { ...NO_TOOLS, panel: "more", large: true };
  assert.deepEqual(tidy({ screen: "waiting", tools }).tools, { ...tools, panel: null });
  const there = { screen: "visit", tools };
  assert.equal(tidy(there), there);
});

test("the lists follow what is plugged in; a browser that names nothing in time has lost nothing", () => {
  const some = [{ deviceId: "a", label: "A" }];
  const [listed] = step(page, "devices_listed", { cameras: some, microphones: some, speakers: some, speakerId: "a" });
  assert.deepEqual([listed.devices.cameras, listed.devices.speakers, listed.devices.speakerId], [some, some, "a"]);
  const [late] = step(listed, "devices_listed", { cameras: [], microphones: [], speakers: [], speakerId: "a" });
  assert.deepEqual([late.devices.cameras, late.devices.microphones], [some, some]);
});

test("another device is asked for alone; what was said of one that did not start is said no longer", () => {
  const refused = { ...page, devices: { ...page.devices, refused: "camera" } };
  const [state, effects] = changeDevice(refused, { cameraId: "b" });
  assert.deepEqual([state.devices.refused, effects], [null, [{ type: "changeDevice", kind: "camera", deviceId: "b" }]]);
  assert.deepEqual(changeDevice(page, { microphoneId: "m" })[1], [{ type: "changeDevice", kind: "audio", deviceId: "m" }]);
});

test("a speaker that does not start is said", () => {
  assert.deepEqual(step(page, "speaker_chosen", { speakerId: "s" })[1], [{ type: "speaker", speakerId: "s" }]);
  const [kept] = step(page, "speaker_set", { speakerId: "", taken: false });
  assert.deepEqual([kept.devices.speakerId, kept.devices.refused], ["", "speaker"]);
  assert.deepEqual(step(kept, "speaker_set", { speakerId: "s", taken: true })[0].devices.refused, null);
});

test("blur, full screen, small window and large text turn on and off again", () => {
  const [blurred, on] = [{ ...page, devices: { ...page.devices, blur: true } }, { full: true, small: true, large: true }];
  const turned = (state) => ["blur_tapped", "full_tapped", "small_tapped", "large_tapped"].map((type) => step(state, type, { key: "p" })[1][0]);
  assert.deepEqual(turned({ ...page, devices: { ...page.devices, blur: false } }), [
    { type: "blur", on: true }, { type: "fullScreen", on: true }, { type: "smallWindow", key: "p" }, { type: "largeText", on: true },
  ]);
  assert.deepEqual(turned({ ...blurred, tools: { ...NO_TOOLS, ...on } }), [
    { type: "blur", on: false }, { type: "fullScreen", on: false }, { type: "smallWindow", key: null }, { type: "largeText", on: false },
  ]);
  assert.equal(step(page, "full_changed", { full: true })[0].tools.full, true);
  assert.equal(step(page, "small_changed", { small: true })[0].tools.small, true);
  assert.equal(step(page, "blur_set", { blur: true })[0].devices.blur, true);
});

/** A browser with these devices; the broken ones do not start. Cameras may blur. */
function browser({ broken = [], canBlur = [true, false] } = {}) {
  const asked = [];
  class Track extends EventTarget {
    live = true;
    blurred = false;
    constructor(kind, deviceId) {
      super();
      Object.assign(this, { kind, deviceId });
    }
    getSettings = () => ({ deviceId: this.deviceId, backgroundBlur: this.blurred });
    getCapabilities = () => ({ backgroundBlur: canBlur });
    getConstraints = () => ({ width: 1280 });
    applyConstraints = async ({ backgroundBlur }) => void (this.blurred = backgroundBlur);
    stop = () => void (this.live = false);
  }
  const getUserMedia = async (wanted) => {
    asked.push(wanted);
    const made = Object.entries(wanted).map(([kind, wish]) => new Track(kind, wish.deviceId?.exact ?? `the ${kind}`));
    if (made.some(({ deviceId }) => broken.includes(deviceId))) throw Object.assign(new Error(), { name: "NotReadableError" });
    return { getTracks: () => made };
  };
  globalThis.MediaStream = class {
    #tracks = [];
    getTracks = () => this.#tracks;
    addTrack = (track) => this.#tracks.push(track);
    removeTrack = (track) => (this.#tracks = this.#tracks.filter((one) => one !== track));
  };
  Object.defineProperty(globalThis, "RTCPeerConnection", { value: class {}, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices: { getUserMedia, enumerateDevices: async () => [] } }, configurable: true });
  return asked;
}

test("a changed camera leaves the microphone alone, and the old one is stopped first", async () => {
  const asked = browser();
  const capture = new Capture(() => {});
  await capture.open({ picture: true });
  const { audio, camera } = capture.tracks;
  const changed = await capture.change("camera", "b");
  assert.deepEqual([changed.cameraId, changed.microphoneId, changed.refused, changed.problem], ["b", "the audio", null, null]);
  assert.deepEqual([capture.tracks.audio, audio.live, camera.live], [audio, true, false]);
  assert.deepEqual(Object.keys(asked.at(-1)), ["video"]);
});

test("one that does not start gives way to the one before", async () => {
  browser({ broken: ["b"] });
  const capture = new Capture(() => {});
  await capture.open({ picture: true });
  const changed = await capture.change("audio", "b");
  assert.deepEqual([changed.microphoneId, changed.refused, changed.problem, changed.microphone], ["the audio", "audio", null, true]);
});

test("a blur that was on goes on with the next camera", async () => {
  browser();
  const capture = new Capture(() => {});
  assert.equal((await capture.open({ picture: true })).blur, false);
  capture.tracks.camera.blurred = true;
  assert.equal((await capture.change("camera", "b")).blur, true);
});

test("blur is offered only where it can be turned on and off", async () => {
  assert.equal(blurOf(null), null);
  assert.equal(blurOf({}), null);
  for (const canBlur of [[true], [false]]) {
    browser({ canBlur });
    assert.equal((await new Capture(() => {}).open({ picture: true })).blur, null);
  }
});
