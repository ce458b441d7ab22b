/**
 * Runs in a page whose own main.js was held back: draws the page's views in any state that is made here, and judges what stands
 * there. Everything else is the page's own: its document, its styles, its words, its elements.
 */

/** @param {"patient" | "care" | "test"} page @param {string} assets where the server has the page's files @param {Record<string, any>} states */
export async function open(page, assets, states) {
  const from = (path) => import(`${assets}/${path}`);
  const [{ render }, { Words }, { Edge }] = await Promise.all([from("vendor/lit-html/lit-html.js"), from("js/i18n.js"), from(`js/${page}/effects.js`)]);
  const views = await from(page === "test" ? "js/test/views.js" : `js/${page}/views/page.js`);
  const edge = new Edge(() => {}, "holder", () => "");
  if (page === "patient") {
    edge.rooms = (await from("js/patient/views/rooms.js")).ROOMS;
    edge.opened = { here: await from("js/patient/opened.js"), missed: false };
  }
  const words = {};
  for (const language of ["en", "es"]) words[language] = new Words(language, (await from(`i18n/${page}-${language}.js`)).default);
  const root = document.getElementById("app");
  root.replaceChildren();
  // A colour on its way to another one is read by nobody.
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important; }");
  document.adoptedStyleSheets = [still];
  return (name, language) => {
    const state = { ...states[name], language };
    if (state.rows) state.rows = new Map(state.rows.entries);
    document.documentElement.lang = language;
    document.title = (views.titleOf ?? views.headingOf)(state, words[language]);
    render(views.page(state, words[language], () => {}, edge), root);
    for (const dialog of root.querySelectorAll("dialog")) {
      const wanted = dialog.textContent.trim() !== "";
      if (wanted && !dialog.open) dialog.showModal();
      if (!wanted && dialog.open) dialog.close();
    }
  };
}

/** Each state in each of these languages, and what is wrong with it. @param {(judged: any) => any} judge */
export async function judgeAll(show, names, languages, judge) {
  const found = [];
  for (const name of names) {
    for (const language of languages) {
      try {
        show(name, language);
        for (const one of await judge()) found.push(`${name} (${language}): ${one}`);
      } catch (error) {
        found.push(`${name} (${language}): ${error}`);
      }
    }
  }
  return found;
}

/** axe's rules, or one of them. */
export const axeFor = (runOnly) => async () =>
  (await axe.run(document, { runOnly, resultTypes: ["violations"] })).violations.map(({ id, nodes }) => `${id} at ${nodes.map((node) => node.target.join(" ")).join(" and ")}`);

const shown = (one) => one.checkVisibility() && !one.closest(".hidden");
const CONTROLS = "button, a[href], summary, select, input:not([type=checkbox], [type=radio], [type=file]), textarea";

/** What axe does not look for: facts that are missing in a sentence, headings, titles, and controls too low for a finger. */
export const read = (leastPx) => () => {
  const found = [];
  for (const odd of document.body.innerText.match(/\{\w+\}|\bundefined\b|\bNaN\b|\[object|\bnull\b|Invalid Date/g) ?? []) found.push(`says "${odd}"`);
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) found.push(`${headings} headings of the first level`);
  if (document.title.trim() === "" || /\{\w+\}|undefined/.test(document.title)) found.push(`is called "${document.title}"`);
  for (const one of document.querySelectorAll(CONTROLS)) {
    // A link in a sentence is as high as its line.
    if (!shown(one) || one.closest("p, dd, dt")) continue;
    const { height, width } = one.getBoundingClientRect();
    const name = (one.getAttribute("aria-label") ?? one.textContent).trim().slice(0, 30);
    if (Math.round(height) < leastPx) found.push(`${one.tagName} "${name}" is ${Math.round(width)} x ${Math.round(height)} px`);
  }
  return found;
};
