// Bundles the style sheet and the script into the package, under names that change with their content.
import { build } from "esbuild";
import { rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";

const out = "../src/verriere/serve/static/built";

await rm(out, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { portal: "src/portal.js", style: "src/style.css", icon: "src/icon.svg" },
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "safari16.4"],
  entryNames: "[name]-[hash]",
  loader: { ".svg": "copy" },
  assetNames: "[name]-[hash]",
  legalComments: "linked",
  outdir: out,
  metafile: true,
});

const names = Object.entries(metafile.outputs)
  .filter(([, output]) => output.entryPoint)
  .map(([path, output]) => [basename(output.entryPoint), basename(path)]);
await writeFile(`${out}/manifest.json`, JSON.stringify(Object.fromEntries(names), null, 1) + "\n");
