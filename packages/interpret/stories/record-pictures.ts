// Records what every story shows, to be seen until its live picture is there: opens the static Storybook in a browser and writes recorded/ID.webp.
//   pnpm exec storybook build && node packages/interpret/stories/record-pictures.ts [PART-OF-ID]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { chromium } from "playwright";

const site = join(import.meta.dirname, "../../../storybook-static");
const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
  try {
    const content = readFileSync(join(site, path));
    response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = server.address();
if (address === null || typeof address === "string") throw new Error("The site has no port.");
const index = JSON.parse(readFileSync(join(site, "index.json"), "utf8")) as {
  readonly entries: Readonly<Record<string, { readonly id: string; readonly type: string }>>;
};
const [, , part = ""] = process.argv;
const ids = Object.values(index.entries)
  .filter(({ id, type }) => type === "story" && id.includes(part))
  .map(({ id }) => id);
const folder = join(import.meta.dirname, "recorded");
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage({ viewport: { width: 960, height: 900 } });
for (const id of ids) {
  await page.goto(`http://127.0.0.1:${address.port}/iframe.html?viewMode=story&id=${id}&globals=theme:light`);
  await page.waitForFunction(
    `/Computed on/.test(document.querySelector(".lab .status")?.textContent ?? "")`,
    null,
    { timeout: 120_000 },
  );
  const shot = await page.locator(".lab .pictures").screenshot({ animations: "disabled" });
  const webp = await page.evaluate(
    async (png) => {
      const image = await createImageBitmap(await (await fetch(png)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      const bytes = new Uint8Array(
        await (await canvas.convertToBlob({ type: "image/webp", quality: 0.6 })).arrayBuffer(),
      );
      return Array.from(bytes);
    },
    `data:image/png;base64,${shot.toString("base64")}`,
  );
  writeFileSync(join(folder, `${id}.webp`), Uint8Array.from(webp));
  process.stdout.write(`${id}: ${webp.length} bytes\n`);
}
await browser.close();
server.close();
