// node bench/generative/dream-in-a-tab.ts [SECONDS]: how many frames a second the course's dream world draws in a tab of Chromium, on WASM. Needs `storybook build`.
import { loadavg } from "node:os";
import { openStorybook } from "../../tools/open-storybook.ts";
import { median } from "../median.ts";

const [, , seconds = "15"] = process.argv;
const { base, browser, close } = await openStorybook();
const page = await browser.newPage();
await page.goto(`${base}/iframe.html?viewMode=story&id=10-generating-play-inside-a-network--lesson`);
const text = async (selector: string) => (await page.locator(selector).first().textContent()) ?? "";
await page.waitForFunction(
  `/of frames follow the key.*of frames follow the key/u.test(document.querySelector(".lesson")?.textContent ?? "")`,
  null,
  { timeout: 120_000 },
);
const frame = async () => Number(/Frame (\d+)/u.exec(await text(".hint"))?.[1] ?? 0);
await page.getByRole("button", { name: "Play", exact: false }).first().click();
await page.waitForFunction(`/Frame \\d\\d,/u.test(document.querySelector(".hint")?.textContent ?? "")`); // the first ones are recorded
const [first, began] = [await frame(), performance.now()];
const took: number[] = [];
while (performance.now() - began < 1000 * Number(seconds)) {
  await page.waitForTimeout(250);
  took.push(Number(/takes (\d+) ms/u.exec(await text(".device"))?.[1] ?? NaN));
}
const rate = (1000 * ((await frame()) - first)) / (performance.now() - began);
console.log(
  `${rate.toFixed(1)} frames a second, at most 12 by the page; a frame takes ${median(took)} ms (median), ${Math.max(...took)} at most; ${browser.version()}, load ${loadavg()[0]?.toFixed(1)}`,
);
await close();
