// Opens the static Storybook that `storybook build` wrote, in a browser: every docs page and one story of each file. Nothing may be asked of another
// host, nothing may fail, and a story must answer.
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

/** Opens an address and waits for `ready`; gives what went wrong. */
async function visit(path: string, ready: string): Promise<string[]> {
  const page = await browser.newPage();
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
    await page.waitForFunction(ready, null, { timeout: 120_000 });
  } catch (error) {
    wrong.push(String(error));
  }
  await page.close();
  return wrong;
}

const answered = `/Computed on/.test(document.querySelector(".lab .status")?.textContent ?? "")`;
const written = `document.querySelector(".sbdocs h1") !== null && [...document.querySelectorAll(".docs-story")].every((story) => story.querySelector(".lab"))`;
const shell = `document.querySelector("#storybook-preview-iframe, [data-testid], nav") !== null`;
const visits: readonly (readonly [title: string, path: string, ready: string])[] = [
  ["the frame", "/", shell],
  ...docs.map(({ id }) => [id, `/iframe.html?viewMode=docs&id=${id}`, written] as const),
  ...stories.map(({ id }) => [id, `/iframe.html?viewMode=story&id=${id}`, answered] as const),
];
let [passed, failed] = [0, 0];
for (const [title, path, ready] of visits) {
  const wrong = await visit(path, ready);
  if (wrong.length === 0) passed++;
  else failed++;
  console.log(
    `${wrong.length === 0 ? "ok     " : "not ok "} ${title}${wrong.map((line) => `\n        ${line}`).join("")}`,
  );
}
await close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
