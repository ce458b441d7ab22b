/** Chat and captions of a visit: what is typed, on its way, unread. Pure, for both pages. */

/** @typedef {import("./net/messages.js").Talk} TalkNow */
/** @typedef {{talk: TalkNow | null, me: string}} Place what is said in writing now, null outside of the visit, and this person's id */
/** @typedef {{key: string, text: string, failed?: boolean}} Line `failed`: there was no answer to it */
/** @typedef {{me: string, draft: string, pending: readonly Line[], last: string | null}} Kept what a reload finds again; `last` is the last line that came */
/**
 * @typedef {object} Talk
 * @property {string | null} of whose it is, once there is a chat
 * @property {string} draft @property {string} caption what is typed and not sent
 * @property {boolean} captioning this person types captions
 * @property {readonly Line[]} pending lines that the chat does not show yet
 * @property {string | null} seen id of the last line that was on the screen
 * @property {{id: string, name: string, text: string, at: number} | null} news the newest line of somebody else's
 * @property {string | null} failing
 * @property {boolean} hidden this person does not want captions
 */
/** @typedef {{type: "write", name: "chat.say" | "captions.say", argument: {text: string, key?: string}} | {type: "keepTalk", kept: Kept | null}} TalkEffect */
/** @typedef {{screen: string, now: number, link: string, tools: import("./media/types.js").Tools, talk: Talk,
 *   left: Kept | null}} Talking `left`: what was typed here before, until a reload or the way through the waiting room */

/** @type {Talk} */
export const NO_TALK = { of: null, draft: "", caption: "", captioning: false, pending: [], seen: null, news: null, failing: null, hidden: false };

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

  chat_again: (state, { key }) => [having(state, { failing: null, pending: marked(state.talk.pending, (one) => one.key === key, false) }), []],

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
    if (AGAIN.includes(code)) return [having(state, { failing: "offline", pending: marked(talk.pending, (one) => one.key === key, true) }), []];
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
  if (state.screen !== "visit") {
    if (state.talk === NO_TALK) return [state, []];
    return [{ ...state, talk: NO_TALK, left: state.screen === "waiting" ? keptOf(before, placeOf(before)) : null }, []];
  }
  const place = placeOf(state);
  const { talk: now, me } = place;
  const lines = now?.chat ?? [];
  const last = lines.at(-1);
  const talk = now === null || state.talk.of === me ? state.talk : found(state, me);
  const came = new Set(lines.map(({ id }) => id));
  const back = state.link === "connected" && before.link !== "connected";
  const open = talk.pending.filter(({ key }) => !came.has(`${me}.${key}`));
  const pending = same(talk.pending, back ? marked(open, () => true, false) : open);
  const was = placeOf(before).talk;
  const news = last !== undefined && last.sender !== me && was !== null && was.chat.at(-1)?.id !== last.id ? { ...last, at: state.now } : talk.news;
  const seen = last !== undefined && state.tools.panel === "chat" ? last.id : talk.seen;
  const failing = talk.failing === "offline" && pending.length === 0 ? null : talk.failing;
  const changed = talk !== state.talk || news !== talk.news || seen !== talk.seen || pending !== talk.pending || failing !== talk.failing;
  const left = talk === state.talk ? state.left : null;
  const next = changed ? { ...state, talk: { ...talk, news, seen, pending, failing }, left } : state;
  const underWay = before.talk.pending.filter(({ failed }) => !failed).map(({ key }) => key);
  const sends = back ? pending : pending.filter(({ key, failed }) => !failed && !underWay.includes(key));
  /** @type {TalkEffect[]} */
  const effects = sends.map(({ key, text }) => ({ type: "write", name: "chat.say", argument: { key, text } }));
  const kept = keptOf(next, place);
  // On hold there is no chat, and what was kept of it stays.
  if (now !== null && JSON.stringify(kept) !== JSON.stringify(talk === state.talk ? keptOf(before, placeOf(before)) : state.left)) effects.push({ type: "keepTalk", kept });
  return [next, effects];
}

/** What was left in this visit before: lines that came before a reload are old ones. @param {Talking} state @param {string} me @returns {Talk} */
function found({ talk, left }, me) {
  if (left?.me !== me) return { ...talk, of: me };
  return { ...talk, of: me, draft: talk.draft === "" ? left.draft : talk.draft, pending: [...left.pending, ...talk.pending], seen: left.last };
}

/** What a reload would lose, null for nothing. @param {Talking} state @param {Place} place @returns {Kept | null} */
function keptOf({ talk: { of, draft, pending } }, { talk, me }) {
  const last = talk?.chat.at(-1)?.id ?? null;
  return of !== me || (draft === "" && pending.length === 0 && last === null) ? null : { me, draft, pending: marked(pending, () => true, false), last };
}

/** The old list where the new one holds the same. @param {readonly Line[]} old @param {readonly Line[]} lines */
const same = (old, lines) => (lines.length === old.length && lines.every((one) => old.includes(one)) ? old : lines);

/** @param {readonly Line[]} lines @param {(one: Line) => boolean} which @param {boolean} failed @returns {readonly Line[]} */
const marked = (lines, which, failed) => lines.map((one) => (which(one) && (one.failed ?? false) !== failed ? { ...one, failed } : one));

/** How many lines of others have not been on the screen. @param {Talking} state @param {Place} place */
export function unread({ talk: { seen } }, { talk, me }) {
  const lines = talk?.chat ?? [];
  return lines.slice(lines.findIndex(({ id }) => id === seen) + 1).filter(({ sender }) => sender !== me).length;
}

/** The newest line of somebody else's, while it is new. @param {Talking} state */
export const newLine = ({ talk: { news }, now }) => (news !== null && now - news.at < SHOWN_MS ? news : null);

/** @param {any} state @param {Partial<Talk>} change */
const having = (state, change) => ({ ...state, talk: { ...state.talk, ...change } });
