// Opens the static Storybook that `storybook build` wrote, in a browser: every docs page, light and dark, and one story of each file. Nothing may be
// asked of another host, nothing may fail, a story must answer, a lesson must have all its parts, and axe must find nothing on a docs page. (The stories'
// own tests ask axe of stories.)
import type { AxeResults } from "axe-core";
import { createRequire } from "node:module";
import type { Page } from "playwright";
import { missingFromLesson } from "./lesson-parts.ts";
import { openStorybook } from "./open-storybook.ts";

const { base, entries, browser, close } = await openStorybook();
const docs = entries.filter(({ type }) => type === "docs");
const stories = [
  ...new Map(
    entries
      .filter(({ type }) => type === "story")
      .toReversed()
      .map((entry) => [entry.importPath, entry]),
  ).values(),
].toReversed();

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Visit {
  readonly title: string;
  readonly path: string;
  /** What is true on the page when it is there. */
  readonly ready: string;
  readonly theme?: "light" | "dark";
  readonly docs?: boolean;
  /** The button that a visitor presses first, for a network that is loaded only when asked for. */
  readonly press?: string;
}

/** What axe finds wrong on a page, but for Storybook's own parts around a story. */
async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  const found = (await page.evaluate(`axe.run(document.querySelector(".sbdocs-content"))`)) as AxeResults;
  return found.violations.map(
    ({ id, help, nodes }) => `${id}: ${help} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}

/** Opens an address and waits for `ready`; gives what went wrong. */
async function visit({ path, ready, theme = "light", docs: isDocs, press }: Visit): Promise<string[]> {
  const page = await browser.newPage({ colorScheme: theme });
  const wrong: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.host !== new URL(base).host)
      wrong.push(`asked ${url.href}`);
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()} for ${response.url()}`);
  });
  try {
    await page.goto(`${base}${path}`);
    if (press !== undefined) await page.getByRole("button", { name: press }).first().click();
    await page.waitForFunction(ready, null, { timeout: 120_000 });
    if (isDocs === true) wrong.push(...(await violations(page)));
    if ((await page.locator(".lesson").count()) > 0) wrong.push(...(await missingFromLesson(page)));
  } catch (error) {
    wrong.push(String(error));
  }
  await page.close();
  return wrong;
}

const answered = `document.querySelector(".lesson[data-ready=yes]") !== null || /Computed on/.test(document.querySelector(".lab .status")?.textContent ?? "")`;
const written = `document.querySelector(".sbdocs h1") !== null && [...document.querySelectorAll(".docs-story")].every((story) => story.querySelector(".lab"))`;
const shell = `document.querySelector("#storybook-preview-iframe, [data-testid], nav") !== null`;
const visits: readonly Visit[] = [
  { title: "the frame", path: "/", ready: shell },
  ...docs.flatMap(({ id }) =>
    (["light", "dark"] as const).map((theme) => {
      const path = `/iframe.html?viewMode=docs&id=${id}&globals=theme:${theme}`;
      return { title: `${id}, ${theme}`, path, ready: written, theme, docs: true };
    }),
  ),
  ...stories.map(({ id }) => ({
    title: id,
    path: `/iframe.html?viewMode=story&id=${id}`,
    ready: answered,
    ...(id.includes("-photographs--") && { press: "Load the network" }),
  })),
];
let [passed, failed] = [0, 0];
for (const one of visits) {
  const wrong = await visit(one);
  if (wrong.length === 0) passed++;
  else failed++;
  console.log(
    `${wrong.length === 0 ? "ok     " : "not ok "} ${one.title}${wrong.map((line) => `\n        ${line}`).join("")}`,
  );
}
await close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
