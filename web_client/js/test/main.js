/** The test page: opens the machine, draws each state, moves the focus when the screen changes. */
import { render } from "../../vendor/lit-html/lit-html.js";
import { keepFocus } from "../focus.js";
import { clinicOfPage, dress } from "../house.js";
import { languageOfPage } from "../i18n.js";
import { connectionOf, exposeProbe } from "../probe.js";
import { Speech, wordsOf } from "../speech.js";
import { Edge } from "./effects.js";
import { initialState, step } from "./machine.js";
import { headingOf, page } from "./views.js";

let state = initialState({ language: languageOfPage(), clinic: clinicOfPage(), now: Date.now() });
let drawn = "";
let waiting = false;

const speech = new Speech(wordsOf("test"), schedule);

/** @param {import("./machine.js").Event} event */
function dispatch(event) {
  const [next, effects] = step(state, event);
  const changed = next !== state;
  state = next;
  for (const effect of effects) edge.run(effect);
  if (changed) schedule();
}

const edge = new Edge(dispatch);

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
  const heading = headingOf(state, words);
  document.documentElement.lang = words.language;
  document.title = state.clinic ? `${heading} – ${state.clinic.name}` : heading;
  if (drawn === "") {
    root.replaceChildren();
    speech.prepare();
  }
  dress(state.clinic);
  keepFocus(root, () => render(page(state, words, dispatch, edge), root));
  edge.revive();
  if (state.screen === drawn) return;
  // The first screen is read from its top by itself.
  if (drawn !== "") root.querySelector("h1")?.focus();
  window.scrollTo(0, 0);
  drawn = state.screen;
}

exposeProbe(
  () => ({ screen: state.screen, language: state.language, connection: connectionOf(state.running ? "connected" : "off", state.media) }),
  () => edge.stats,
);

setInterval(() => dispatch({ type: "tick", now: Date.now() }), 250);
// Back from the browser's cache devices and call are gone.
addEventListener("pageshow", (event) => event.persisted && location.reload());
schedule();
