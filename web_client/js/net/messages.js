/**
 * What the server says (docs/protocol.md), as types for the checker. No page loads this file; what is held against each
 * message on arrival stands in shapes.js.
 *
 * @typedef {{name: string, phone: string, time_zone: string}} Clinic
 *
 * @typedef {"patient" | "provider" | "nurse" | "front_desk"} Role
 * @typedef {"invited" | "arrived" | "waiting" | "in_visit" | "left" | "removed"} ParticipantPhase
 * @typedef {"booked" | "open" | "in_progress" | "ended" | "cancelled" | "no_show"} VisitPhase
 *
 * @typedef {{starts_at: string, opens_at: string, ends_at: string, clinician: string | null}} InvitedVisit
 * @typedef {{state: "early" | "open" | "ended" | "cancelled", in_use: boolean, role: Role, visit: InvitedVisit,
 *   clinic: Clinic, server_time: string}} InvitationView
 * @typedef {{token: string, expires_at: string, visit: string, participant: string, role: Role}} Redeemed
 * @typedef {{username: string, name: string, role: Role}} Staff
 * @typedef {{token: string, expires_at: string, staff: Staff}} SignedIn
 *
 * @typedef {{mid: string, source: string, participant: string, name: string}} RemoteSource
 * @typedef {{transport: string, revision: number, sdp: string | null, publish: boolean, mids: Record<string, string>,
 *   remote: RemoteSource[], ice_servers: RTCIceServer[]}} Media
 *
 * @typedef {{id: string, name: string, role: Role, phase: ParticipantPhase}} Me
 * @typedef {Me & {connected: boolean, microphone: boolean | null, camera: boolean | null}} Other `null`: that page has not said
 *
 * @typedef {{id: string, phase: VisitPhase, starts_at: string, opens_at: string, ends_at: string, clinician: string,
 *   started_at: string | null}} PatientVisit
 * @typedef {{version: number, server_time: string, clinic: Clinic, visit: PatientVisit, me: Me, others: Other[],
 *   staff_present: boolean, media: Media | null}} VisitSnapshot
 *
 * @typedef {{id: string, name: string, phase: ParticipantPhase, arrived_at: string | null, waiting_since: string | null,
 *   connected: boolean, lost_at: string | null}} QueuedPatient
 * @typedef {{visit: string, phase: VisitPhase, starts_at: string, opens_at: string, ends_at: string, reason: string,
 *   provider: {id: string, name: string}, patient: QueuedPatient, with: string[], may: string[]}} Row
 * @typedef {{id: string, phase: VisitPhase, started_at: string | null, elsewhere: boolean, may: string[], me: Me,
 *   others: Other[], media: Media | null}} StaffVisit
 * @typedef {{version: number, server_time: string, clinic: Clinic, me: Staff, queue: Row[],
 *   visit: StaffVisit | null}} CareSnapshot
 *
 * @typedef {{code: string, [fact: string]: unknown}} Failure `code` is the server's, or ours: `offline`, `timeout`, `garbled`.
 * @typedef {{ok: any} | {error: Failure}} Ack
 */
export {};
