/**
 * What Peer takes and gives, as types for the checker. No page loads this file.
 *
 * @typedef {import("../net/messages.js").Ack} Ack
 *
 * @typedef {"none" | "connecting" | "connected" | "reconnecting"} MediaStatus
 * @typedef {{audio: MediaStreamTrack | null, camera: MediaStreamTrack | null}} Tracks
 * @typedef {{participant: string, name: string, stream: MediaStream, audio: boolean, camera: boolean}} Remote
 *
 * @typedef {{now: () => number, start: (action: () => void, delay_ms: number) => any, stop: (timer: any) => void}} Clock
 *
 * @typedef {object} PeerHandlers
 * @property {(answer: {transport: string, revision: number, sdp: string}) => Promise<Ack>} sendAnswer
 * @property {(transport: string) => Promise<Ack>} sendRestart
 * @property {(status: MediaStatus) => void} onStatus
 * @property {(remotes: Remote[]) => void} onRemotes
 * @property {(configuration: RTCConfiguration) => RTCPeerConnection} [connect] a test's own
 * @property {() => MediaStream} [makeStream] a test's own
 * @property {Clock} [clock] a test's own
 */
export {};
