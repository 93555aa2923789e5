// node tools/readme-pictures.ts [NAME…]: draws the pictures of READMEs that no story shows, into docs/pictures.
import { useBackend } from "@pellucid/backends";
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { chromiumOptions } from "./chromium-options.ts";
import { fixed } from "./pictures/defects.ts";
import { graphs } from "./pictures/graphs.ts";
import { likeness } from "./pictures/likeness.ts";
import { policy } from "./pictures/policy.ts";
import { datasets, detection, segmentation } from "./pictures/scenes.ts";
import { terminal } from "./pictures/svg.ts";
import { uncertainty } from "./pictures/uncertainty.ts";

const root = join(import.meta.dirname, "..");
const folder = join(root, "docs/pictures");
const run = (...args: readonly string[]): string =>
  execFileSync("node", args, { cwd: root, encoding: "utf8" });

const pictures: Readonly<Record<string, () => string | Promise<string>>> = {
  gnn: graphs,
  bayesian: uncertainty,
  detection,
  segmentation,
  datasets,
  rl: policy,
  "metric-learning": likeness,
  kernels: fixed,
  backends: () =>
    terminal(`$ npx @pellucid/backends doctor\n${run("packages/backends/src/bin/backends.ts", "doctor")}`),
  "create-pellucid": () =>
    terminal(
      `$ npm create pellucid@latest -- --help\n${run("packages/create-pellucid/src/bin/create-pellucid.ts", "--help")}`,
    ),
};

const wanted = process.argv.slice(2);
await useBackend({ only: "wasm" });
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch(chromiumOptions());
const page = await browser.newPage({ viewport: { width: 640, height: 480 } });
for (const [name, draw] of Object.entries(pictures)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const svg = await draw();
  await page.setContent(`<body style="margin:0">${svg}</body>`);
  const path = join(folder, `${name}.png`);
  await page.locator("svg").screenshot({ path });
  console.log(`${name}: ${(statSync(path).size / 1000).toFixed(1)} kB`);
}
await browser.close();
