/** Chat and captions of a visit: what is typed, on its way, unread. Pure, for both pages. */

/** @typedef {import("./net/messages.js").Talk} TalkNow */
/** @typedef {{talk: TalkNow | null, me: string}} Place what is said in writing now, null outside of the visit, and this person's id */
/** @typedef {{key: string, text: string}} Line */
/**
 * @typedef {object} Talk
 * @property {string} draft @property {string} caption what is typed and not sent
 * @property {boolean} captioning this person types captions
 * @property {readonly Line[]} pending lines that the chat does not show yet
 * @property {string | null} seen id of the last line that was on the screen
 * @property {{id: string, name: string, text: string, at: number} | null} news the newest line of somebody else's
 * @property {string | null} failing
 * @property {boolean} hidden this person does not want captions
 */
/** @typedef {{type: "write", name: "chat.say" | "captions.say", argument: {text: string, key?: string}}} TalkEffect */
/** @typedef {{screen: string, now: number, link: string, tools: import("./media/types.js").Tools, talk: Talk}} Talking */

/** @type {Talk} */
export const NO_TALK = { draft: "", caption: "", captioning: false, pending: [], seen: null, news: null, failing: null, hidden: false };

/** How long the newest line stands above the controls. */
const SHOWN_MS = 10_000;
/** After these the line is sent again as soon as there is a connection. */
const AGAIN = ["offline", "timeout", "draining"];

/** @type {Record<string, (state: any, event: any) => [any, TalkEffect[]]>} */
export const TALK_STEPS = {
  chat_typed: (state, { text }) => [having(state, { draft: text }), []],

  chat_sent(state, { key }) {
    const text = state.talk.draft.trim();
    return [text === "" ? state : having(state, { draft: "", failing: null, pending: [...state.talk.pending, { key, text }] }), []];
  },

  captions_tapped: (state) => [having(state, { captioning: !state.talk.captioning, failing: null }), []],

  captions_hidden: (state) => [having(state, { hidden: !state.talk.hidden }), []],

  caption_typed: (state, { text }) => [having(state, { caption: text }), []],

  caption_sent(state) {
    const text = state.talk.caption.trim();
    return text === "" ? [state, []] : [having(state, { caption: "", failing: null }), [{ type: "write", name: "captions.say", argument: { text } }]];
  },

  /** What was refused goes back into its field: nobody types it twice. */
  written(state, { name, argument: { key, text }, ack }) {
    if ("ok" in ack) return [state, []];
    const { code } = ack.error;
    const { talk } = state;
    if (name === "captions.say") return [having(state, { failing: code, caption: talk.caption === "" ? text : talk.caption }), []];
    if (AGAIN.includes(code)) return [having(state, { failing: "offline" }), []];
    const draft = talk.draft === "" ? text : `${text}\n${talk.draft}`;
    return [having(state, { failing: code, draft, pending: talk.pending.filter((/** @type {Line} */ one) => one.key !== key) }), []];
  },
};

/**
 * What follows from any change: lines that have arrived are on their way no more, those in front of this person are read, and
 * what the line lost is sent again.
 * @template {Talking} S
 * @param {S} before @param {S} state @param {(state: S) => Place} placeOf @returns {[S, TalkEffect[]]}
 */
export function followTalk(before, state, placeOf) {
  if (state.screen !== "visit") return [state.talk === NO_TALK ? state : { ...state, talk: NO_TALK }, []];
  const { talk: now, me } = placeOf(state);
  const lines = now?.chat ?? [];
  const last = lines.at(-1);
  const { talk } = state;
  const came = new Set(lines.map(({ id }) => id));
  const left = talk.pending.filter(({ key }) => !came.has(`${me}.${key}`));
  const was = placeOf(before).talk;
  const news = last !== undefined && last.sender !== me && was !== null && was.chat.at(-1)?.id !== last.id ? { ...last, at: state.now } : talk.news;
  const seen = last !== undefined && state.tools.panel === "chat" ? last.id : talk.seen;
  const pending = left.length === talk.pending.length ? talk.pending : left;
  const failing = talk.failing === "offline" && left.length === 0 ? null : talk.failing;
  const same = news === talk.news && seen === talk.seen && pending === talk.pending && failing === talk.failing;
  const back = state.link === "connected" && before.link !== "connected";
  const sends = back ? left : left.filter((one) => !before.talk.pending.includes(one));
  return [same ? state : { ...state, talk: { ...talk, news, seen, pending, failing } }, sends.map((one) => ({ type: "write", name: "chat.say", argument: one }))];
}

/** How many lines of others have not been on the screen. @param {Talking} state @param {Place} place */
export function unread({ talk: { seen } }, { talk, me }) {
  const lines = talk?.chat ?? [];
  return lines.slice(lines.findIndex(({ id }) => id === seen) + 1).filter(({ sender }) => sender !== me).length;
}

/** The newest line of somebody else's, while it is new. @param {Talking} state */
export const newLine = ({ talk: { news }, now }) => (news !== null && now - news.at < SHOWN_MS ? news : null);

/** @param {any} state @param {Partial<Talk>} change */
const having = (state, change) => ({ ...state, talk: { ...state.talk, ...change } });
