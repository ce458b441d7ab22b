/**
 * What the server says (docs/protocol.md), as types for the checker. No page loads this file; what is held against each
 * message on arrival stands in shapes.js.
 *
 * @typedef {Record<string, string>} ByLanguage `{en, es}`; either may be missing
 * @typedef {{id: string, name: string, phone: string, time_zone: string, support_hours: ByLanguage, emergency_number: string, color: string | null, logo: string | null}} Clinic
 * @typedef {Clinic & {amber_minutes: number, red_minutes: number, emergency_phones: Readonly<Record<string, string>>}} CareClinic
 *
 * @typedef {"patient" | "companion" | "interpreter" | "guest" | "helper" | "provider" | "nurse" | "front_desk"} Role
 * @typedef {"invited" | "preparing" | "arrived" | "waiting" | "in_visit" | "on_hold" | "left" | "removed"} ParticipantPhase
 * @typedef {"booked" | "open" | "in_progress" | "ended" | "cancelled" | "no_show"} VisitPhase
 * @typedef {"not_asked" | "asked" | "confirmed" | "staff_checks"} Identity
 * @typedef {"video" | "audio" | "phone"} Modality
 * @typedef {"call" | "companion" | "interpreter"} Wish
 *
 * @typedef {{starts_at: string, opens_at: string, check_in_opens_at: string, ends_at: string, clinician: string | null}} InvitedVisit
 * @typedef {"early" | "check_in" | "open" | "rescheduled" | "ended" | "cancelled"} LinkState
 * @typedef {{state: LinkState, in_use: boolean, role: Role, ask_birth_date: boolean, visit: InvitedVisit, language: string | null,
 *   clinic: Clinic, server_time: string}} InvitationView
 * @typedef {{token: string, expires_at: string, visit: string, participant: string, role: Role}} Redeemed
 * @typedef {{username: string, name: string, role: Role}} Staff
 * @typedef {{token: string, expires_at: string, staff: Staff}} SignedIn
 *
 * @typedef {"works" | "blocked" | "busy" | "missing" | "silent" | "untested"} Part
 * @typedef {{camera: Part, microphone: Part, speaker: Part, echo: Part, network: "good" | "fair" | "poor" | "blocked" | "untested",
 *   in_app: boolean, unsupported: boolean, device: string, system: string, browser: string}} DeviceReport
 * @typedef {{verdict: string, cause: string}} Verdict
 *
 * @typedef {{from: string, to: string | null}} Stretch
 * @typedef {{name: string, role: Role, me: boolean, times: Stretch[]}} ReceiptPerson
 * @typedef {{visit: {starts_at: string, started_at: string | null, ended_at: string | null}, clinic: Clinic, recorded: boolean,
 *   media_server: string, people: ReceiptPerson[]}} Receipt
 *
 * @typedef {{mid: string, source: string, participant: string, name: string}} RemoteSource
 * @typedef {{transport: string, revision: number, sdp: string | null, publish: boolean, mids: Record<string, string>,
 *   remote: RemoteSource[], quality: Quality | null, ice_servers: RTCIceServer[]}} Media
 * @typedef {"good" | "fair" | "poor"} Quality of a person's line
 *
 * @typedef {{loss: number, jitter_ms: number, kbps: number, video_kbps: number, seconds: number}} TestUplink
 * @typedef {{version: number, server_time: string, media: Media, ends_in_s: number, uplink: TestUplink | null}} TestSnapshot
 * @typedef {{verdict: "good" | "fair" | "poor" | "untested", worst: string | null, uplink: TestUplink | null,
 *   downlink_loss: number | null}} TestVerdict
 *
 * @typedef {{id: string, name: string, role: Role, phase: ParticipantPhase}} Person
 * @typedef {Person & {identity: Identity}} Me
 * @typedef {Person & {connected: boolean, microphone: boolean | null, camera: boolean | null, screen: boolean | null,
 *   paused: boolean | null, quality: Quality | null}} Other `null`: that page has not said
 *
 * @typedef {"location" | "callback" | "consent" | "reason" | "external"} ItemKind
 * @typedef {{key: string, kind: ItemKind, state: "open" | "done" | "waived", title: ByLanguage, url: string,
 *   answer: Record<string, string>}} CheckInItem
 * @typedef {{complete: boolean, items: CheckInItem[], consent: {version: string, texts: ByLanguage}}} CheckIn
 * @typedef {{low: number, high: number, ahead: number | null}} Wait minutes from now
 * @typedef {{id: string, at: string, mine: boolean, name: string, text: string, canned: string, delivered: boolean, read: boolean}} Message
 *
 * @typedef {{id: string, phase: VisitPhase, starts_at: string, opens_at: string, check_in_opens_at: string, ends_at: string,
 *   clinician: string | null, started_at: string | null, late_minutes: number | null,
 *   callback_known: boolean}} PatientVisit
 * @typedef {{version: number, server_time: string, clinic: Clinic, visit: PatientVisit, me: Me, others: Other[],
 *   check_in: CheckIn | null, wait: Wait | null, next: {name: string, role: Role} | null, wishes: Wish[], messages: Message[],
 *   staff_present: boolean, photo_ask: {id: string, name: string} | null, talk: Talk | null, media: Media | null}} VisitSnapshot
 *
 * @typedef {{id: string, name: string, phase: ParticipantPhase, arrived_at: string | null, waiting_since: string | null,
 *   connected: boolean, lost_at: string | null, birth_date: string | null, language: string, interpreter: boolean, phone: string,
 *   identity: Identity, modality: Modality | null}} QueuedPatient
 * @typedef {{verdict: string, cause: string, echo: string, at: string, device: string, system: string, browser: string}} Readiness
 * @typedef {{id: string, name: string, role: Role, phase: ParticipantPhase, connected: boolean, waiting_since: string | null,
 *   link_expires_at: string | null}} Guest
 * @typedef {{id: string, participant: string, at: string, from_staff: boolean, name: string, text: string, canned: string,
 *   delivered: boolean, read: boolean}} RowMessage
 * @typedef {{at: string, name: string, reason: string, result: string, note: string}} Call
 * @typedef {"identity" | "licence"} Check
 * @typedef {"admit" | "enter" | "leave" | "hold" | "return" | "hand_over" | "remove" | "end" | "complete" | "no_show" | "invite"
 *   | "message" | "late" | "call" | "waive" | "reschedule" | "cancel"} May
 * @typedef {{visit: string, kind: string, phase: VisitPhase, starts_at: string, opens_at: string, ends_at: string, reason: string,
 *   providers: {id: string, name: string}[], patient: QueuedPatient, check_in: {complete: boolean, items: CheckInItem[]} | null,
 *   readiness: Readiness | null, checks: Check[], with: string[], handed_to: {id: string, name: string} | null,
 *   late_minutes: number | null, wishes: {wish: Wish, at: string}[], guests: Guest[], messages: RowMessage[], calls: Call[],
 *   note: string, may: May[]}} Row
 * @typedef {{full: boolean, rows: Row[], gone: string[]}} Queue by difference, where `full` is false
 * @typedef {{id: string, phase: VisitPhase, started_at: string | null, elsewhere: boolean, may: May[], me: Person,
 *   others: Other[], photos: Photo[], photo_asked: boolean, talk: Talk | null, media: Media | null}} StaffVisit
 * @typedef {{id: string, participant: string, name: string, at: string, width: number, height: number}} Photo
 * @typedef {{id: string, sender: string, name: string, at: string, text: string}} ChatLine
 * @typedef {{chat: ChatLine[], captions: {participant: string, name: string, number: number, lines: string[]} | null}} Talk
 * @typedef {{photo: string, width: number, height: number}} PhotoTaken
 * @typedef {{version: number, server_time: string, clinic: CareClinic, me: Staff & {id: string}, idle_after_s: number, queue: Queue,
 *   visit: StaffVisit | null}} CareSnapshot
 *
 * @typedef {{server_time: string, wait: Wait | null}} PresenceChecked
 * @typedef {{participant: string, url: string, expires_at: string}} Invited
 * @typedef {{day: string, total: number, ready: number, untested: number, rows: Row[]}} CallList
 * @typedef {{staff: (Staff & {here: boolean})[]}} StaffList
 *
 * @typedef {{code: string, [fact: string]: unknown}} Failure `code` is the server's, or ours: `offline`, `timeout`, `garbled`.
 *   Facts by code: `too_early` `opens_at`, `check_in_opens_at`; `birth_date_wrong` `tries_left`; `check_in_incomplete` `items`;
 *   `invalid_answer`, `invalid_text` `field`, `reason`; `confirmation_needed` `checks`; `already_admitted` `by`; `too_many` `what`;
 *   `password_weak` `reason`; `too_many_attempts` `retry_after_s`.
 * @typedef {{ok: any} | {error: Failure}} Ack
 */
export {};
