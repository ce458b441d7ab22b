/** Which browser this is, on which system, and in whose app: so that steps can be told that are there. Pure. */

/**
 * @typedef {"ios" | "android" | "windows" | "macos" | "linux" | "other"} System
 * @typedef {"samsung" | "edge" | "firefox" | "chrome" | "safari" | "other"} Browser
 * @typedef {"messenger" | "facebook" | "instagram" | "other"} App whose page view this is
 * @typedef {{userAgent: string, maxTouchPoints?: number}} From
 * @typedef {{system: System, browser: Browser, app: App | null, pad: boolean}} Kind
 */

/** @type {readonly (readonly [System, RegExp])[]} */
const SYSTEMS = [["ios", /iPhone|iPod/], ["android", /Android/], ["windows", /Windows/], ["macos", /Macintosh/], ["linux", /Linux|CrOS/]];
/** @type {readonly (readonly [Browser, RegExp])[]} */
const BROWSERS = [["samsung", /SamsungBrowser/], ["edge", /Edg(e|A|iOS)?\//], ["firefox", /Firefox|FxiOS/], ["chrome", /Chrom(e|ium)|CriOS/], ["safari", /Safari/]];
/** @type {readonly (readonly [App, RegExp])[]} */
const APPS = [["messenger", /Messenger/], ["instagram", /Instagram/], ["facebook", /FBAN|FBAV|FB_IAB/], ["other", /Line\/|MicroMessenger|GSA\/|; wv\)/]];
/** @type {Record<Browser, string>} */
const NAMES = { samsung: "Samsung Internet", edge: "Edge", firefox: "Firefox", chrome: "Chrome", safari: "Safari", other: "" };

/** @param {From} from @returns {Kind} */
export function kindOf({ userAgent, maxTouchPoints = 0 }) {
  const first = (/** @type {readonly (readonly [string, RegExp])[]} */ table) => table.find(([, pattern]) => pattern.test(userAgent))?.[0];
  // An iPad says that it is a Mac; a Mac has no touch screen.
  const pad = /iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  const system = /** @type {System} */ (pad ? "ios" : (first(SYSTEMS) ?? "other"));
  // Every browser on an iPhone names Safari; what an app shows in itself does not.
  const bare = system === "ios" && /AppleWebKit/.test(userAgent) && !/Safari\//.test(userAgent);
  const app = /** @type {App | undefined} */ (first(APPS)) ?? (bare ? "other" : null);
  return { system, browser: /** @type {Browser} */ (first(BROWSERS) ?? "other"), app, pad };
}

/** The class of a device, so that staff know which steps to read out. Never more of the User-Agent than this. @param {From} from */
export function classOf(from) {
  const { system, browser, app, pad } = kindOf(from);
  const mobile = pad || (system === "android" && !/Mobile/.test(from.userAgent)) ? "tablet" : "phone";
  const device = system === "ios" || system === "android" ? mobile : system === "other" ? "other" : "desktop";
  return { device, system, browser, in_app: app !== null };
}

/** What to call this browser; in somebody's app, and where it has no name we know, the one that the system brings. @param {Kind} kind */
export function nameOf({ system, browser, app }) {
  return app === null && NAMES[browser] !== "" ? NAMES[browser] : ownBrowser(system);
}

/** @param {System} system */
export const ownBrowser = (system) => (system === "ios" || system === "macos" ? "Safari" : "Chrome");

/** What stands for a problem inside of an app: the way out of it is the fix. */
const BARS = ["blocked", "blocked_system", "unsupported"];

/**
 * The keys of the words for this problem in this browser, below `problem.`.
 * @param {string} problem @param {Kind} kind
 * @returns {{title: string, fix: string}}
 */
export function wordsFor(problem, kind) {
  if (kind.app !== null && BARS.includes(problem)) return { title: "unsupported.title", fix: `unsupported.fix.${kind.app}` };
  return { title: `${problem}.title`, fix: `${problem}.fix${variant(problem, kind)}` };
}

/** @param {string} problem @param {Kind} kind */
function variant(problem, { system, browser }) {
  const phone = system === "ios" || system === "android";
  if (problem === "busy") return phone ? ".phone" : "";
  if (problem === "blocked_system") return system === "linux" || system === "other" ? "" : `.${system}`;
  if (problem !== "blocked") return "";
  if (system === "ios") return browser === "safari" ? ".iosSafari" : ".ios";
  if (browser === "firefox") return system === "android" ? ".firefoxAndroid" : ".firefox";
  if (browser === "safari") return ".macSafari";
  if (browser === "samsung") return ".samsung";
  if (browser === "other") return "";
  return system === "android" ? ".android" : ".desktop";
}
