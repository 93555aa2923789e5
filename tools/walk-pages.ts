// node tools/walk-pages.ts FOLDER [PART/PARTS] [PART-OF-ID] [--backend=webgpu]: walks through every lesson and story of the static Storybook as a visitor would, by eye, by keyboard
// and on a phone. Of each page it says the layout shift, the longest task, what asked another host, what failed, what cannot be reached by Tab and what is wider
// than 390 pixels, and writes pictures into FOLDER: light, dark, and at 390 pixels. A page is timed by this machine: run it while nothing else does.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { type Entry, openStorybook } from "./open-storybook.ts";

const options = process.argv.slice(2).filter((one) => one.startsWith("--"));
const [folder = "walk", share = "1/1", part = ""] = process.argv
  .slice(2)
  .filter((one) => !one.startsWith("--"));
const [at = 1, of = 1] = share.split("/").map(Number);
const backend = options.find((one) => one.startsWith("--backend="))?.split("=")[1];
const [mostShift, mostTask, phone] = [0.1, 100, 390];

/** What a page has done, as its observers have seen it. */
interface Seen {
  readonly shift: number;
  readonly shiftOnPhone: number;
  /** In milliseconds: the longest task until the page was complete, and after. */
  readonly longest: number;
  readonly longestAfter: number;
}

/** What a walk over a page has found. */
interface Found extends Partial<Seen> {
  readonly id: string;
  readonly seconds: number;
  readonly wrong: readonly string[];
  readonly slow: readonly string[];
}

const observers = `
globalThis.walk = { shifts: [], tasks: [], ready: Infinity };
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) walk.shifts.push([e.startTime, e.value]); }).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => { for (const e of list.getEntries()) walk.tasks.push([e.startTime, e.duration]); }).observe({ type: "longtask", buffered: true });
`;
const complete = `(() => {
  const done = document.querySelector(".lesson[data-ready=yes]") !== null || /Computed on/.test(document.querySelector(".lab .status")?.textContent ?? "");
  if (done && walk.ready === Infinity) walk.ready = performance.now();
  return done;
})()`;
/** What takes the focus by Tab, in shadow roots too, in words. Of radio buttons of one name, and of what is inside of \`inert\` or closed, nothing is expected. */
const focusable = `(() => {
  const all = [];
  const radios = new Set();
  const visit = (root) => {
    for (const e of root.querySelectorAll("*")) {
      if (e.shadowRoot) visit(e.shadowRoot);
      if (e.tabIndex < 0 || e.disabled || e.closest("[inert]") || !e.matches("a[href], button, input, select, textarea, summary, [tabindex]")) continue;
      if (!e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
      if (e.type === "radio") { if (radios.has(e.name)) continue; radios.add(e.name); }
      all.push(e);
    }
  };
  visit(document.querySelector(".lesson, .lab"));
  globalThis.walk.controls = all;
  return all.length;
})()`;
const reached = `(() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  (walk.reached ??= new Set()).add(e?.type === "radio" ? "radio " + e.name : e);
  const box = e?.getBoundingClientRect();
  return e === document.body ? "" : "on";
})()`;
const unreached = `walk.controls.filter((e) => e.isConnected && e.checkVisibility({ visibilityProperty: true }) && !walk.reached.has(e.type === "radio" ? "radio " + e.name : e)).map((e) => e.outerHTML.slice(0, 100))`;
const seen = `(() => {
  const sum = (from, to) => walk.shifts.filter(([t]) => t >= from && t < to).reduce((s, [, v]) => s + v, 0);
  const most = (from, to) => Math.round(Math.max(0, ...walk.tasks.filter(([t]) => t >= from && t < to).map(([, d]) => d)));
  return { shift: sum(0, walk.phone ?? Infinity), shiftOnPhone: sum(walk.phone ?? Infinity, Infinity), longest: most(0, walk.ready), longestAfter: most(walk.ready, walk.end ?? Infinity) };
})()`;

async function keyboard(page: Page): Promise<string[]> {
  const count = (await page.evaluate(focusable)) as number;
  await page.evaluate(`document.activeElement?.blur?.()`);
  for (let i = 0; i < count + 12; i++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(reached)) === "" && i > 0) break;
  }
  return ((await page.evaluate(unreached)) as string[]).map((one) => `not reached by Tab: ${one}`);
}

async function walk({ id }: Entry): Promise<Found> {
  const page = await browser.newPage({ colorScheme: "light", viewport: { width: 1280, height: 900 } });
  const begin = performance.now();
  const [wrong, slow]: [string[], string[]] = [[], []];
  let measured: Partial<Seen> = {};
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.host !== new URL(base).host)
      wrong.push(`asked ${url.href}`);
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(`console: ${message.text().slice(0, 300)}`);
  });
  await page.addInitScript(observers);
  const shoot = async (name: string) => {
    await page.screenshot({
      path: join(folder, `${id}.${name}.jpg`),
      type: "jpeg",
      quality: 60,
      fullPage: true,
    });
  };
  try {
    const query = backend === undefined ? "" : `&backend=${backend}`;
    page.setDefaultTimeout(180_000);
    await page.goto(`${base}/iframe.html?viewMode=story&id=${id}&globals=theme:light${query}`);
    if (id.includes("-photographs--"))
      await page.getByRole("button", { name: "Load the network" }).first().click();
    await page.waitForFunction(complete, null, { timeout: 150_000 });
    await page.waitForTimeout(700);
    await shoot("light");
    await page.evaluate(`walk.end = performance.now()`);
    wrong.push(...(await keyboard(page)));
    await page.evaluate(`document.activeElement?.blur?.(); scrollTo(0, 0)`);
    await page.evaluate(`document.documentElement.style.colorScheme = "dark"`);
    await page.waitForTimeout(300);
    await shoot("dark");
    await page.evaluate(`document.documentElement.style.colorScheme = "light"`);
    await page.setViewportSize({ width: phone, height: 844 });
    await page.waitForTimeout(300);
    const width = Number(await page.evaluate(`document.documentElement.scrollWidth`));
    if (width > phone) wrong.push(`${width} pixels wide at ${phone}`);
    await shoot("phone");
    measured = (await page.evaluate(seen)) as Seen;
    if ((measured.shift ?? 0) > mostShift) wrong.push(`layout shift ${measured.shift?.toFixed(2)}`);
    if ((measured.longest ?? 0) > mostTask) slow.push(`${measured.longest} ms in one task while it starts`);
    if ((measured.longestAfter ?? 0) > mostTask) slow.push(`${measured.longestAfter} ms in one task after`);
  } catch (error) {
    wrong.push(String(error).slice(0, 400));
    await shoot("failed").catch(() => {});
  }
  await page.close();
  return { id, seconds: (performance.now() - begin) / 1000, wrong, slow, ...measured };
}

const { base, entries, browser, close } = await openStorybook();
const stories = entries
  .filter(({ type, id }) => type === "story" && id.includes(part))
  .filter((_, i) => i % of === at - 1);
mkdirSync(folder, { recursive: true });
const found: Found[] = [];
for (const story of stories) {
  const one = await walk(story);
  found.push(one);
  const lines = [...one.wrong, ...one.slow.map((line) => `slow: ${line}`)];
  console.log(
    `${one.wrong.length === 0 ? "ok     " : "not ok "} ${one.id} (${one.seconds.toFixed(1)} s)${lines.map((line) => `\n        ${line}`).join("")}`,
  );
  writeFileSync(join(folder, `walk-${at}-of-${of}.json`), JSON.stringify(found, null, 1));
}
await close();
const failed = found.filter(({ wrong }) => wrong.length > 0).length;
console.log(`${found.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
