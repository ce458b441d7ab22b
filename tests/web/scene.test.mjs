/** Who is on the stage, what is written on each picture, and who speaks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_SCENE, SCENE_STEPS, among } from "../../web_client/js/media/scene.js";
import { Ear, SILENCE, listen, speakers } from "../../web_client/js/media/speaking.js";
import { tilesOf } from "../../web_client/js/media/tiles.js";

const other = (id, more = {}) => ({ id, name: `Name ${id}`, role: "companion", phase: "in_visit", connected: true, microphone: true, camera: true, screen: false, paused: false, quality: null, ...more });
const seen = { ...NO_SCENE, pictures: ["a", "b", "c"] };
const shares = (...ids) => ({ remote: ids.map((participant, index) => ({ mid: String(index), source: "screen", participant, name: "" })) });
const tiles = (others, scene = seen, media = null, main = "a") => tilesOf(others, media, scene, main, (name) => `${name}’s screen`);
const marks = (more, scene = seen) => tiles([other("a", more)], scene)[0].marks;

test("everybody has a tile, in the server's order; one of them has the most room", () => {
  const shown = tiles([other("b"), other("a"), other("c")]);
  assert.deepEqual(shown.map(({ key, name, main }) => [key, name, main]), [["b", "Name b", false], ["a", "Name a", true], ["c", "Name c", false]]);
});

test("a shared screen comes last and takes the room; of two the later", () => {
  const both = [other("a", { screen: true }), other("b", { screen: true })];
  assert.deepEqual(tiles(both, seen, shares("a")).map(({ key, main }) => [key, main]), [["a", false], ["b", false], ["a/screen", true]]);
  assert.deepEqual(tiles(both, seen, shares("b", "a")).filter(({ screen }) => screen).map(({ key, main }) => [key, main]), [["a/screen", false], ["b/screen", true]]);
  assert.equal(tiles(both, seen, shares("a"))[2].name, "Name a’s screen");
  assert.equal(tiles([other("a", { screen: false })], seen, shares("a")).length, 1, "it has ended, the line is still there");
  assert.equal(tiles([other("a", { screen: true })], seen, shares()).length, 1, "it is announced, nothing comes yet");
  assert.equal(tiles([other("a", { screen: true, phase: "on_hold" })], seen, shares("a")).length, 1);
});

test("each picture says what is the matter, the gravest alone where it explains the rest", () => {
  assert.deepEqual(marks({}), []);
  assert.deepEqual(marks({ microphone: false, camera: false }), ["muted", "cameraOff"]);
  assert.deepEqual(marks({ paused: true }), ["paused"]);
  assert.deepEqual(marks({}, NO_SCENE), ["noPicture"]);
  assert.deepEqual(marks({}, { ...seen, stalled: ["a"] }), ["noPicture"]);
  assert.deepEqual(marks({ phase: "on_hold", microphone: false }), ["held"]);
  assert.deepEqual(marks({ connected: false, camera: false }), ["lost"]);
  assert.deepEqual(marks({}, { ...seen, speaking: ["a"] }), ["speaking"]);
  assert.deepEqual(marks({ microphone: false }, { ...seen, speaking: ["a"] }), ["muted"], "whoever is muted does not speak");
});

test("no picture is shown where there is none to see; a line has its quality while it is up", () => {
  assert.deepEqual([{}, { camera: false }, { paused: true }, { phase: "on_hold" }, { camera: null }, { connected: false }].map((more) => tiles([other("a", more)])[0].blank), [false, true, true, true, false, false]);
  assert.deepEqual([{}, { connected: false }, { phase: "on_hold" }].map((more) => tiles([other("a", { quality: "poor", ...more })])[0].quality), ["poor", null, null]);
});

test("pictures come, stand still, move again; the same news changes nothing", () => {
  const step = (state, type, more) => SCENE_STEPS[type](state, { type, ...more })[0];
  const one = step({ scene: NO_SCENE }, "picture_shown", { key: "a" });
  assert.deepEqual(step(one, "picture_shown", { key: "a" }).scene.pictures, ["a"]);
  const still = step(one, "stalled", { stalled: ["a"] });
  assert.deepEqual(still.scene.stalled, ["a"]);
  assert.equal(step(still, "stalled", { stalled: ["a"] }), still);
  assert.deepEqual(step(still, "picture_shown", { key: "a" }).scene.stalled, []);
  const speaks = step(one, "speaking", { speaking: ["a"] });
  assert.equal(step(speaks, "speaking", { speaking: ["a"] }), speaks);
});

test("only those who are in the visit keep their pictures; a screen goes with its person", () => {
  const scene = { ...NO_SCENE, pictures: ["a", "a/screen", "b"], stalled: ["b"], speaking: ["b"], sharing: "on" };
  assert.deepEqual(among(scene, [other("a"), other("b", { phase: "on_hold" })]), { ...scene, pictures: ["a", "a/screen"], stalled: [], speaking: [] });
  assert.equal(among(scene, [other("a"), other("b")]), scene);
});

test("Share screen asks once, shares what was chosen, and ends by the button or by the browser's own bar", () => {
  const step = (state, type) => SCENE_STEPS[type](state, { type });
  const [asking, effects] = step({ scene: NO_SCENE }, "share_tapped");
  assert.deepEqual([asking.scene.sharing, effects, step(asking, "share_tapped")], ["asking", [{ type: "shareScreen" }], [asking, []]]);
  assert.equal(step(asking, "screen_ended")[0].scene.sharing, "off", "nothing was chosen");
  const [on] = step(asking, "screen_shared");
  assert.equal(on.scene.sharing, "on");
  assert.deepEqual(step(on, "share_tapped"), [{ scene: { ...NO_SCENE, sharing: "off" } }, [{ type: "stopSharing" }]]);
  assert.equal(step(on, "screen_ended")[0].scene.sharing, "off");
  assert.equal(step({ scene: NO_SCENE }, "screen_shared")[0].scene.sharing, "off", "an answer that nobody waits for any more");
});

const heard = (...levels) => levels.reduce((voices, level) => listen(voices, new Map([["a", level]])), SILENCE);

test("speech is noticed with the second reading and forgotten with the fourth", () => {
  assert.deepEqual(speakers(heard(0.1)), []);
  assert.deepEqual(speakers(heard(0.1, 0.1)), ["a"]);
  assert.deepEqual(speakers(heard(0.1, 0, 0.1)), [], "a click is no speech");
  assert.deepEqual(speakers(heard(0.1, 0.1, 0, 0, 0)), ["a"], "nor is a pause the end of it");
  assert.deepEqual(speakers(heard(0.1, 0.1, 0, 0, 0, 0)), []);
  assert.deepEqual(speakers(heard(0.1, 0.1, 0, 0, 0, 0.01, 0, 0, 0)), ["a"]);
});

test("whoever is gone does not speak", () => {
  assert.deepEqual(speakers(listen(heard(0.1, 0.1), new Map())), []);
});

test("a level counts only while packets come", () => {
  let sources = [{ timestamp: 1, audioLevel: 0.3 }, { timestamp: 2, audioLevel: 0.5 }];
  const [ear, receiver] = [new Ear(), { getSynchronizationSources: () => sources }];
  assert.deepEqual([ear.level(receiver), ear.level(receiver)], [0.5, 0]);
  sources = [{ timestamp: 3 }];
  assert.deepEqual([ear.level(receiver), ear.level(null), ear.level({ getSynchronizationSources: () => [] })], [0, 0, 0]);
});
