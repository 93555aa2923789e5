// Builds a page of an example with Vite, opens it in a browser, and reads the accuracy that it ends with.
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
export async function trainedOn(example: string): Promise<number> {
  const outDir = mkdtempSync(join(tmpdir(), "page-"));
  try {
    const args = ["build", "--logLevel", "error", "--target", "es2022", "--emptyOutDir", "--outDir", outDir];
    execFileSync("node", [vite, ...args], { cwd: example, env: { ...process.env, NODE_OPTIONS: "" } }); // not with the conditions of tests
    return await accuracyOn(outDir);
  } finally {
    rmSync(outDir, { recursive: true });
  }
}
