/** What is wrong with a camera or a microphone, and how to mend it. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { kindOf, nameOf, ownBrowser, wordsFor } from "./browser_kind.js";
import { icons } from "./icons.js";

/** What to call the phone's own browser. */
export const browserName = () => ownBrowser(kindOf(navigator).system);

/** Only another browser helps: the link has to get there. @param {string | null} problem */
export const leavesForBrowser = (problem) => problem !== null && wordsFor(problem, kindOf(navigator)).title === "unsupported.title";

/**
 * The panel that tells of it; `ways` are buttons in it.
 * @param {{problem: string | null, picture: boolean, camera: boolean, microphone: boolean}} devices
 * @param {import("./i18n.js").Words} words @param {unknown} [ways]
 */
export function deviceProblem({ problem: code, picture, camera, microphone }, { t }, ways = nothing) {
  const kind = kindOf(navigator);
  const { title: said, fix } = wordsFor(code ?? "", kind);
  const title =
    said !== "blocked.title" ? `problem.${said}`
    : camera || !picture ? "problem.blocked.soundOnly"
    : microphone ? "problem.blocked.cameraOnly"
    : "problem.blocked.title";
  const lines = t(`problem.${fix}`, { browser: code === "unsupported" ? ownBrowser(kind.system) : nameOf(kind) }).split("\n");
  return html`
    <div class="trouble">
      ${icons.alert()}
      <div>
        <h2>${t(title)}</h2>
        ${lines.length > 1 ? html`<ol>${lines.map((line) => html`<li>${line.replace(/^\d\. /, "")}</li>`)}</ol>` : html`<p>${lines[0]}</p>`}
        ${ways}
      </div>
    </div>
  `;
}
