import { escapeHtml } from "./markdown.ts";

/** A page of the site. */
export interface Page {
  /** From the root of the site: `api/core-train/GroupNorm.html`. */
  readonly path: string;
  readonly title: string;
  /** One sentence, for search engines. */
  readonly description: string;
  /** HTML of the main part. */
  readonly body: string;
  /** HTML of the list at the side. */
  readonly side: string;
}

export const repository = "https://github.com/pellucid-js/pellucid";

/** The relative address of the root of the site, from a page. */
export const rootFrom = (path: string): string => "../".repeat(path.split("/").length - 1) || "./";

/** The whole HTML of a page. Nothing in it asks another host, and no script or style is inline, so that the strictest content policy allows it. */
export function layout({ path, title, description, body, side }: Page): string {
  const root = rootFrom(path);
  const plain = escapeHtml(description.replaceAll(/[`*]|\{@link\s+|\}/gu, ""));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} · Pellucid</title>
<meta name="description" content="${plain}">
<link rel="stylesheet" href="${root}site.css">
<link rel="icon" href="${root}icon.svg">
<script src="${root}theme.js"></script>
<script type="module" src="${root}site.js"></script>
</head>
<body data-root="${root}">
<a class="skip" href="#main">Skip to the text</a>
<header class="top">
<a class="brand" href="${root}index.html">Pellucid</a>
<nav aria-label="Site"><a href="${root}guides/index.html">Guides</a><a href="${root}api/index.html">Reference</a><a href="${root}guides/from-pytorch.html">From PyTorch</a><a href="${root}demos.html">Demos</a><a href="${repository}">GitHub</a></nav>
<form class="search" role="search" action="${root}search.html"><label for="q" class="hidden">Search</label><input id="q" name="q" type="search" placeholder="Search: nn.GroupNorm, Dense, tf.grad …" autocomplete="off" role="combobox" aria-expanded="false" aria-controls="hits" aria-autocomplete="list"><div id="hits" role="listbox" aria-label="Results" hidden></div></form>
<button id="theme" type="button">Dark</button>
</header>
<div class="columns">
<nav class="side" aria-label="Pages">${side}</nav>
<main id="main" tabindex="-1">
${body}
</main>
</div>
<footer><p>MIT. This site asks no other host for anything, and search runs in the page.</p></footer>
</body>
</html>
`;
}
