/**
 * The patient's page, as types for the checker: what it knows at one moment, and what its machine takes and gives.
 * No page loads this file.
 *
 * @typedef {import("../net/messages.js").InvitationView} InvitationView
 * @typedef {import("../net/messages.js").VisitSnapshot} VisitSnapshot
 * @typedef {import("../net/messages.js").Clinic} Clinic
 * @typedef {import("../net/messages.js").Failure} Failure
 * @typedef {import("../net/messages.js").CheckInItem} CheckInItem
 * @typedef {import("../net/messages.js").DeviceReport} DeviceReport
 * @typedef {import("../net/messages.js").Receipt} Receipt
 * @typedef {import("../net/messages.js").Wish} Wish
 * @typedef {import("../media/devices.js").Captured} Captured
 * @typedef {import("../media/devices.js").Problem} Problem
 * @typedef {import("../media/devices.js").Device} Device
 * @typedef {import("../i18n.js").Language} Language
 *
 * @typedef {"start" | "early" | "expired" | "replaced" | "confirm" | "devices" | "sound" | "checkin" | "waiting" | "visit" | "ended" | "error"} Screen
 * @typedef {"ended" | "cancelled" | "rescheduled" | "unknown" | "no_code" | "removed" | "offline" | "failed" | "over" | "left" | "helped"} Why
 * @typedef {"view" | "resume" | "redeem" | "confirm" | "answer" | "join" | null} Busy
 * @typedef {"top-left" | "top-right" | "bottom-right" | "bottom-left"} Corner
 *
 * @typedef {import("../media/types.js").Choices & OwnDevices} Devices
 * @typedef {object} OwnDevices
 * @property {"idle" | "asking" | "ready" | "failed"} status
 * @property {Problem | null} problem
 * @property {boolean} slow the permission question has not been settled for a while
 * @property {boolean} heard the microphone has once risen to the loudness of speech
 * @property {boolean} stirred it has given anything but digital silence
 * @property {number} since when the devices opened
 * @property {boolean} picture the patient wants to be seen: false after "Sound only", also after a reload
 * @property {boolean} camera
 * @property {boolean} microphone
 *
 * @typedef {object} State
 * @property {Screen} screen
 * @property {Why | null} why of expired, ended and error
 * @property {Busy} busy what the page waits for before it can go on
 * @property {number} busySince
 * @property {string | null} notice code of the failure to show on this screen
 * @property {Wrong | null} wrong what is wrong with one field of this screen
 * @property {Readonly<Record<string, string>>} draft what was typed and not yet taken over by the server, by field
 * @property {string | null} page the open page of the check-in: an item's key, `ready` for the last one
 * @property {boolean} unsure the date of birth was wrong too often; staff will ask, and the patient is being told so
 * @property {boolean} taken another document of this browser holds the session that lay in this tab
 * @property {Language} language
 * @property {boolean} languageChosen by the person: what was booked does not count any more
 * @property {string} code
 * @property {string | null} token
 * @property {string | null} ticket the last token there was: it opens the receipt when the visit is over
 * @property {InvitationView | null} invitation
 * @property {Clinic | null} clinic
 * @property {number} offset_ms the server's clock minus ours
 * @property {number} now our clock at the last tick
 * @property {boolean} testing the devices screen without a session, before the door opens
 * @property {Devices} devices
 * @property {Sound} sound
 * @property {"in" | "out" | null} wants what the patient last asked for: be in the visit, or be out of it
 * @property {boolean} renewed the session was redeemed anew without a tap, and no snapshot has come since
 * @property {VisitSnapshot | null} snapshot
 * @property {import("../net/socket.js").LinkStatus | "off"} link
 * @property {import("../media/types.js").MediaStatus} media
 * @property {number} mediaSince when the media path became what it is
 * @property {number | null} checkedAt when the server last said that the place is kept
 * @property {number | null} startedAt
 * @property {boolean} muted
 * @property {boolean} cameraOff
 * @property {boolean} deviceLost camera or microphone went away (then `devices.problem` is null), or did not come back
 * @property {readonly import("../media/dead_tracks.js").Kind[]} mended dead, and asked for anew since the last interruption
 * @property {Corner} corner
 * @property {boolean} soundBlocked the browser plays nothing before a tap
 * @property {import("../media/types.js").Scene} scene pictures and voices in the visit
 * @property {import("../media/types.js").Tools} tools
 * @property {string | null} lastOther who was last in the visit with this patient
 * @property {number} otherSince when the one whom the picture shows came in
 * @property {import("../net/messages.js").Wait | null} wait
 * @property {boolean} visible the page is in front
 * @property {string | null} news id of the message that came while the patient waits, for those who listen
 * @property {boolean} sending a message is on its way
 * @property {Wish | null} asking a wish is on its way
 * @property {boolean} admitted this person was let into the visit, as far as this page knows
 * @property {{callback_known: boolean} | null} called a call was asked for by the link alone
 * @property {Wish | null} unasked a wish that did not get through, as far as this page knows
 * @property {boolean} moved on hold since this page came: it took the visit over, and the care team must let it in again
 * @property {boolean} returned from the visit back to the waiting room
 * @property {DeviceClass} device
 * @property {Network} network
 * @property {DeviceReport | null} reported what was last said about devices and network
 * @property {"video" | "audio"} modality as last told
 * @property {{status: "none" | "loading" | "failed" | "shown", value: Receipt | null}} receipt
 * @property {PhotoState} photo
 * @property {import("./helping.js").Helper} helper
 * @property {import("../talk.js").Talk} talk chat and captions
 * @property {import("../talk.js").Kept | null} left of the chat, by an earlier document of this tab
 * @property {"none" | "sending" | "failed" | "sent"} feedback how far the answer to the one question at the end is
 */

/**
 * @typedef {object} Sound the check of the speaker, and of the own voice
 * @property {boolean} known heard from this speaker, now or on another day
 * @property {"heard" | "silent" | null} said
 * @property {boolean} refused nothing is played before a tap
 * @property {Echo | null} echo the test call in which the patient hears themselves, null while none was asked for
 * @property {"heard" | "silent" | null} self what the patient said of it
 *
 * @typedef {"calling" | "speaking" | "over" | "busy" | "failed"} Echo `over`: its time is up; `busy`: too many of them
 */

/**
 * @typedef {object} PhotoState the photo that is being made for the care team
 * @property {boolean} open the panel in which it is made
 * @property {"aim" | "making" | "made" | "sending"} step
 * @property {string} url where the page shows it, "" while there is none
 * @property {string | null} failing
 * @property {number | null} sentAt when the last one arrived
 * @property {string | null} later the request that the patient put off
 *
 * @typedef {{type: "takePhoto"} | {type: "readPhoto", file: File} | {type: "sendPhoto", token: string} | {type: "dropPhoto"} | {type: "refocus", ids: string[]}} PhotoEffect
 */

/**
 * @typedef {{field: string, key: string, n?: number}} Wrong the words' key, and a number in them
 * @typedef {{device: string, system: string, browser: string, in_app: boolean}} DeviceClass classes, never a User-Agent
 * @typedef {{kind: DeviceReport["network"], next: DeviceReport["network"], times: number, tested: DeviceReport["network"] | null}} Network
 *   the verdict, one that must be read several times in a row before it counts, and what the test beside the device check found
 */

/**
 * @typedef {object} Opening
 * @property {string} code from the address; empty when there is none
 * @property {string | null} token kept by this tab for this very code
 * @property {number | null} startedAt
 * @property {Language} language
 * @property {boolean} [languageChosen]
 * @property {number} now
 * @property {DeviceClass} [device] @property {boolean} [visible] @property {boolean} [heard] the test sound, in this browser before
 * @property {Clinic | null} [clinic] as the page itself names it
 * @property {boolean} [large] the text, as it was left
 * @property {import("../talk.js").Kept | null} [left] of the chat
 * @property {boolean} [picture] @property {boolean} [muted] @property {boolean} [cameraOff] as they were before the reload
 * @property {boolean} [taken]
 */

/**
 * @typedef {{code: string, token: string, startedAt: number | null, picture: boolean, muted: boolean, cameraOff: boolean}} Session
 *   what a reload of this tab must find again
 */

/**
 * @typedef {{type: string, [fact: string]: any}} Event
 * @typedef {import("../media/types.js").ToolEffect | import("../talk.js").TalkEffect | PhotoEffect | import("./helping.js").HelperEffect | {type: "view" | "look", code: string} | {type: "redeem", code: string, after_ms?: number} | {type: "connect", token: string}
 *   | {type: "disconnect"} | {type: "keepSession", session: Session} | {type: "forgetSession"}
 *   | {type: "capture", picture: boolean, cameraId?: string, microphoneId?: string} | {type: "captureOne", kind: "audio" | "camera"}
 *   | {type: "flip"} | {type: "releaseDevices"} | {type: "devices", microphone: boolean, camera: boolean, screen: boolean, paused: boolean}
 *   | {type: "shareScreen"} | {type: "stopSharing"}
 *   | {type: "join"} | {type: "leave"} | {type: "check"}
 *   | {type: "confirm", birth_date: string} | {type: "answer", item: string, answer: Record<string, string>}
 *   | {type: "sendMessage", text: string} | {type: "readMessages", message: string, read: boolean} | {type: "wish", wish: Wish} | {type: "askForCall", code: string}
 *   | {type: "modality", modality: "video" | "audio", reason: "chosen" | "device" | "network"} | {type: "readiness", code: string, report: DeviceReport}
 *   | import("./test_calls.js").TestEffect
 *   | {type: "receipt", token: string} | {type: "feedback", token: string, answer: "well" | "trouble" | "failed"} | {type: "media", media: import("../net/messages.js").Media | null}
 *   | {type: "closeMedia"} | {type: "mute", muted: boolean} | {type: "camera", off: boolean} | {type: "chime"} | {type: "wakeAudio"}
 *   | {type: "keepAwake", on: boolean} | {type: "playSound"} | import("./sound_edge.js").SoundEffect | {type: "copyLink"} | {type: "language", language: Language}} Effect
 */
export {};
