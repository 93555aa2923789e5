import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Finder } from "./api-page.ts";
import type { Page } from "./layout.ts";
import { escapeHtml, renderMarkdown } from "./markdown.ts";

/** A guide: a page written by hand. Its first line is its title, the next paragraph says what it is for. */
export interface Guide {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly text: string;
}

/** In the order in which they are read; guides that are not named here follow. */
const order = [
  "start",
  "train",
  "look-at-a-model",
  "explain",
  "weights",
  "from-pytorch",
  "from-tfjs",
  "backends",
  "memory",
  "speed",
  "threads",
  "workers",
  "write-a-layer",
  "write-a-tool",
  "bundlers",
  "csp",
  "ssr",
  "testing",
  "frameworks",
];

export function readGuides(root: string): readonly Guide[] {
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return globSync("docs/site/guides/*.md", { cwd: root })
    .map((file) => {
      const text = readFileSync(join(root, file), "utf8");
      const title = /^# (.*)$/mu.exec(text)?.[1] ?? "";
      const about = /^# .*\n\n([^]*?)\n\n/u.exec(text)?.[1]?.replaceAll("\n", " ") ?? "";
      return { name: basename(file, ".md"), title, about, text };
    })
    .toSorted((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}

/** The pages of the guides, and their list. */
export function guidePages(guides: readonly Guide[], find: Finder): readonly Page[] {
  const side = (current: string) =>
    `<h2>Guides</h2><ul>${guides.map(({ name, title }) => `<li><a href="${name}.html"${name === current ? ' aria-current="page"' : ""}>${escapeHtml(title)}</a></li>`).join("")}</ul>`;
  const pages = guides.map(({ name, title, about, text }, i): Page => {
    const path = `guides/${name}.html`;
    const next = guides[i + 1];
    const after =
      next === undefined ? "" : `<p>Next: <a href="${next.name}.html">${escapeHtml(next.title)}</a></p>`;
    const shown = text
      .replaceAll(/<!--[^]*?-->\n?/gu, "")
      .replaceAll(/\]\(([\w-]+)\.md(#[\w-]+)?\)/gu, "]($1.html$2)");
    return {
      path,
      title,
      description: about,
      body: renderMarkdown(shown, find("core-train", path)) + after,
      side: side(name),
    };
  });
  const cards = guides.map(
    ({ name, title, about }) =>
      `<li><a href="${name}.html"><strong>${escapeHtml(title)}</strong></a>${renderMarkdown(about, () => undefined)}</li>`,
  );
  return [
    ...pages,
    {
      path: "guides/index.html",
      title: "Guides",
      description: "How to train, explain, load weights, choose a backend and bring it all into a page.",
      body: `<h1>Guides</h1><p>Every program in them is type-checked and run by the checks of the repository.</p><ul class="cards">${cards.join("")}</ul>`,
      side: side(""),
    },
  ];
}
