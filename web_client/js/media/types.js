/**
 * What the modules of the media path take and give, as types for the checker. No page loads this file.
 *
 * @typedef {import("../net/messages.js").Ack} Ack
 * @typedef {import("../net/messages.js").Quality} Quality
 * @typedef {import("./device_list.js").Device} Device
 *
 * @typedef {"none" | "connecting" | "connected" | "reconnecting"} MediaStatus
 * @typedef {"audio" | "camera" | "screen"} Source
 * @typedef {Record<Source, MediaStreamTrack | null>} Tracks
 *
 * @typedef {object} Remote what somebody sends, one for the person and one for their screen
 * @property {string} key names it on the page: `keyOf` of the participant
 * @property {string} participant
 * @property {string} name
 * @property {boolean} screen it is their screen
 * @property {MediaStream} stream
 * @property {boolean} audio
 * @property {boolean} picture
 * @property {RTCRtpReceiver | null} sound where their voice arrives
 *
 * @typedef {{now: () => number, start: (action: () => void, delay_ms: number) => any, stop: (timer: any) => void}} Clock
 *
 * @typedef {object} PeerHandlers
 * @property {(answer: {transport: string, revision: number, sdp: string}) => Promise<Ack>} sendAnswer
 * @property {(restart: {transport: string, keep: boolean}) => Promise<Ack>} sendRestart
 * @property {(status: MediaStatus) => void} onStatus
 * @property {(remotes: Remote[]) => void} onRemotes
 * @property {(configuration: RTCConfiguration) => RTCPeerConnection} [connect] a test's own
 * @property {() => MediaStream} [makeStream] a test's own
 * @property {Clock} [clock] a test's own
 *
 * @typedef {object} Scene what both pages know of the pictures and voices of a visit
 * @property {readonly string[]} pictures keys of those whose first frame has come
 * @property {readonly string[]} stalled keys of pictures that stand still
 * @property {readonly string[]} speaking participants
 * @property {boolean} weak the own picture waits, so that the sound gets through
 * @property {"off" | "asking" | "on"} sharing the own screen
 *
 * @typedef {"audio" | "camera"} Kind of an own device
 *
 * @typedef {object} Choices
 * @property {readonly Device[]} cameras @property {readonly Device[]} microphones @property {readonly Device[]} speakers
 * @property {string} cameraId @property {string} microphoneId
 * @property {string} speakerId empty: the system's own
 * @property {boolean | null} blur whether the own background is blurred; null: it can not be
 * @property {Kind | "speaker" | null} refused what was chosen did not start, and the one before goes on
 *
 * @typedef {object} Tools what stands beside the pictures of a visit
 * @property {string | null} panel the one that is open
 * @property {boolean} full the page fills the screen
 * @property {boolean} small a picture is in a window of its own
 * @property {boolean} large the text is larger than the system's own
 *
 * @typedef {{type: "listDevices"} | {type: "changeDevice", kind: Kind, deviceId: string} | {type: "speaker", speakerId: string} | {type: "blur", on: boolean}
 *   | {type: "fullScreen", on: boolean} | {type: "smallWindow", key: string | null} | {type: "largeText", on: boolean}} ToolEffect
 *
 * @typedef {"speaking" | "muted" | "held" | "lost" | "cameraOff" | "paused" | "noPicture"} Mark
 *
 * @typedef {object} Tile one person or one shared screen on the stage
 * @property {string} key
 * @property {string} name as a screen reader and a test find the picture
 * @property {boolean} screen
 * @property {boolean} main the one that gets the most room
 * @property {boolean} blank there is no picture to show; the sound goes on
 * @property {readonly Mark[]} marks
 * @property {Quality | null} quality of that person's line
 */
export {};
