// Runs test/*.test.ts with Node's own runner: esbuild turns them into modules first, so that no other tool is needed.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const made = join(here, "node_modules", ".tests");
mkdirSync(made, { recursive: true });
const tests = readdirSync(join(here, "test")).filter((name) => name.endsWith(".test.ts"));
await build({
  absWorkingDir: here, entryPoints: tests.map((name) => `test/${name}`), outdir: made, bundle: true, platform: "node", format: "esm", target: "node18",
  outExtension: { ".js": ".mjs" }, logLevel: "warning", define: { WEB: JSON.stringify(here) },
});
const { status } = spawnSync(process.execPath, ["--test", ...tests.map((name) => join(made, name.replace(/\.ts$/, ".mjs")))], { stdio: "inherit" });
process.exit(status ?? 1);
