/** The test page in each of its states, by name; see patient.mjs. */
import { initialState } from "../../../web_client/js/test/machine.js";
import { example, NOW } from "../patient_rig.mjs";
import { doing } from "./doing.mjs";

const start = initialState({ language: "en", clinic: example("snapshot_visit").clinic, now: NOW });
const devices = { ...start, screen: "devices" };
const sound = { ...start, screen: "sound", camera: true, microphone: true, asking: "done", media: "connected", connectedAt: NOW - 3000, pictured: true, heard: true, running: true };
const ended = { ...sound, screen: "ended", result: "good", details: example("test_verdict") };

export const test = {
  "start": start,
  "start, no clinic": { ...start, clinic: null },
  "devices, asking": { ...devices, asking: "asking" },
  "devices, asking for long": { ...devices, asking: "asking", slow: true },
  ...doing(["blocked", "blocked_system", "busy", "no_camera", "no_microphone", "no_devices", "insecure", "unsupported", "failed"], (problem) => [`devices, ${problem}`, { ...devices, asking: "done", problem }]),
  ...doing(["copied", "uncopied"], (link) => [`devices, link ${link}`, { ...devices, asking: "done", problem: "unsupported", link }]),
  "call, connecting": { ...sound, media: "connecting", connectedAt: null, pictured: false },
  "call": sound,
  "call, picture on its way": { ...sound, pictured: false, connectedAt: NOW },
  "call, no microphone": { ...sound, microphone: false },
  "call, no camera": { ...sound, camera: false },
  "call, sound refused before a tap": { ...sound, soundBlocked: true },
  ...doing(["good", "fair", "poor", "blocked", "untested"], (result) => [`result, ${result}`, { ...ended, result }]),
  "result, not heard": { ...ended, heard: false },
  "result, no camera": { ...ended, camera: false, problem: "no_camera" },
  "result, heard oneself": { ...ended, soundWorks: true },
  "result, did not hear oneself": { ...ended, soundWorks: false },
  "result, without figures": { ...ended, details: null, running: false },
};
