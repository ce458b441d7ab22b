/** The patient's page in each of its states, by name: what the axe run draws, and what screens.test.mjs holds against the types. */
import { doing } from "./doing.mjs";
import { after, checked, example, fresh, NOW, snapshot, started, view, visiting, waiting } from "../patient_rig.mjs";

const DEVICES = {
  cameras: [{ id: "c", label: "Front camera" }, { id: "d", label: "" }], microphones: [{ id: "m", label: "Headset" }, { id: "n", label: "" }],
  speakers: [{ id: "s", label: "Speaker" }, { id: "t", label: "" }],
};
const at = (...events) => after(fresh(), ...events)[0];
/** The state with these parts of it changed. */
const but = (state, { devices = {}, sound = {}, tools = {}, scene = {}, talk = {}, me = {}, visit = {}, snap = {}, ...more }) => ({
  ...state,
  devices: { ...state.devices, ...devices }, sound: { ...state.sound, ...sound }, tools: { ...state.tools, ...tools },
  scene: { ...state.scene, ...scene }, talk: { ...state.talk, ...talk },
  snapshot: state.snapshot === null ? null : { ...state.snapshot, ...snap, me: { ...state.snapshot.me, ...me }, visit: { ...state.snapshot.visit, ...visit } },
  ...more,
});

const start = at(view());
const devices = but(at(...checked), { devices: { ...DEVICES, speakerId: "" } });
const sound = but(devices, { screen: "sound" });
const item = (kind, state = "open") => ({ key: kind, kind, state, title: { en: "Insurance card", es: "Tarjeta del seguro" }, url: "https://portal.sample.invalid/insurance", answer: {} });
const ITEMS = ["location", "callback", "consent", "reason", "external"].map((kind) => item(kind));
const list = (items) => ({ complete: items.every(({ state }) => state !== "open"), items, consent: example("snapshot_visit").check_in.consent });
const checkIn = (page, more = {}) => but(at(...checked), { screen: "checkin", page, snap: { check_in: list(ITEMS) }, me: { phase: "preparing" }, ...more });
const inLine = at(...waiting);
const visit = but(at(...visiting), { devices: { ...DEVICES, speakerId: "", blur: false } });
const other = visit.snapshot.others[0];
const guest = { ...other, id: "guest-1", name: "Sample Interpreter", role: "interpreter" };
const ended = at(...visiting, { type: "leave_tapped" }, snapshot("left"));
const over = { ...ended, screen: "ended", why: "over", token: null };
const LINE = { id: "p2.k1", sender: "p2", name: "Dr. Sample Provider", at: "2026-11-22T14:10:00.000Z", text: "How are you?" };
const MINE = { ...LINE, id: "p1.k1", sender: "p1", name: "Sample Patient", text: "Well, thank you" };
const talk = { chat: [LINE, MINE], captions: null };

export const patient = Object.fromEntries(
  Object.entries({
    "opening": fresh(),
    "coming back": fresh({ token: "sample-token" }),
    "start": start,
    "start, starting": but(start, { busy: "redeem" }),
    "start, no answer": but(start, { notice: "offline" }),
    "start, days before": at(view({ visit: { ...example("invitation_view").visit, starts_at: "2026-11-24T14:30:00.000Z", opens_at: "2026-11-24T14:00:00.000Z" } })),
    "start, in use elsewhere": at(view({ in_use: true })),
    ...doing(["companion", "interpreter", "guest", "helper"], (role) => [`start as ${role}`, at(view({ role }))]),
    "a call was asked for at the door": but(start, { called: { callback_known: true } }),
    "a call was asked for, and there is no number": but(start, { called: { callback_known: false } }),
    "a call is being asked for": but(start, { asking: "call" }),
    "a call that did not get through": but(start, { unasked: "call" }),
    "early, by days": but(start, { screen: "early", invitation: { ...start.invitation, visit: { ...start.invitation.visit, starts_at: "2026-11-27T14:30:00.000Z", opens_at: "2026-11-27T14:00:00.000Z", check_in_opens_at: "2026-11-24T14:30:00.000Z" } } }),
    "early, by minutes": but(start, { screen: "early", invitation: { ...start.invitation, visit: { ...start.invitation.visit, starts_at: "2026-11-22T14:50:00.000Z", opens_at: "2026-11-22T14:20:00.000Z" } } }),
    ...doing(["ended", "cancelled", "rescheduled"], (why) => [`expired, ${why}`, but(start, { screen: "expired", why })]),
    "replaced": but(start, { screen: "replaced" }),
    ...doing(["unknown", "no_code", "removed", "offline", "failed"], (why) => [`error, ${why}`, but(fresh(), { screen: "error", why, busy: null, clinic: why === "removed" ? start.clinic : null })]),
    "confirm": at(view({ ask_birth_date: true }), ...started.slice(1)),
    "confirm, checking": but(at(view({ ask_birth_date: true }), ...started.slice(1)), { busy: "confirm", draft: { year: "1961", month: "4", day: "30" } }),
    "confirm, wrong": but(at(view({ ask_birth_date: true }), ...started.slice(1)), { wrong: { field: "birth_date", key: "confirm.wrong", n: 2 } }),
    "confirm, too often": but(at(view({ ask_birth_date: true }), ...started.slice(1)), { unsure: true }),
    "devices, nothing asked yet": but(devices, { devices: { status: "idle", camera: false, microphone: false } }),
    "devices, asking": but(devices, { devices: { status: "asking", camera: false, microphone: false } }),
    "devices, asking for long": but(devices, { devices: { status: "asking", slow: true, camera: false, microphone: false } }),
    "devices, ready": but(devices, { devices: { heard: true } }),
    "devices, not heard for long": but(devices, { devices: { heard: false, since: NOW - 60_000 } }),
    "devices, before the door opens": but(devices, { testing: true, devices: { heard: true } }),
    "devices, joining": but(devices, { busy: "join" }),
    "devices, sound only": but(devices, { devices: { picture: false, camera: false } }),
    "devices, another one did not start": but(devices, { devices: { refused: "audio" } }),
    ...doing(["good", "fair", "poor", "blocked", "untested"], (kind) => [`devices, network ${kind}`, but(devices, { network: { ...devices.network, tested: kind } })]),
    ...doing(["blocked", "blocked_system", "busy", "no_camera", "no_devices", "insecure", "unsupported", "failed"], (problem) => [`devices, ${problem}`, but(devices, { devices: { status: "failed", problem, camera: false, microphone: problem === "no_camera" } })]),
    "devices, no_microphone": but(devices, { devices: { status: "ready", problem: "no_microphone", microphone: false } }),
    ...doing(["none", "asking", "failed", "made", "copied", "uncopied", "folded"], (status) => [`devices, helper's link ${status}`, but(devices, { helper: { status, url: ["made", "copied", "uncopied", "folded"].includes(status) ? "https://visits.sample.invalid/v#code" : "" } })]),
    "sound": sound,
    "sound, heard": but(sound, { sound: { said: "heard" }, busy: "join" }),
    "sound, refused before a tap": but(sound, { sound: { refused: true } }),
    ...doing(["ios", "android", "windows"], (system) => [`sound, silent on ${system}`, but(sound, { sound: { said: "silent" }, device: { ...sound.device, system } })]),
    "sound, another speaker did not start": but(sound, { sound: { said: "silent" }, devices: { refused: "speaker" } }),
    ...doing(["calling", "speaking", "over", "busy", "failed"], (echo) => [`own voice, ${echo}`, but(sound, { sound: { echo } })]),
    "own voice, not heard": but(sound, { sound: { echo: "speaking", self: "silent" } }),
    ...doing(ITEMS, ({ key }) => [`check-in, ${key}`, checkIn(key)]),
    "check-in, wrong number": checkIn("callback", { draft: { "callback.phone": "12" }, wrong: { field: "callback.phone", key: "checkin.wrong.phone" } }),
    "check-in, saving": checkIn("reason", { busy: "answer" }),
    "check-in, not saved": checkIn("reason", { notice: "timeout" }),
    "check-in, ready": checkIn("ready", { snap: { check_in: list(ITEMS.map((one) => ({ ...one, state: "done" }))) } }),
    "check-in, the portal's part is left": checkIn("ready", { snap: { check_in: list(ITEMS.map((one) => ({ ...one, state: one.kind === "external" ? "open" : "done" }))) } }),
    "check-in, line lost": checkIn("reason", { link: "reconnecting" }),
    "waiting": inLine,
    "waiting, next": but(inLine, { wait: { low: 0, high: 10, ahead: 0 }, checkedAt: NOW - 5000 }),
    "waiting, a range and people before": but(inLine, { wait: { low: 10, high: 25, ahead: 3 }, checkedAt: NOW }),
    "waiting, long": but(inLine, { wait: { low: 90, high: 120, ahead: 9 }, checkedAt: NOW }),
    "waiting, late": but(inLine, { visit: { late_minutes: 15 } }),
    "waiting, nobody of the staff here": but(inLine, { snap: { staff_present: false } }),
    "waiting, handed over": but(inLine, { snap: { next: { name: "Dr. Other" } } }),
    "waiting, returned": but(inLine, { returned: true }),
    "waiting, wishes made": but(inLine, { snap: { wishes: ["call", "companion", "interpreter"] } }),
    "waiting, a wish on its way": but(inLine, { asking: "companion" }),
    "waiting, message being sent": but(inLine, { sending: true, draft: { message: "I am here" } }),
    "waiting, message not sent": but(inLine, { notice: "timeout", draft: { message: "I am here" } }),
    "waiting, sound only": but(inLine, { devices: { camera: false, picture: false } }),
    "waiting, muted and camera off": but(inLine, { muted: true, cameraOff: true }),
    "waiting, not heard": but(inLine, { devices: { microphone: false } }),
    "waiting, device gone": but(inLine, { deviceLost: true }),
    "waiting, device gone with its cause": but(inLine, { deviceLost: true, devices: { problem: "busy" } }),
    "waiting, line lost": but(inLine, { link: "reconnecting" }),
    "visit": visit,
    "visit, picture coming": but(visit, { media: "connecting" }),
    "visit, seen and heard": but(visit, { media: "connected", scene: { pictures: [`${other.id}`], speaking: [other.id] } }),
    ...doing(["good", "fair", "poor"], (quality) => [`visit, line ${quality}`, but(visit, { media: "connected", snap: { media: { ...example("media"), quality }, others: [{ ...other, quality }] } })]),
    "visit, three people": but(visit, { media: "connected", snap: { others: [other, guest] } }),
    "visit, a screen is shown": but(visit, { media: "connected", snap: { others: [{ ...other, screen: true }] } }),
    "visit, own screen is shown": but(visit, { media: "connected", scene: { sharing: "on" } }),
    "visit, own screen is asked for": but(visit, { scene: { sharing: "asking" } }),
    "visit, the other is muted without a camera": but(visit, { snap: { others: [{ ...other, microphone: false, camera: false }] } }),
    "visit, the other's picture is paused": but(visit, { snap: { others: [{ ...other, paused: true }] } }),
    "visit, the other is lost": but(visit, { snap: { others: [{ ...other, connected: false }] } }),
    "visit, the other is on hold": but(visit, { snap: { others: [{ ...other, phase: "on_hold" }] } }),
    "visit, the picture stands still": but(visit, { media: "connected", scene: { stalled: [other.id] } }),
    "visit, nobody else": but(visit, { snap: { others: [] } }),
    "visit, the other stepped out": but(visit, { snap: { others: [] }, lastOther: "Dr. Sample Provider" }),
    "visit, on hold": but(visit, { me: { phase: "on_hold" } }),
    "visit, to be let in again": but(visit, { me: { phase: "on_hold" }, moved: true }),
    "visit, handed over": but(visit, { me: { phase: "on_hold" }, snap: { next: { name: "Dr. Other" }, others: [] } }),
    "visit, muted and camera off": but(visit, { muted: true, cameraOff: true }),
    "visit, own picture paused": but(visit, { media: "connected", scene: { weak: true } }),
    "visit, media lost": but(visit, { media: "reconnecting" }),
    "visit, line lost": but(visit, { link: "reconnecting" }),
    "visit, device gone": but(visit, { deviceLost: true }),
    ...doing(["blocked", "busy", "no_camera", "no_devices", "failed"], (problem) => [`visit, device gone: ${problem}`, but(visit, { deviceLost: true, devices: { problem } })]),
    "visit, sound refused before a tap": but(visit, { soundBlocked: true }),
    ...doing(["top-left", "top-right", "bottom-right", "bottom-left"], (corner) => [`visit, own picture ${corner}`, but(visit, { corner })]),
    "visit, More": but(visit, { tools: { panel: "more" } }),
    "visit, More with all on": but(visit, { tools: { panel: "more", full: true, small: true, large: true }, devices: { blur: true, refused: "camera" } }),
    "visit, chat without a line": but(visit, { tools: { panel: "chat" }, snap: { talk: { chat: [], captions: null } } }),
    "visit, chat": but(visit, { tools: { panel: "chat" }, snap: { talk }, talk: { of: "p1", draft: "And", pending: [{ key: "k2", text: "On its way" }, { key: "k3", text: "Not sent", failed: true }], failing: "offline" } }),
    "visit, an unread message": but(visit, { snap: { talk }, talk: { of: "p1", news: { id: LINE.id, name: LINE.name, text: LINE.text, at: NOW } } }),
    "visit, captions": but(visit, { snap: { talk: example("snapshot_visit").talk }, talk: { of: "p1" } }),
    "visit, captions hidden": but(visit, { snap: { talk: example("snapshot_visit").talk }, talk: { of: "p1", hidden: true } }),
    "visit, photo asked for": but(visit, { snap: { photo_ask: { id: "a1", name: "Dr. Sample Provider" } } }),
    ...doing(["aim", "making", "made", "sending"], (step) => [`visit, photo ${step}`, but(visit, { tools: { panel: "photo" }, photo: { ...visit.photo, open: true, step, url: step === "made" || step === "sending" ? "data:image/gif;base64,R0lGODlhAQABAAAAACw=" : "" } })]),
    "visit, photo without a camera": but(visit, { tools: { panel: "photo" }, cameraOff: true, photo: { ...visit.photo, open: true } }),
    "visit, photo not sent": but(visit, { tools: { panel: "photo" }, photo: { ...visit.photo, open: true, step: "made", url: "data:image/gif;base64,R0lGODlhAQABAAAAACw=", failing: "unsent" } }),
    "visit, photo sent": but(visit, { photo: { ...visit.photo, sentAt: NOW } }),
    "ended, left": { ...ended, screen: "ended", why: "left" },
    "ended, left, coming back": { ...ended, screen: "ended", why: "left", busy: "join" },
    "ended": over,
    "ended, never let in": { ...over, admitted: false, startedAt: null },
    ...doing(["none", "loading", "failed"], (status) => [`ended, receipt ${status}`, { ...over, ticket: "sample", receipt: { status, value: null } }]),
    "ended, receipt shown": { ...over, ticket: "sample", receipt: { status: "shown", value: example("receipt") } },
    ...doing(["none", "sending", "failed", "sent"], (feedback) => [`ended, feedback ${feedback}`, { ...over, ticket: "sample", admitted: true, feedback }]),
    "ended, helped": { ...over, why: "helped", devices: { ...over.devices, status: "ready" } },
  }),
);
