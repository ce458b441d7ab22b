/** The care team's page in each of its states, by name; see patient.mjs. */
import { doing } from "./doing.mjs";
import { after, example, fresh, idle, NOW, preview, queue, signedIn, snapshot, visiting, waitingFirst } from "../care_rig.mjs";

const at = (...events) => after(fresh({ introduced: true }), ...events)[0];
const but = (state, { devices = {}, tools = {}, scene = {}, talk = {}, desk = {}, me = {}, now = {}, ...more }) => ({
  ...state,
  devices: { ...state.devices, ...devices }, tools: { ...state.tools, ...tools }, scene: { ...state.scene, ...scene }, talk: { ...state.talk, ...talk },
  snapshot: state.snapshot === null ? null : { ...state.snapshot, ...desk, me: { ...state.snapshot.me, ...me }, visit: state.snapshot.visit === null ? null : { ...state.snapshot.visit, ...now } },
  ...more,
});
/** The list with other facts in its first row. */
const withRow = (row, patient = {}, seen = preview) => {
  const changed = { v1: { ...waitingFirst.v1, ...patient, row: { ...waitingFirst.v1.row, ...row } } };
  return at(...seen.map((event) => (event === idle ? snapshot(null, changed) : event)));
};

const list = at(...queue);
const chosen = at(...preview);
const visit = at(...visiting);
const other = visit.snapshot.visit.others[0];
const guest = { ...other, id: "g1", name: "Sample Interpreter", role: "interpreter", camera: true };
const first = chosen.rows.get("v1");
const desk = but(chosen, { me: { role: "front_desk", username: "sample.desk", name: "Sample Front Desk" } });
const open = (asked, more = {}) => ({ dialog: { visit: "v1", name: "Sample Patient", ...asked, sent: null, failing: null, answer: null, twice: false, copied: false, ...more } });
const photo = visit.snapshot.visit.photos[0] ?? { id: "f1", participant: "p1", name: "Sample Patient", at: "2026-11-22T14:32:00.000Z", width: 4032, height: 3024 };
const called = (more) => ({ ...first, calls: [], note: "", ...more });
const answers = {
  invite: { url: "https://visits.sample.invalid/v#sample-code", expires_at: "2026-11-22T15:20:00.000Z" },
  late: { told: 3 },
  book: { links: { patient: "https://visits.sample.invalid/v#sample-code" } },
  reschedule: { links: { patient: "https://visits.sample.invalid/v#sample-code" } },
  password: {},
};
const DIALOGS = {
  end: {}, no_show: {}, complete: {}, cancel: {}, invite: {}, hand_over: {}, reschedule: { starts_at: first.starts_at },
  admit: { participant: "p1", checks: ["identity", "licence"] }, remove: { participant: "p1" }, call: { phone: "555-0142", reason: "asked" },
  waive: { item: "insurance", title: "Insurance card" }, late: {}, card: { row: first }, book: {}, password: {}, keys: {}, photo: { photo, full: false },
};
const FAILINGS = ["sign_in_failed", "too_many_attempts", "offline", "timeout", "unauthorized", "session_expired", "idle", "removed", "replaced", "session_replaced", "something_new"];

export const care = {
  "sign in": fresh(),
  "sign in, busy": { ...fresh(), busy: true },
  ...doing(FAILINGS, (code) => [`sign in, ${code}`, { ...fresh(), failing: { code, seconds: 30 }, failedAt: NOW }]),
  "signing in": at(...signedIn),
  "list": list,
  "list, for the first time": { ...list, introduced: false },
  "list, for the first time at the desk": but({ ...list, introduced: false }, { me: { role: "front_desk" } }),
  "list, empty": { ...list, rows: new Map(), shown: [] },
  "list, those who wait": { ...list, filter: { text: "", waiting: true } },
  "list, a name that nobody has": { ...list, filter: { text: "zz", waiting: false }, shown: [] },
  "list, line lost": but(list, { link: "reconnecting" }),
  "list, somebody came": { ...list, arrivals: ["v1"], news: { kind: "arrival", visit: "v1", name: "Sample Patient" } },
  ...doing(["default", "granted", "denied", "none"], (alerts) => [`list, alerts ${alerts}`, { ...list, alerts }]),
  "list, no tone": { ...list, silent: ["sample.provider"] },
  "list, a failure": { ...list, failing: { code: "already_admitted", by: "Sample Nurse" }, failedAt: NOW },
  "list, about to be signed out": { ...list, activeAt: NOW - 870_000 },
  "list, at the desk": but(list, { me: { role: "front_desk" } }),
  "call list, on its way": { ...list, readiness: { day: "2026-11-23", list: null } },
  "call list, empty": { ...list, readiness: { day: "2026-11-23", list: example("call_list") } },
  "call list": {
    ...list,
    readiness: { day: "2026-11-22", list: { day: "2026-11-22", total: 4, ready: 1, untested: 1, rows: [
      called({ readiness: null }), called({ visit: "v3", readiness: { ...first.readiness, verdict: "help", cause: "camera_blocked" }, note: "Called twice" }),
      called({ visit: "v4", readiness: { ...first.readiness, verdict: "help", cause: "network_weak" }, calls: first.calls }),
    ] } },
  },
  "preview": chosen,
  "preview, at the desk": desk,
  "preview, licence and identity to be checked": withRow({ checks: ["licence", "identity", "location"] }),
  "preview, check-in open": withRow({ check_in: { complete: false, items: [...first.check_in.items, { key: "consent", kind: "consent", state: "open", title: {}, url: "", answer: {} }, { key: "insurance2", kind: "external", state: "open", title: { en: "Insurance", es: "Seguro" }, url: "", answer: {} }] } }),
  "preview, no device test": withRow({ readiness: null, wishes: [], guests: [], messages: [], calls: [], note: "" }),
  "preview, device needs help": withRow({ readiness: { ...first.readiness, verdict: "help", cause: "microphone_silent" } }),
  "preview, lost the connection": withRow({}, { connected: false, lost_at: "2026-11-22T14:30:30.000Z" }),
  "preview, has not come": withRow({}, { phase: "invited", waiting_since: null, arrived_at: null }),
  "preview, all wishes": withRow({ wishes: ["call", "companion", "interpreter"].map((wish) => ({ wish, at: "2026-11-22T14:20:00.000Z" })) }),
  "preview, the visit runs with others": withRow({ phase: "in_progress", with: ["Sample Nurse"], may: ["enter", "late", "call"] }, { phase: "in_visit" }),
  "preview, over": withRow({ phase: "ended", may: [] }, { phase: "left" }),
  ...doing(["blocked", "busy", "no_camera", "no_microphone", "no_devices", "insecure", "unsupported", "blocked_system", "failed"], (problem) => [`visit, own device: ${problem}`, but(visit, { devices: { problem, camera: problem === "no_microphone", microphone: problem === "no_camera" } })]),
  "going in, devices asked for": but(chosen, { devices: { asking: true } }),
  "visit": visit,
  "visit, picture": but(visit, { media: "connected", scene: { pictures: ["p1"], speaking: ["p1"] }, now: { others: [{ ...other, camera: true }] } }),
  "visit, three people": but(visit, { media: "connected", now: { others: [other, guest] } }),
  "visit, alone": but(visit, { now: { others: [] } }),
  "visit, held alone": but(visit, { now: { others: [{ ...other, phase: "on_hold" }] } }),
  "visit, the patient is lost": but(visit, { now: { others: [{ ...other, connected: false }] } }),
  "visit, the patient's picture is paused": but(visit, { now: { others: [{ ...other, camera: true, paused: true, quality: "poor" }] } }),
  ...doing(["good", "fair", "poor"], (quality) => [`visit, own line ${quality}`, but(visit, { media: "connected", now: { media: { ...example("media"), quality }, others: [{ ...other, quality }] } })]),
  "visit, the patient shows a screen": but(visit, { now: { others: [{ ...other, screen: true }] } }),
  "visit, own screen shown": but(visit, { scene: { sharing: "on" } }),
  "visit, own picture paused": but(visit, { scene: { weak: true } }),
  "visit, muted and camera off": but(visit, { muted: true, cameraOff: true }),
  "visit, line lost": but(visit, { link: "reconnecting" }),
  "visit, media lost": but(visit, { media: "reconnecting" }),
  "visit, sound refused before a tap": but(visit, { soundBlocked: true }),
  "visit, photo asked for": but(visit, { now: { photo_asked: true } }),
  "visit, a photo came": but(visit, { now: { photos: [photo] } }),
  "visit, More": but(visit, { tools: { panel: "more" }, devices: { microphones: [{ id: "m", label: "Headset" }, { id: "n", label: "" }], cameras: [{ id: "c", label: "" }, { id: "d", label: "Back" }], speakers: [{ id: "s", label: "Speaker" }], blur: true } }),
  "visit, chat": but(visit, { tools: { panel: "chat" }, now: { talk: { chat: [{ id: "p1.k1", sender: "p1", name: "Sample Patient", at: "2026-11-22T14:31:00.000Z", text: "I hear you" }], captions: null } }, talk: { of: "sample-provider", pending: [{ key: "k", text: "Good", failed: true }], failing: "offline" } }),
  "visit, captions typed": but(visit, { tools: { panel: "chat" }, talk: { of: "sample-provider", captioning: true, caption: "Good" }, now: { talk: { chat: [], captions: { participant: "sample-provider", name: "Dr. Sample Provider", number: 1, lines: ["Good morning."] } } } }),
  "visit, captions taken": but(visit, { tools: { panel: "chat" }, talk: { of: "sample-provider", captioning: true, failing: "captions_taken" } }),
  ...doing(Object.keys(DIALOGS), (kind) => [`dialog, ${kind}`, but(kind === "photo" || kind === "end" || kind === "remove" ? visit : chosen, { ...open({ kind, ...DIALOGS[kind] }), colleagues: example("colleagues").staff })]),
  ...doing(Object.keys(answers), (kind) => [`dialog, ${kind} done`, but(chosen, open({ kind, ...DIALOGS[kind] }, { answer: answers[kind], copied: true }))]),
  ...doing(["invite", "call", "book", "password", "late", "waive", "reschedule", "hand_over"], (kind) => [`dialog, ${kind} refused`, but(chosen, { ...open({ kind, ...DIALOGS[kind] }, { failing: { code: "storage_failed" } }), colleagues: [] })]),
  "dialog, hand_over without its colleagues": but(chosen, open({ kind: "hand_over" })),
  "dialog, late for all": but(chosen, open({ kind: "late", visit: null })),
  "dialog, book, a name is wrong": but(chosen, open({ kind: "book" }, { failing: { code: "invalid_booking", field: "patient" }, twice: true })),
  "dialog, card without an address": but(chosen, open({ kind: "card", row: { ...first, check_in: { complete: false, items: [] }, patient: { ...first.patient, phone: "" } } })),
  "dialog, card, line down": but(chosen, { ...open({ kind: "card", row: first }), link: "reconnecting" }),
  "dialog, photo full": but(visit, open({ kind: "photo", photo, full: true })),
};
