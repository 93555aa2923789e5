import type { AxeResults } from "axe-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Page } from "playwright";
import { chromiumOptions } from "../chromium-options.ts";
import { check } from "../packed/check.ts";
import { onSite } from "../packed/site.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Pages of each sort, for what takes a look at few. */
const samples = [
  "index.html",
  "guides/index.html",
  "guides/from-pytorch.html",
  "guides/bundlers.html",
  "api/index.html",
  "api/gp/index.html",
  "api/core-train/GroupNorm.html",
  "api/core-train/adam.html",
  "api/core-train/crossEntropy.html",
  "api/interpret/integratedGradients.html",
  "api/gnn/GCNConv.html",
  "demos.html",
];

/** Opens pages of the built site, light and dark: nothing is asked of another host, nothing fails, and axe finds nothing; then searches. */
export async function checkPages(folder: string, paths: readonly string[]): Promise<void> {
  await onSite(folder, "index.html", async (opened) => {
    const browser = opened.context().browser() ?? (await chromium.launch(chromiumOptions()));
    const base = new URL("./", opened.url()).href;
    await check(`${paths.length} pages, light and dark: nothing fails, and axe finds nothing`, async () => {
      const page = await browser.newPage({ colorScheme: "light" });
      const wrong = watch(page, base);
      for (const path of paths) wrong.push(...(await foundByAxe(page, base, path)));
      await page.close();
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
    });
    await check("typing a name of PyTorch and pressing Enter opens ours", async () => {
      await opened.keyboard.press("/");
      await opened.keyboard.type("nn.GroupNorm");
      await opened.keyboard.press("Enter");
      await opened.waitForURL(/api\/core-train\/GroupNorm\.html/u);
    });
    await check("at 320 pixels nothing is wider than the screen", async () => {
      const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
      for (const path of samples) {
        await page.goto(base + path);
        const width = Number(await page.evaluate("document.documentElement.scrollWidth"));
        if (width > 320) throw new Error(`${path} is ${width} pixels wide`);
      }
      await page.close();
    });
  });
}

/** What axe finds on a page, by all rules in the light theme, and by those of color in the dark one: of a page, nothing else depends on it. */
async function foundByAxe(page: Page, base: string, path: string): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(base + path, { waitUntil: "load" });
  await page.evaluate(axe);
  const light = (await page.evaluate(`axe.run({ resultTypes: ["violations"] })`)) as AxeResults;
  await page.evaluate(`document.documentElement.dataset.theme = "dark"`);
  const dark = (await page.evaluate(
    `axe.run({ resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block"] })`,
  )) as AxeResults;
  const lines = (theme: string, { violations }: AxeResults) =>
    violations.map(({ id, nodes }) => `${path}, ${theme}: ${id} at ${nodes[0]?.target.join(" ")}`);
  return [...lines("light", light), ...lines("dark", dark)];
}

/** Notes what a page asks of other hosts, and what fails. */
function watch(page: Page, base: string): string[] {
  const wrong: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !/^(?:data|blob):/u.test(url)) wrong.push(`asked ${url}`);
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()} for ${response.url()}`);
  });
  return wrong;
}
