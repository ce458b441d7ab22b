/** The patient's page: opens the machine, draws each state, moves the focus when the screen changes. */
import { render } from "../../vendor/lit-html/lit-html.js";
import { clinicOfPage, dress } from "../house.js";
import { languageChosen, languageOfPage } from "../i18n.js";
import { connectionOf, exposeProbe } from "../probe.js";
import { keepFocus } from "../focus.js";
import { keptLarge } from "../large_text.js";
import { followPanel, onEscape } from "../panel.js";
import { claimDocument } from "../session.js";
import { Speech } from "../speech.js";
import { keptTalk } from "../talk_store.js";
import { fetchWords } from "./early.js";
import { Edge, keptSession } from "./effects.js";
import { heardBefore } from "./heard.js";
import { step } from "./machine.js";
import { classOf } from "../browser_kind.js";
import { initialState } from "./state.js";
import { isComing, page, titleOf } from "./views/page.js";

const code = location.hash.slice(1);
const kept = code === "" ? null : keptSession(code);
const { name: holder, taken } = await claimDocument(kept?.holder ?? null);
let state = initialState({
  ...(kept === null || taken ? { token: null, startedAt: null } : kept.session),
  code,
  taken,
  language: languageOfPage(),
  languageChosen: languageChosen(),
  now: Date.now(),
  clinic: clinicOfPage(),
  device: classOf(navigator),
  visible: document.visibilityState === "visible",
  large: keptLarge(),
  left: keptTalk(),
  heard: heardBefore(),
});
let drawn = "";
/** What was wrong when last drawn. @type {import("./types.js").Wrong | null} */
let corrected = null;
let waiting = false;

const speech = new Speech(fetchWords, schedule);

/** @param {import("./types.js").Event} event */
function dispatch(event) {
  const [next, effects] = step(state, event);
  const changed = next !== state;
  state = next;
  for (const effect of effects) edge.run(effect);
  if (changed) schedule();
}

const edge = new Edge(dispatch, holder, schedule);

/** A link to copy stands on the screen. */
let linked = false;

function schedule() {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    draw();
  });
}

function draw() {
  const root = document.getElementById("app");
  const words = speech.words(state.language);
  if (root === null || words === null) return;
  entitle(words.language, titleOf(state, words));
  if (drawn === "") {
    root.replaceChildren();
    speech.prepare();
  }
  dress(state.clinic);
  keepFocus(root, () => render(page(state, words, dispatch, edge), root));
  edge.stage.revive();
  followPanel(state.tools.panel);
  const now = `${state.screen} ${state.page} ${state.why} ${state.unsure} ${state.busy === "view" || state.busy === "resume"} ${isComing(state, edge)} ${state.sound.said === "silent"} ${state.sound.refused} ${state.sound.echo === null} ${state.sound.self === "silent"}`;
  if (now !== drawn) {
    // The first screen is read from its top by itself.
    if (drawn !== "") root.querySelector("h1")?.focus();
    window.scrollTo(0, 0);
    drawn = now;
  }
  if (state.wrong !== corrected) {
    corrected = state.wrong;
    /** @type {HTMLElement | null} */ (root.querySelector("[aria-invalid=true]"))?.focus();
  }
  const link = /** @type {HTMLElement | null} */ (root.querySelector(".link-field"));
  // What was asked for stands below what a phone shows.
  if (link !== null && !linked) link.focus();
  linked = link !== null;
}

/** Only what has changed: for a language the browser lays the whole page out anew. @param {string} language @param {string} title */
function entitle(language, title) {
  const root = document.documentElement;
  if (root.lang !== language) root.lang = language;
  if (document.title !== title) document.title = title;
}

exposeProbe(
  () => ({ screen: state.screen, language: state.language, connection: connectionOf(state.link, state.media) }),
  () => edge.stats,
);

setInterval(() => dispatch({ type: "tick", now: Date.now() }), 1000);
setInterval(() => edge.measure(), 1000);
onEscape(() => dispatch({ type: "panel_closed" }));
addEventListener("hashchange", () => location.reload());
// Back from the browser's cache everything is stale: the session brings the patient to the right screen again.
addEventListener("pageshow", (event) => event.persisted && location.reload());
document.addEventListener("visibilitychange", () => {
  const visible = document.visibilityState === "visible";
  dispatch({ type: "visibility", visible });
  if (visible) edge.wake();
});

dispatch({ type: "opened" });
schedule();
