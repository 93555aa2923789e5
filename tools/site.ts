// npm run docs: writes the documentation site into `site`. The Storybook is in it where `storybook build` has run before.
// With --check it also checks every link and the markup of every page, and axe reads a few pages that have every kind of element in every surrounding.
// With --check --every axe reads every page, which takes half an hour.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check, summarize } from "./packed/check.ts";
import { buildSite } from "./site/build-site.ts";
import { brokenLinks } from "./site/check-links.ts";
import { brokenMarkup } from "./site/check-markup.ts";
import { checkPages } from "./site/check-pages.ts";
import { storiesOf, storyFiles } from "./site/demos.ts";
import { pagesOfEachKind } from "./site/pages-of-each-kind.ts";

const root = join(import.meta.dirname, "..");
const folder = join(root, "site");
const began = performance.now();
const { paths } = buildSite(root, folder);
console.log(`${paths.length} pages in ${folder}, ${((performance.now() - began) / 1000).toFixed(1)} s`);

if (process.argv.includes("--check")) {
  await check("every link of every page leads somewhere", () => {
    const broken = brokenLinks(folder, root, paths);
    if (broken.length > 0) throw new Error(broken.join("\n"));
  });
  await check(`headings, ids and names of all ${paths.length} pages are as they should be`, () => {
    const broken = brokenMarkup(folder, paths);
    if (broken.length > 0) throw new Error(broken.join("\n"));
  });
  await check("every demo is in the Storybook", () => {
    const index = join(root, "storybook-static/index.json");
    if (!existsSync(index)) throw new Error("storybook-static is missing: storybook build");
    const { entries } = JSON.parse(readFileSync(index, "utf8")) as { entries: Record<string, unknown> };
    const ids = storyFiles(root).flatMap((file) => storiesOf(readFileSync(join(root, file), "utf8")));
    const missing = ids.filter(({ id }) => !(id in entries));
    if (ids.length < 100 || missing.length > 0) throw new Error(missing.map(({ id }) => id).join(" "));
  });
  await checkPages(folder, process.argv.includes("--every") ? paths : pagesOfEachKind(folder, paths));
  summarize();
}
