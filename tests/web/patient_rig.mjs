/** The patient's machine, and the events that bring it to a screen. */
import { readFileSync } from "node:fs";
import { step } from "../../web_client/js/patient/machine.js";
import { initialState } from "../../web_client/js/patient/state.js";

export const example = (name) => JSON.parse(readFileSync(new URL(`../wire/${name}.json`, import.meta.url), "utf8"));
export const NOW = Date.parse("2026-11-22T14:10:00.000Z");
export const fresh = (more = {}) => initialState({ heard: true, code: "sample-code", token: null, startedAt: null, language: "en", now: NOW, ...more });
export const view = (more = {}) => ({ type: "viewed", answer: { ok: { ...example("invitation_view"), ...more } }, now: NOW });
export const failed = (code, more = {}) => ({ error: { code, ...more } });
export const snapshot = (phase, { visit = "open", ...more } = {}) => {
  const one = example("snapshot_visit");
  return { type: "snapshot", now: NOW, snapshot: { ...one, me: { ...one.me, phase }, visit: { ...one.visit, phase: visit, started_at: null }, others: phase === "in_visit" ? one.others : [], ...more } };
};
export const found = { problem: null, camera: true, microphone: true, cameras: [], microphones: [], cameraId: "c", microphoneId: "m" };
export const nothing = { ...found, camera: false, microphone: false, problem: "blocked" };

/** @returns the state after these events, and the effects of the last */
export function after(state, ...events) {
  let effects = [];
  for (const event of events) [state, effects] = step(state, event);
  return [state, effects];
}
export const dead = (kind) => ({ type: "track_dead", kind });
export const types = (effects) => effects.map((effect) => effect.type);
export const started = [view(), { type: "start_tapped" }, { type: "redeemed", answer: { ok: example("redeemed") } }];
export const checked = [...started, { type: "link", status: "connected" }, snapshot("arrived"), { type: "captured", result: found }];
export const waiting = [...checked, { type: "join_tapped" }, snapshot("waiting")];
export const visiting = [...waiting, snapshot("in_visit", { visit: "in_progress" })];
