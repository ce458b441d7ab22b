/** The photo for the care team: aim, look at it, and only then send it. */

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").PhotoState} PhotoState */
/** @typedef {import("./types.js").PhotoEffect} PhotoEffect */
/** @typedef {import("./moves.js").Step} Step */

/** @type {PhotoState} */
export const NO_PHOTO = { open: false, step: "aim", url: "", failing: null, sentAt: null, later: null };

/** What had the focus is gone, or something came before it. @type {PhotoEffect} */
const TO_TITLE = { type: "refocus", ids: ["title-photo"] };
/** To the button that opens the panel, or to that of the panel in which it stands. @type {PhotoEffect} */
const BACK = { type: "refocus", ids: ["opens-photo", "opens-more"] };

/** How long the page says that the photo has arrived. */
const SAID_MS = 10_000;

/** @type {Record<string, (state: State, event: any) => Step>} */
export const PHOTO = {
  photo_tapped: (state) => (maySend(state) && !state.photo.open ? [having(state, { open: true, sentAt: null }), [TO_TITLE]] : [state, []]),

  photo_closed: (state) => (state.photo.open ? [having(state, { open: false }), [BACK]] : [state, []]),

  photo_take_tapped: (state) => making(state, { type: "takePhoto" }),

  photo_chosen: (state, { file }) => making(state, { type: "readPhoto", file }),

  photo_made: (state, { url }) => (state.photo.step === "making" ? [having(state, { step: "made", url }), [TO_TITLE]] : [state, []]),

  photo_missed: (state) => [state.photo.step === "making" ? having(state, { step: "aim", failing: "missed" }) : state, []],

  photo_again_tapped: (state) => [having(state, { step: "aim", url: "", failing: null }), [{ type: "dropPhoto" }, TO_TITLE]],

  photo_send_tapped(state) {
    if (state.photo.step !== "made" || state.token === null) return [state, []];
    return [having(state, { step: "sending", failing: null }), [{ type: "sendPhoto", token: state.token }]];
  },

  photo_answered(state, { answer, now }) {
    if (state.photo.step !== "sending") return [state, []];
    if ("error" in answer) return [having(state, { step: "made", failing: FAILING.has(answer.error.code) ? answer.error.code : "unsent" }), []];
    return [having(state, { open: false, sentAt: now }), [BACK]];
  },

  /** Asked again it is another request. */
  photo_later_tapped: (state) => [having(state, { later: state.snapshot?.photo_ask?.id ?? null }), [BACK]],
};

/** What the patient is told in words of its own. */
const FAILING = new Set(["bad_photo", "too_many_attempts", "too_many_requests"]);

/** The photo goes with its panel, and the panel with the right to send. @param {State} before @param {State} state @returns {Step} */
export function letGo(before, state) {
  if (!before.photo.open || (state.photo.open && state.screen === "visit" && maySend(state))) return [state, []];
  return [having(state, { open: false, step: "aim", url: "", failing: null }), [{ type: "dropPhoto" }]];
}

/** The request of the care team's that the page shows now. @param {State} state */
export function askedFor({ snapshot, photo }) {
  const asked = snapshot?.photo_ask ?? null;
  return asked === null || asked.id === photo.later || photo.open ? null : asked;
}

/** Whether this person sends photos, and may now. @param {State} state */
export const maySend = ({ snapshot }) => snapshot?.me.phase === "in_visit" && (snapshot.me.role === "patient" || snapshot.me.role === "companion");

/** A photo has arrived just now. @param {State} state */
export const justSent = ({ photo, now }) => photo.sentAt !== null && now - photo.sentAt < SAID_MS;

/** @param {State} state @param {PhotoEffect} effect @returns {Step} */
function making(state, effect) {
  return state.photo.step === "making" ? [state, []] : [having(state, { step: "making", url: "", failing: null }), [effect]];
}

/** @param {State} state @param {Partial<PhotoState>} change @returns {State} */
const having = (state, change) => ({ ...state, photo: { ...state.photo, ...change } });
