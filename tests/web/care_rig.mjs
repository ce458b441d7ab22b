/** What the tests of the care team's machine share: the wire's example as snapshots, and a person who has come so far. */
import { readFileSync } from "node:fs";
import { step } from "../../web_client/js/care/machine.js";
import { initialState } from "../../web_client/js/care/state.js";

export const example = (name) => JSON.parse(readFileSync(new URL(`../wire/${name}.json`, import.meta.url), "utf8"));
export const NOW = Date.parse("2026-11-22T14:31:00.000Z");
export const fresh = (more = {}) => initialState({ token: null, held: null, language: "en", silent: [], alerts: "default", now: NOW, ...more });

export const after = (state, ...events) => {
  let effects = [];
  for (const event of events) [state, effects] = step(state, event);
  return [state, effects];
};

export const types = (effects) => effects.map((effect) => effect.type);
/** The names of what is asked of the server. */
export const asked = (effects) => effects.filter((effect) => effect.type === "request").map((effect) => effect.name);
export const failed = (code, more = {}) => ({ error: { code, ...more } });
export const answered = (name, argument, ack) => ({ type: "answered", name, argument, ack });

/** The example's snapshot, with changes to the visit (null: none) and to single rows and their patients. */
export const snapshot = (visit, patients = {}, queue = {}) => {
  const one = example("snapshot_care");
  const current = visit === null ? null : { ...one.visit, photos: [], ...visit };
  const rows = one.queue.rows.map((row) => ({ ...row, ...(patients[row.visit]?.row ?? {}), patient: { ...row.patient, ...(patients[row.visit] ?? {}) } }));
  return { type: "snapshot", now: NOW, snapshot: { ...one, visit: current, queue: { full: true, rows, gone: [], ...queue } } };
};

/** A snapshot that tells only what changed in one row. */
export const change = (visit, row, patient = {}) => {
  const message = snapshot(null, waitingFirst);
  const found = message.snapshot.queue.rows.find((one) => one.visit === visit);
  message.snapshot.queue = { full: false, rows: [{ ...found, ...row, patient: { ...found.patient, ...patient } }], gone: [] };
  return message;
};

export const waitingFirst = { v1: { phase: "waiting", waiting_since: "2026-11-22T14:30:00.000Z", row: { may: ["admit", "message", "call"], phase: "open", with: [], handed_to: null } } };
export const idle = snapshot(null, waitingFirst);
export const signedIn = [{ type: "sign_in_tapped", username: "u", password: "p" }, { type: "signed_in", answer: { ok: example("signed_in") } }, { type: "link", status: "connected" }];
export const queue = [...signedIn, idle];
export const preview = [...queue, { type: "row_chosen", visit: "v1" }];
export const captured = { type: "captured", result: { problem: null, camera: true, microphone: true } };
export const admitted = { type: "answered", name: "visit.admit", argument: { visit: "v1", participant: "p1" }, ack: { ok: {} } };
export const visiting = [...preview, { type: "admit_tapped", visit: "v1", participant: "p1" }, captured, snapshot({}), admitted];
