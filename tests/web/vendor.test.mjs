/** What lies in vendor/ is, byte for byte, what the lock names; and the pages load nothing from elsewhere. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const client = fileURLToPath(new URL("../../web_client/", import.meta.url));
const vendor = join(client, "vendor");
const lock = JSON.parse(readFileSync(join(vendor, "vendor.lock.json"), "utf8"));
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));

for (const library of lock.packages) {
  test(`${library.name} ${library.version} is as locked, with its licence`, () => {
    assert.match(library.version, /^\d+\.\d+\.\d+$/);
    assert.match(library.integrity, /^sha512-/);
    for (const file of library.files) {
      const digest = createHash("sha384").update(readFileSync(join(vendor, file.to))).digest("base64");
      assert.equal(`sha384-${digest}`, file.sha384, file.to);
    }
    assert.ok(library.files.some((file) => file.to.endsWith("LICENSE")));
  });
}

test("nothing in vendor/ is unlocked but the lock", () => {
  const locked = new Set(lock.packages.flatMap((library) => library.files.map((file) => file.to)));
  const ours = new Set(["vendor.lock.json"]);
  const found = walk(vendor).map((path) => relative(vendor, path));
  assert.deepEqual(found.filter((path) => !locked.has(path) && !ours.has(path)), []);
});

/** Static and dynamic imports of a module, without those in comments. */
function imports(path, { dynamic }) {
  const text = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const found = [...text.matchAll(/(?:^|[;\n}])\s*(?:import|export)\s*(?:[\w*{}\s,$]+?\s*from\s*)?["']([^"']+)["']/g)].map((match) => match[1]);
  const later = dynamic ? [...text.matchAll(/import\(["']([^"']+)["']\)/g)].map((match) => match[1]) : [];
  return [...found, ...later];
}

/** @returns {Set<string>} every module that a page loads before it draws */
function graph(entry, seen = new Set()) {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const name of imports(entry, { dynamic: false })) graph(resolve(dirname(entry), name), seen);
  return seen;
}

test("all imports are relative and lead to a file", () => {
  for (const path of walk(client).filter((one) => one.endsWith(".js") && !one.includes("vendor"))) {
    for (const name of imports(path, { dynamic: true })) {
      assert.match(name, /^\.\.?\//, `${path}: ${name}`);
      assert.ok(existsSync(resolve(dirname(path), name)), `${path}: ${name}`);
    }
  }
});

for (const page of ["patient", "care", "test"]) {
  const html = readFileSync(join(client, `${page}.html`), "utf8");

  test(`${page}.html asks for all its modules at once`, () => {
    const wanted = [...graph(join(client, `js/${page}/main.js`))].map((path) => relative(client, path)).filter((path) => !path.endsWith("main.js"));
    const preloaded = [...html.matchAll(/modulepreload" href="\{\{assets\}\}\/([^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual(preloaded.sort(), wanted.sort());
  });

  test(`${page}.html has nothing inline and nothing from elsewhere`, () => {
    assert.doesNotMatch(html, /<style|style=|\son\w+=|https?:/);
    for (const [, body] of html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)) assert.equal(body, "");
    for (const [, address] of html.matchAll(/(?:href|src)="(?!tel:\{\{clinic_phone\}\}")([^"]+)"/g)) {
      assert.ok(address.startsWith("{{assets}}/"), address);
      assert.ok(existsSync(join(client, address.slice("{{assets}}/".length))), address);
    }
  });
}

test("no source is longer than 400 lines, and none styles or writes markup past the policy", () => {
  for (const path of walk(client).filter((one) => /\.(js|css|html)$/.test(one) && !/vendor|built/.test(one))) {
    const text = readFileSync(path, "utf8");
    assert.ok(text.split("\n").length <= 400, path);
    if (path.endsWith(".js")) assert.doesNotMatch(text, /\bstyle=|innerHTML|insertAdjacentHTML|document\.write|eval\(/, path);
  }
});
