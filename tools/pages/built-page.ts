// Builds a page of an example with Vite, opens it in a browser, and reads the accuracy, or the text, that it ends with.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onSite } from "../packed/site.ts";

const vite = join(import.meta.dirname, "../../node_modules/vite/bin/vite.js");

/** The accuracy that the page of a folder says, after a click on "Train" where there is such a button. */
export async function accuracyOn(folder: string): Promise<number> {
  let said = "";
  await onSite(folder, "index.html", async (page) => {
    const train = page.getByRole("button", { name: "Train" });
    await page.getByRole("status").waitFor({ state: "attached" });
    if ((await train.count()) > 0) await train.click();
    const status = page.getByText(/accuracy|Error/u).first();
    await status.waitFor({ timeout: 150_000 });
    said = (await status.textContent()) ?? "";
  });
  const accuracy = Number(/accuracy (\d\.\d+)/u.exec(said)?.[1]);
  if (Number.isNaN(accuracy)) throw new Error(`The page says: ${said}`);
  return accuracy;
}

/** Builds the page of an example as its own configuration says, and trains on it. */
export function trainedOn(example: string): Promise<number> {
  return onBuilt(example, accuracyOn);
}

/** What to wait for on a page. */
export interface PageText {
  /** The button to click. */
  readonly button: string;
  /** What the status says at the end. */
  readonly until: RegExp;
  /** The query of the address. */
  readonly query: string;
}

/** Builds the page of an example, clicks a button, and returns what its status says at the end. */
export function textOf(example: string, { button, until, query }: PageText): Promise<string> {
  return onBuilt(example, async (folder) => {
    let said = "";
    await onSite(folder, `index.html${query}`, async (page) => {
      await page.getByRole("button", { name: button }).click();
      const status = page.getByRole("status").filter({ hasText: until });
      await status.waitFor({ timeout: 150_000 });
      said = (await status.textContent()) ?? "";
    });
    return said;
  });
}

async function onBuilt<Y>(example: string, use: (folder: string) => Promise<Y>): Promise<Y> {
  const outDir = mkdtempSync(join(tmpdir(), "page-"));
  try {
    const args = ["build", "--logLevel", "error", "--target", "es2022", "--emptyOutDir", "--outDir", outDir];
    execFileSync("node", [vite, ...args], { cwd: example, env: { ...process.env, NODE_OPTIONS: "" } }); // not with the conditions of tests
    return await use(outDir);
  } finally {
    rmSync(outDir, { recursive: true });
  }
}
