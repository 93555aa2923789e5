// node bench/generative/dream-in-a-tab.ts [SECONDS]: how many frames a second the course's dream world draws in a tab of Chromium, on WASM. Needs `storybook build`.
import { loadavg } from "node:os";
import { openStorybook } from "../../tools/open-storybook.ts";
import { median } from "../median.ts";

const [, , seconds = "15"] = process.argv;
const { base, browser, close } = await openStorybook();
const page = await browser.newPage();
const devtools = await page.context().newCDPSession(page);
await devtools.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
await devtools.send("Performance.enable");
/** Seconds of CPU that the page's thread has taken. */
const used = async () =>
  (await devtools.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")
    ?.value ?? NaN;
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
const [first, before, began] = [await frame(), await used(), performance.now()];
const took: number[] = [];
while (performance.now() - began < 1000 * Number(seconds)) {
  await page.waitForTimeout(250);
  took.push(Number(/takes (\d+) ms/u.exec(await text(".device"))?.[1] ?? NaN));
}
const drawn = (await frame()) - first;
const rate = (1000 * drawn) / (performance.now() - began);
const cpu = (1000 * ((await used()) - before)) / drawn;
console.log(
  `${rate.toFixed(1)} frames a second, of which the page allows 12; ${cpu.toFixed(0)} ms of CPU a frame; by the clock one takes ${median(took)} ms (median), ${Math.max(...took)} at most (medians of ten); ${browser.version()}, load ${loadavg()[0]?.toFixed(1)}`,
);
await close();
