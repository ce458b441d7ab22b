/** The care team's page: opens the machine, draws each state, moves the focus when the screen changes. */
import { render } from "../../vendor/lit-html/lit-html.js";
import { clinicOfPage } from "../house.js";
import { languageOfPage } from "../i18n.js";
import { connectionOf, exposeProbe } from "../probe.js";
import { claimDocument } from "../session.js";
import { Speech } from "../speech.js";
import { Edge, keptHolder, remembered } from "./effects.js";
import { step } from "./machine.js";
import { initialState } from "./state.js";
import { page, titleOf } from "./views/page.js";
import { keys } from "./views/queue.js";

const { name: holder, taken } = await claimDocument(keptHolder());
let state = initialState({ ...remembered(taken), language: languageOfPage(), now: Date.now(), clinic: clinicOfPage() });
let drawn = "";
let waiting = false;

const speech = new Speech(async (language, attempt) => {
  const [shared, own] = await Promise.all([import(`../../i18n/${language}.js${attempt}`), import(`../../i18n/care-${language}.js${attempt}`)]);
  return { ...shared.default, ...own.default };
}, schedule);

/** @param {import("./machine.js").Event} event */
function dispatch(event) {
  const [next, effects] = step(state, event);
  const changed = next !== state;
  state = next;
  for (const effect of effects) edge.run(effect);
  if (changed) schedule();
}

const edge = new Edge(dispatch, holder, () => speech.words(state.language)?.t("queue.alert") ?? "");

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
  document.documentElement.lang = words.language;
  document.title = titleOf(state, words);
  if (drawn === "") {
    root.replaceChildren();
    speech.prepare();
  }
  render(page(state, words, dispatch, edge), root);
  edge.stage.revive();
  ask(root);
  focus(root);
}

/** The dialog follows the state; closing it gives the focus back to the button that opened it. @param {HTMLElement} root */
function ask(root) {
  const dialog = root.querySelector("dialog");
  if (dialog === null) return;
  if (state.question !== null && !dialog.open) dialog.showModal();
  if (state.question === null && dialog.open) dialog.close();
}

/** @param {HTMLElement} root */
function focus(root) {
  const [before, now] = [drawn, `${state.screen} ${state.screen === "preview" ? state.selected : ""}`];
  if (now === before) return;
  drawn = now;
  if (before === "") return;
  // Back from a patient: on to where the list was left.
  const left = before.startsWith("preview ") && state.screen === "queue" ? document.getElementById(`row-${before.slice(8)}`) : null;
  if (left !== null) return left.focus();
  // In the list the focus stays on the row, so that the arrow keys go on; on a phone the detail takes the list's place.
  const besideList = matchMedia("(min-width: 56.25rem)").matches;
  if (state.screen === "preview" && besideList && document.activeElement?.closest(".rows")) return;
  /** @type {HTMLElement | null} */ (root.querySelector("h1"))?.focus();
  window.scrollTo(0, 0);
}

exposeProbe(
  () => ({ screen: state.screen, language: state.language, connection: connectionOf(state.link, state.media) }),
  () => edge.peer.stats,
);

setInterval(() => dispatch({ type: "tick", now: Date.now() }), 1000);
setInterval(async () => {
  if (edge.peer.status !== "none") dispatch({ type: "measured", stats: await edge.peer.measure() });
}, 1000);
addEventListener("keydown", (event) => {
  if (state.screen === "queue" || state.screen === "preview") keys(event, state, dispatch);
});
addEventListener("online", () => edge.refresh());
addEventListener("pageshow", (event) => event.persisted && location.reload());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") void edge.peer.wake();
});

dispatch({ type: "opened" });
schedule();
