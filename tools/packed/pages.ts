import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { check, expectAccuracy } from "./check.ts";
import { project, root, run, write } from "./project.ts";
import { readmePrograms } from "./readme-programs.ts";
import { onSite } from "./site.ts";

/** What the packages do in pages that Vite bundles. */
export async function checkPages(): Promise<void> {
  await check("Vite bundles the README's program and a browser runs it", async () => {
    rmSync(join(project, "readmes/pellucid-1.js"));
    write("page.ts", trainingPage);
    bundle("page.ts");
    await onSite(join(project, "dist"), "", async (page) => {
      await page.waitForSelector("#out[data-done], #out:has-text('failed')");
      expectAccuracy((await page.textContent("#out")) ?? "");
    });
  });

  await check("a page of 30 lines shows where the net sees the digit that one draws", async () => {
    const drawing = readmePrograms().find(({ needs }) => needs === "a page");
    if (drawing === undefined) throw new Error("no README has a program that needs a page");
    const lines = drawing.shown.trimEnd().split("\n").length;
    if (lines > 30) throw new Error(`expected at most 30 lines, got ${lines}`);
    write("drawing.ts", drawing.source);
    mkdirSync(join(project, "public"));
    cpSync(
      join(root, "packages/interpret/stories/nets/digits-cnn.safetensors"),
      join(project, "public/model.safetensors"),
    );
    rmSync(join(project, "dist"), { recursive: true });
    bundle("drawing.ts");
    await onSite(join(project, "dist"), "", async (page) => {
      await page.waitForSelector("canvas");
      const { x, y } = (await page.locator("canvas").boundingBox()) ?? { x: 0, y: 0 };
      const at = ([column, row]: readonly [number, number]) =>
        [x + 32 * column + 16, y + 32 * row + 16] as const;
      await page.mouse.move(...at(seven[0]));
      await page.mouse.down();
      for (const point of seven) await page.mouse.move(...at(point), { steps: 8 });
      await page.mouse.up();
      const title = await page.locator("figcaption").first().textContent();
      if (title !== "Where it sees a 7") throw new Error(`expected a 7 to be seen, got: ${title}`);
    });
    reportSizes(lines);
  });
}

function bundle(entry: string): void {
  write(
    "index.html",
    `<!doctype html><body><pre id="out"></pre><script type="module" src="./${entry}"></script></body>`,
  );
  const vite = join(root, "node_modules/vite/bin/vite.js");
  run("node", [vite, "build", "--logLevel", "warn", "--target", "es2022"]);
}

function reportSizes(lines: number): void {
  const sizes = readdirSync(join(project, "dist/assets"))
    .filter((name) => name.endsWith(".js"))
    .map((name) => gzipSync(readFileSync(join(project, "dist/assets", name))).length);
  const first = gzipSync(readFileSync(join(project, "dist", entryOf()))).length;
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
  const rest = sizes.reduce((a, b) => a + b, 0) - first;
  console.log(
    `        ${lines} lines; ${kilobytes(first)} gzipped, and ${kilobytes(rest)} for all backends, of which a page loads one`,
  );
}

/** The script that the page in `dist` names. */
function entryOf(): string {
  const found = /src="\/?([^"]+\.js)"/.exec(readFileSync(join(project, "dist/index.html"), "utf8"));
  if (found?.[1] === undefined) throw new Error("The page names no script.");
  return found[1];
}

const trainingPage = `const out = document.getElementById("out")!;
console.log = (...words: unknown[]) => { out.textContent += words.join(" ") + "\\n"; };
window.addEventListener("unhandledrejection", (event) => { out.textContent += "failed " + String(event.reason); });
await import("./readmes/pellucid-1.ts");
out.dataset["done"] = "yes";
`;

/** The corners of a 7, in columns and rows. */
const seven = [
  [2, 0],
  [6, 0],
  [5, 2],
  [4, 4],
  [2, 4],
  [5, 4],
  [3, 6],
  [2, 7],
] as const;
