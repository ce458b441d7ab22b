/**
 * Fetches the vendored libraries anew, by package name and version, and holds every byte against vendor/vendor.lock.json.
 *
 *     node web_client/fetch_vendor.mjs           fetch; stop at the first hash that differs
 *     node web_client/fetch_vendor.mjs --write   fetch; write the hashes of what came (after raising a version by hand)
 *
 * The registry is the one that npm is set up with. Nothing here runs in a browser or in the server.
 */
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const vendor = join(dirname(fileURLToPath(import.meta.url)), "vendor");
const lockPath = join(vendor, "vendor.lock.json");
const write = process.argv.includes("--write");

/** @param {string} algorithm @param {string} path */
const digest = (algorithm, path) => `${algorithm}-${createHash(algorithm).update(readFileSync(path)).digest("base64")}`;

/** @param {Record<string, string>} entry @param {string} field @param {string} found @param {string} what */
function hold(entry, field, found, what) {
  if (write) entry[field] = found;
  else if (entry[field] !== found) throw new Error(`${what}: ${field} is ${found}, the lock says ${entry[field]}`);
}

const lock = JSON.parse(readFileSync(lockPath, "utf8"));
for (const library of lock.packages) {
  const name = `${library.name}@${library.version}`;
  const scratch = mkdtempSync(join(tmpdir(), "vendor-"));
  try {
    const [packed] = JSON.parse(execFileSync("npm", ["pack", name, "--json", "--pack-destination", scratch], { encoding: "utf8" }));
    const archive = join(scratch, packed.filename);
    hold(library, "integrity", digest("sha512", archive), name);
    execFileSync("tar", ["-xzf", archive, "-C", scratch]);
    for (const file of library.files) {
      const source = join(scratch, "package", file.from);
      hold(file, "sha384", digest("sha384", source), `${name} ${file.from}`);
      mkdirSync(dirname(join(vendor, file.to)), { recursive: true });
      copyFileSync(source, join(vendor, file.to));
    }
    console.log(`${name}: ${library.files.length} files`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
if (write) writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
