/**
 * Joins each page's modules into a few small files in built/, which the server serves as long as they are the build of the
 * sources beside them. So nobody who runs the server needs Node.js, and whoever changes a module sees the change at once.
 *
 *     node web_client/build.mjs           build
 *     node web_client/build.mjs --check   say whether built/ is the build of the sources
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const client = dirname(fileURLToPath(import.meta.url));
const built = join(client, "built");
const PAGES = ["patient", "care", "test"];
// The oldest browsers that are served.
const TARGET = ["chrome111", "firefox128", "safari16.4"];

/** As `signaling.built_pages` computes it: whether built/ is still that of the sources. */
function digestOfSources() {
  const digest = createHash("sha256");
  const names = ["js", "vendor"].flatMap((folder) => readdirSync(join(client, folder), { recursive: true }).map((name) => `${folder}/${name}`));
  for (const name of names.map((one) => one.replaceAll("\\", "/")).filter((one) => one.endsWith(".js")).sort()) {
    digest.update(`${name}\0`).update(readFileSync(join(client, name))).update("\0");
  }
  return digest.digest("hex");
}

/** The scripts that a page names, and what each is called in built/. @param {string} page @returns {Record<string, string>} */
function scriptsOf(page) {
  const html = readFileSync(join(client, `${page}.html`), "utf8");
  const found = [...html.matchAll(/<script [^>]*src="\{\{assets\}\}\/(js\/\w+\/(\w+)\.js)"/g)];
  return Object.fromEntries(found.map(([, source, name]) => [source, name === "main" ? `${page}.js` : `${page}-${name}.js`]));
}

/**
 * What comes later names here what is there before it. Modules that both need then stay in the file of the earlier one, while
 * esbuild by itself makes a file of its own of them: more files, and each compressed without knowing the words of the others.
 */
const STAGES = {
  name: "stages",
  setup(/** @type {import("esbuild").PluginBuild} */ { onLoad }) {
    for (const [stage, before] of [["later", "main"], ["opened", "later"]]) {
      onLoad({ filter: new RegExp(`[\\\\/]patient[\\\\/]${stage}\\.js$`) }, ({ path }) => ({ contents: `${readFileSync(path, "utf8")}import "./${before}.js";\n` }));
    }
  },
};

/** @param {string} page */
async function joinModules(page) {
  const scripts = scriptsOf(page);
  const result = await build({
    absWorkingDir: client,
    entryPoints: Object.entries(scripts).map(([source, name]) => ({ in: source, out: name.slice(0, -".js".length) })),
    outdir: built,
    chunkNames: `${page}-[hash]`,
    bundle: true,
    plugins: [STAGES],
    splitting: true,
    format: "esm",
    minify: true,
    target: TARGET,
    legalComments: "eof",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const files = new Map(result.outputFiles.map((file) => [relative(built, file.path), file.text]));
  const importsOf = (/** @type {string} */ name) =>
    result.metafile.outputs[`built/${name}`].imports.filter((one) => one.kind === "import-statement").map((one) => relative("built", one.path));
  const first = new Set(Object.values(scripts));
  for (const name of first) for (const needed of importsOf(name)) first.add(needed);
  const opened = Object.entries(result.metafile.outputs).filter(([, { entryPoint }]) => entryPoint === `js/${page}/opened.js`).map(([name]) => relative("built", name));
  return { files, page: { scripts, needed: [...first].filter((name) => !Object.values(scripts).includes(name)), opened } };
}

const files = new Map();
/** What each page loads before it can draw: `scripts` in place of its own, which import what is `needed`; and what it needs only when it is `opened`. */
const pages = Object.fromEntries(
  await Promise.all(
    PAGES.map(async (name) => {
      const joined = await joinModules(name);
      for (const [file, text] of joined.files) files.set(file, text);
      return [name, joined.page];
    }),
  ),
);
files.set("manifest.json", `${JSON.stringify({ sources: digestOfSources(), pages }, null, 2)}\n`);

if (process.argv.includes("--check")) {
  const there = existsSync(built) ? readdirSync(built) : [];
  const stale = [...new Set([...files.keys(), ...there])].filter((name) => !there.includes(name) || readFileSync(join(built, name), "utf8") !== files.get(name));
  if (stale.length > 0) {
    console.error(`Not the build of the sources: ${stale.sort().join(", ")}. Run: make pages`);
    process.exit(1);
  }
} else {
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built);
  for (const [name, text] of files) writeFileSync(join(built, name), text);
}
