/** What is wrong with a camera or a microphone, and how to mend it. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icons } from "./icons.js";

const APPLE = /iPhone|iPad|Macintosh.*Safari\/(?!.*Chrome)/;

/** What to call the phone's own browser. */
export const browserName = () => (/iPhone|iPad|Macintosh/.test(navigator.userAgent) ? "Safari" : "Chrome");

/**
 * The panel that tells of it; `ways` are buttons in it.
 * @param {{problem: string | null, picture: boolean, camera: boolean, microphone: boolean}} devices
 * @param {import("./i18n.js").Words} words @param {unknown} [ways]
 */
export function deviceProblem({ problem: code, picture, camera, microphone }, { t }, ways = nothing) {
  const apple = code === "blocked" && APPLE.test(navigator.userAgent) ? "Apple" : "";
  const title =
    code !== "blocked" ? `problem.${code}.title`
    : camera || !picture ? "problem.blocked.soundOnly"
    : microphone ? "problem.blocked.cameraOnly"
    : "problem.blocked.title";
  const lines = t(`problem.${code}.fix${apple}`, { browser: browserName() }).split("\n");
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
