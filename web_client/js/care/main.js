/** The care team's page: opens the machine, draws each state, moves the focus when the screen changes. */
import { render } from "../../vendor/lit-html/lit-html.js";
import { keepFocus } from "../focus.js";
import { clinicOfPage, dress } from "../house.js";
import { languageOfPage } from "../i18n.js";
import { keptLarge } from "../large_text.js";
import { followNetwork } from "../media/network_change.js";
import { connectionOf, exposeProbe } from "../probe.js";
import { followPanel, onEscape } from "../panel.js";
import { claimDocument } from "../session.js";
import { Speech, wordsOf } from "../speech.js";
import { keptTalk } from "../talk_store.js";
import { alertsAllowed } from "./alerts.js";
import { Edge } from "./effects.js";
import { step } from "./machine.js";
import { initialState, signOffIn } from "./state.js";
import { keptHolder, remembered } from "./storage.js";
import { keys } from "./views/keys.js";
import { page, titleOf } from "./views/page.js";

const inFront = () => document.visibilityState === "visible" && document.hasFocus();

const { name: holder, taken } = await claimDocument(keptHolder());
let state = initialState({
  ...remembered(taken), alerts: alertsAllowed(), language: languageOfPage(), now: Date.now(), clinic: clinicOfPage(), front: inFront(), large: keptLarge(), left: keptTalk(),
});
let drawn = "";
let waiting = false;

const speech = new Speech(wordsOf("care"), schedule);

/** @param {import("./types.js").Event} event */
function dispatch(event) {
  const [next, effects] = step(state, event);
  const changed = next !== state;
  state = next;
  for (const effect of effects) edge.run(effect);
  if (changed) schedule();
}

const edge = new Edge(dispatch, holder, (kind) => speech.words(state.language)?.t(`alert.${kind}`) ?? "");

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
  // Written only when it is another one: browsers style the whole page anew for it.
  if (document.documentElement.lang !== words.language) document.documentElement.lang = words.language;
  document.title = titleOf(state, words);
  if (drawn === "") {
    root.replaceChildren();
    speech.prepare();
  }
  dress(state.snapshot?.clinic ?? state.clinic);
  keepFocus(root, () => render(page(state, words, dispatch, edge), root));
  edge.stage.revive();
  followPanel(state.tools.panel);
  ask(root, "dialog", state.dialog !== null);
  ask(root, "idle", signOffIn(state) !== null);
  focus(root);
}

/** A dialog follows the state; closing it gives the focus back to the button that opened it. @param {HTMLElement} root @param {string} name @param {boolean} open */
function ask(root, name, open) {
  /** @type {HTMLDialogElement | null} */
  const dialog = root.querySelector(`dialog[data-for="${name}"]`);
  if (dialog === null) return;
  if (open && !dialog.open) dialog.showModal();
  if (!open && dialog.open) dialog.close();
}

/** @param {HTMLElement} root */
function focus(root) {
  const place = state.readiness !== null && state.screen !== "visit" ? "readiness" : state.screen === "preview" ? state.selected : "";
  const [before, now] = [drawn, `${state.screen} ${place}`];
  if (now === before) return;
  drawn = now;
  if (before === "") return;
  // Back from a patient: on to where the list was left.
  const left = before.startsWith("preview ") && state.screen === "queue" ? document.getElementById(`row-${before.slice(8)}`) : null;
  if (left !== null) return left.focus();
  // The arrow keys go on from the row that is open, wherever the focus is.
  /** @type {HTMLElement | null} */ (root.querySelector("h1"))?.focus();
  window.scrollTo(0, 0);
  root.querySelector(".detail")?.scrollTo(0, 0);
}

exposeProbe(
  () => ({ screen: state.screen, language: state.language, connection: connectionOf(state.link, state.media) }),
  () => edge.media.stats,
);

setInterval(() => dispatch({ type: "tick", now: Date.now() }), 1000);
setInterval(() => edge.measure(), 1000);
onEscape(() => dispatch({ type: "panel_closed" }));
addEventListener("keydown", (event) => {
  if (state.screen !== "signin") keys(event, state, dispatch);
});
for (const input of ["pointerdown", "pointermove", "keydown", "wheel"]) {
  addEventListener(input, () => dispatch({ type: "active", now: Date.now() }), { passive: true, capture: true });
}
// A reloaded page may make no sound before somebody has touched it.
addEventListener("pointerdown", () => edge.run({ type: "wakeAudio" }), { once: true });
for (const turn of ["focus", "blur", "visibilitychange"]) {
  (turn === "visibilitychange" ? document : window).addEventListener(turn, () => dispatch({ type: "front", front: inFront() }));
}
followNetwork(() => edge.refresh());
addEventListener("pageshow", (event) => event.persisted && location.reload());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") edge.wake();
});

dispatch({ type: "opened" });
schedule();
