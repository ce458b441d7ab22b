/**
 * The care team's page, as types for the checker: what it knows at one moment, and what its machine takes and gives.
 * No page loads this file.
 *
 * @typedef {import("../net/messages.js").CareSnapshot} CareSnapshot
 * @typedef {import("../net/messages.js").Row} Row
 * @typedef {import("../net/messages.js").Other} Other
 * @typedef {import("../net/messages.js").Guest} Guest
 * @typedef {import("../net/messages.js").Check} Check
 * @typedef {import("../net/messages.js").Ack} Ack
 * @typedef {import("../net/messages.js").Media} Media
 * @typedef {import("../media/devices.js").Captured} Captured
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../i18n.js").Words} Words
 *
 * @typedef {"signin" | "queue" | "preview" | "visit"} Screen
 * @typedef {Omit<CareSnapshot, "queue">} Desk the newest snapshot but for the queue, which comes by difference
 * @typedef {{code: string, by?: string, seconds?: number, field?: string, reason?: string, what?: string}} Failing a failure to say, by code
 * @typedef {{text: string, waiting: boolean}} Filter what the list shows: names that hold the text, or those who wait alone
 * @typedef {"arrival" | "message" | "wish" | "hand_over"} NewsKind
 * @typedef {{kind: NewsKind, visit: string, name: string}} News
 * @typedef {{day: string, list: import("../net/messages.js").CallList | null}} Readiness `list` is null while it is on its way
 */

/**
 * What a dialog is about, and with which facts.
 * @typedef {{kind: "end" | "no_show" | "complete" | "cancel" | "invite" | "hand_over", visit: string, name: string}
 *   | {kind: "reschedule", visit: string, name: string, starts_at: string}
 *   | {kind: "admit", visit: string, participant: string, name: string, checks: readonly string[]}
 *   | {kind: "remove", visit: string, participant: string, name: string}
 *   | {kind: "call", visit: string, name: string, phone: string, reason: string}
 *   | {kind: "waive", visit: string, item: string, title: string}
 *   | {kind: "late", visit: string | null, name: string}
 *   | {kind: "card", visit: string, row: Row}
 *   | {kind: "book" | "password" | "keys"}
 *   | {kind: "photo", visit: string, photo: import("../net/messages.js").Photo, full: boolean}} Asked
 * @typedef {Asked["kind"]} AskedKind
 * @typedef {object} Answering
 * @property {string | null} sent the request whose answer the dialog waits for
 * @property {Failing | null} failing
 * @property {any} answer what the server said, where the dialog stays open to show it
 * @property {boolean} twice the clock time asked for comes twice that day: which one?
 * @property {boolean} copied
 * @typedef {Asked & Answering} Dialog
 */

/**
 * @typedef {import("../media/types.js").Choices & {asking: boolean, problem: import("../media/devices.js").Problem | null, camera: boolean, microphone: boolean}} Devices
 *
 * @typedef {object} State
 * @property {Screen} screen
 * @property {Language} language
 * @property {string | null} token
 * @property {boolean} busy a sign-in is under way
 * @property {Failing | null} failing
 * @property {number} failedAt when `failing` came
 * @property {import("../net/messages.js").Clinic | null} clinic as the page itself names it
 * @property {Desk | null} snapshot
 * @property {ReadonlyMap<string, Row>} rows the day's list, by visit
 * @property {readonly Row[]} shown the rows that the list draws, in its order
 * @property {Filter} filter
 * @property {number} pointedAt when the pointer last moved over the list
 * @property {Readiness | null} readiness the call list, while it is open
 * @property {readonly (import("../net/messages.js").Staff & {here: boolean})[] | null} colleagues
 * @property {import("../net/socket.js").LinkStatus | "off"} link
 * @property {import("../media/types.js").MediaStatus} media
 * @property {number} offset_ms the server's clock minus ours
 * @property {number} now
 * @property {string | null} selected the visit whose row is open
 * @property {string | null} asked the visit that this person asked to be in; it has not begun yet
 * @property {number} askedAt when
 * @property {string | null} held the visit that this window held before a reload
 * @property {readonly string[]} arrivals visits whose patient came since they were last looked at
 * @property {News | null} news the newest, for those who listen
 * @property {readonly string[]} silent the user names that want no tone on this computer
 * @property {"default" | "granted" | "denied" | "none"} alerts the browser's permission for notifications
 * @property {boolean} introduced somebody has read here what the page is for
 * @property {boolean} front the page is in front
 * @property {number} touchedAt when a person last did something here
 * @property {number} activeAt when the server last heard of it
 * @property {Dialog | null} dialog
 * @property {{words: string, at: number} | null} said to whom and what was written last, unless it was refused
 * @property {readonly string[]} looked the photos that were opened on this page
 * @property {Devices} devices
 * @property {readonly import("../media/dead_tracks.js").Kind[]} mended dead, and asked for anew since the last interruption
 * @property {boolean} muted
 * @property {boolean} cameraOff
 * @property {boolean} soundBlocked
 * @property {import("../media/types.js").Scene} scene pictures and voices in the visit
 * @property {import("../media/types.js").Tools} tools
 * @property {import("../talk.js").Talk} talk chat and captions
 * @property {import("../talk.js").Kept | null} left of the chat, by an earlier document of this tab
 * @property {number} otherSince when the one whom the picture shows came in
 *
 * @typedef {{token: string | null, held: string | null, language: Language, silent: readonly string[], alerts: State["alerts"], now: number,
 *   introduced?: boolean, front?: boolean, clinic?: State["clinic"], muted?: boolean, cameraOff?: boolean, large?: boolean,
 *   left?: import("../talk.js").Kept | null}} Opening
 */

/**
 * @typedef {"visit.look" | "visit.admit" | "visit.enter" | "visit.leave" | "visit.hold" | "visit.return" | "visit.hand_over" | "visit.remove"
 *   | "visit.end" | "visit.complete" | "visit.no_show" | "visit.invite" | "visit.modality" | "message.send" | "message.read" | "queue.late"
 *   | "call.record" | "note.keep" | "checkin.waive" | "readiness.list" | "staff.list" | "presence.active" | "photo.ask"} RequestName
 * @typedef {"book" | "reschedule" | "cancel" | "password"} CallName what goes over HTTP
 * @typedef {Readonly<Record<string, unknown>>} Argument
 * @typedef {{type: string, [fact: string]: any}} Event
 * @typedef {import("../talk.js").TalkEffect | import("../media/types.js").ToolEffect | {type: "signIn", username: string, password: string} | {type: "signOut", token: string} | {type: "connect", token: string}
 *   | {type: "disconnect"} | {type: "keepToken", token: string} | {type: "forgetToken"} | {type: "keepVisit", visit: null}
 *   | {type: "keepVisit", visit: string, muted: boolean, cameraOff: boolean}
 *   | {type: "request", name: RequestName, argument: Argument} | {type: "call", name: CallName, token: string, argument: Argument}
 *   | {type: "capture"} | {type: "captureOne", kind: "audio" | "camera"} | {type: "flip"} | {type: "releaseDevices"}
 *   | {type: "devices", visit: string, microphone: boolean, camera: boolean, screen: boolean, paused: boolean}
 *   | {type: "shareScreen"} | {type: "stopSharing"} | {type: "media", visit: string, media: Media | null}
 *   | {type: "closeMedia"} | {type: "mute", muted: boolean} | {type: "camera", off: boolean} | {type: "wakeAudio"} | {type: "playSound"}
 *   | {type: "chime"} | {type: "notify", kind: NewsKind} | {type: "askForAlerts"} | {type: "keepSilent", silent: readonly string[]} | {type: "keepIntroduced"}
 *   | {type: "keepAwake", on: boolean} | {type: "focus", id: string} | {type: "clear", id: string, text: string} | {type: "copy", text: string}
 *   | {type: "showPhoto", photo: string, token: string} | {type: "dropPhoto"} | {type: "language", language: Language}} Effect
 * @typedef {[State, Effect[]]} Step
 * @typedef {Record<string, (state: State, event: any) => Step>} Handlers
 */
export {};
