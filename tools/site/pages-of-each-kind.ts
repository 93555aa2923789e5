import { readFileSync } from "node:fs";
import { join } from "node:path";

const empty = new Set(["br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"]);

/**
 * A few pages that together have every kind of element of all pages, in every surrounding: a kind is its tag, its classes and the names of its attributes, a surrounding the
 * tags and classes of all that it is in. What has colors, roles and sizes by these is on one of the pages.
 */
export function pagesOfEachKind(site: string, paths: readonly string[]): readonly string[] {
  const kinds = new Map(paths.map((path) => [path, kindsIn(readFileSync(join(site, path), "utf8"))]));
  const missing = new Set([...kinds.values()].flatMap((found) => [...found]));
  const chosen: string[] = [];
  while (missing.size > 0) {
    let best: { path: string; count: number } = { path: "", count: 0 };
    for (const [path, found] of kinds) {
      let count = 0;
      for (const kind of found) if (missing.has(kind)) count++;
      if (count > best.count) best = { path, count };
      if (count === 0) kinds.delete(path); // what is missing only gets less
    }
    chosen.push(best.path);
    for (const kind of kinds.get(best.path) ?? []) missing.delete(kind);
  }
  return chosen;
}

/** The kinds of elements of a page, each in its surrounding. */
function kindsIn(html: string): ReadonlySet<string> {
  const around: string[] = [];
  const found = new Set<string>();
  for (const [, end, tag = "", attributes = ""] of html.matchAll(/<(\/?)([a-z][\w-]*)([^>]*)>/gu)) {
    if (end === "/") {
      around.pop();
      continue;
    }
    const classes = /\sclass="([^"]*)"/u.exec(attributes)?.[1] ?? "";
    const names = attributes
      .replaceAll(/="[^"]*"/gu, "")
      .trim()
      .split(/\s+/u)
      .toSorted()
      .join();
    const kind = `${tag}.${classes}`;
    found.add(`${around.join(" ")} ${kind} ${names}`);
    if (!empty.has(tag) && !attributes.endsWith("/")) around.push(kind);
  }
  return found;
}
