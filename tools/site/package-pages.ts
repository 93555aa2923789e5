import { readFileSync } from "node:fs";
import { join } from "node:path";
import { anchor, type Finder } from "./api-page.ts";
import { type Page, repository, rootFrom } from "./layout.ts";
import { escapeHtml, renderMarkdown } from "./markdown.ts";
import type { PackageInfo, Reference } from "./reference.ts";

/** The table of contents of a package, group by group, under its README. */
export function packagePage(root: string, info: PackageInfo, find: Finder): Page {
  const path = `api/${info.folder}/index.html`;
  const addressOf = find(info.folder, path);
  const groups = [...new Set(info.entries.map(({ group }) => group))];
  const readme = shownReadme(readFileSync(join(root, "packages", info.folder, "README.md"), "utf8"), path);
  const lists = groups.map((group) => {
    const rows = info.entries
      .filter((entry) => entry.group === group)
      .map(({ title, path: target, doc, others }) => {
        const other = others[0] === undefined ? "" : `<code>${escapeHtml(others[0][1])}</code>`;
        const name = `<a href="${target.split("/").at(-1)}"><code>${escapeHtml(title)}</code></a>`;
        return `<tr><td>${name}</td><td>${renderMarkdown(doc.sentence, addressOf)}</td><td>${other}</td></tr>`;
      });
    return `<h3 id="names-${anchor(group)}">${escapeHtml(group || "all")}</h3><div class="table" tabindex="0" role="region" aria-label="${escapeHtml(group || "all")}"><table><tbody>${rows.join("\n")}</tbody></table></div>`;
  });
  const side = groups.map(
    (group) => `<li><a href="#names-${anchor(group)}">${escapeHtml(group || "all")}</a></li>`,
  );
  const count = `<h2 id="names">All ${info.entries.length} names</h2>`;
  return {
    path,
    title: info.name,
    description: info.description,
    body: `${renderMarkdown(readme, addressOf)}${count}${lists.join("\n")}`,
    side: `<h2><a href="../index.html">All packages</a></h2><ul>${side.join("")}</ul>`,
  };
}

/** A README without comments, whose links to packages of the repository lead to pages of the site. */
export function shownReadme(text: string, path: string): string {
  const root = rootFrom(path);
  return text
    .replaceAll(/<!--[^]*?-->\n?/gu, "")
    .replaceAll(`${repository}/raw/main/packages/interpret/stories/recorded/`, `${root}pictures/`)
    .replaceAll(`${repository}/raw/main/docs/pictures/`, `${root}pictures/`)
    .replaceAll(
      new RegExp(`\\(${repository}/tree/main/packages/([\\w-]+)\\)`, "gu"),
      `(${root}api/$1/index.html)`,
    );
}

/** The list of all packages. */
export function packagesPage({ packages }: Reference): Page {
  const rows = packages.map(
    ({ folder, name, description, entries }) =>
      `<li><a href="${folder}/index.html"><strong>${name}</strong></a> <span class="quiet">${entries.length} names</span><p>${escapeHtml(description)}</p></li>`,
  );
  const total = packages.reduce((sum, { entries }) => sum + entries.length, 0);
  return {
    path: "api/index.html",
    title: "Reference",
    description: `All ${total} public names of Pellucid, one page each.`,
    body: `<h1>Reference</h1><p>${packages.length} packages, ${total} public names, a page for each. Press <kbd>/</kbd> and type a name as PyTorch, Keras or TensorFlow.js has it.</p><ul class="cards">${rows.join("")}</ul>`,
    side: `<h2>Packages</h2><ul>${packages.map(({ folder, name }) => `<li><a href="${folder}/index.html">${name}</a></li>`).join("")}</ul>`,
  };
}
