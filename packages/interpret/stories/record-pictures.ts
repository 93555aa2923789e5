// Records what every story shows, to be seen until its live picture is there: opens the static Storybook in a browser and writes recorded/ID.webp.
//   pnpm exec storybook build && node packages/interpret/stories/record-pictures.ts [PART-OF-ID]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStorybook } from "../../../tools/open-storybook.ts";

const { base, entries, browser, close } = await openStorybook();
const [, , part = ""] = process.argv;
const ids = entries.filter(({ id, type }) => type === "story" && id.includes(part)).map(({ id }) => id);
const folder = join(import.meta.dirname, "recorded");
mkdirSync(folder, { recursive: true });
const page = await browser.newPage({ viewport: { width: 960, height: 900 } });
for (const id of ids) {
  await page.goto(`${base}/iframe.html?viewMode=story&id=${id}&globals=theme:light`);
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
await close();
