import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What is wrong with the markup of pages that depends on what is written in them: ids, headings, names of pictures, links and buttons. */
export function brokenMarkup(site: string, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) =>
    wrongIn(readFileSync(join(site, path), "utf8")).map((text) => `${path}: ${text}`),
  );
}

function wrongIn(html: string): readonly string[] {
  const all = (pattern: RegExp) => [...html.matchAll(pattern)];
  const ids = all(/\sid="([^"]*)"/gu).map(([, id = ""]) => id);
  const regions = all(/role="region" aria-label="([^"]*)"/gu).map(([, label = ""]) => label);
  const levels = all(/<h([1-6])[\s>]/gu).map(([, level]) => Number(level));
  const titles = all(/<title>([^<]*)<\/title>/gu);
  const nameless = all(/<(a|button|summary)\b([^>]*)>([^]*?)<\/\1>/gu).filter(
    ([, , attributes = "", inner = ""]) =>
      !/aria-label="[^"]/u.test(attributes) &&
      !/alt="[^"]/u.test(inner) &&
      inner.replaceAll(/<[^>]*>/gu, "").trim() === "",
  );
  return [
    ...ids.filter((id, i) => id === "" || ids.indexOf(id) !== i).map((id) => `the id "${id}" is there twice`),
    ...regions
      .filter((label, i) => label === "" || regions.indexOf(label) !== i)
      .map((label) => `two regions are "${label}"`),
    ...(levels.filter((level) => level === 1).length === 1 ? [] : ["it has not one heading of level 1"]),
    ...levels
      .filter((level, i) => level > (levels[i - 1] ?? level) + 1)
      .map((level) => `a heading of level ${level} comes too early`),
    ...(titles.length === 1 && titles[0]?.[1]?.startsWith(" ·") === false ? [] : ["it has no title"]),
    ...all(/<(?:img|iframe)\b[^>]*>/gu)
      .filter(([tag]) => !/\s(?:alt|title)="/u.test(tag))
      .map(([tag]) => `${tag} has no name`),
    ...nameless.map(([tag]) => `${tag} has no name`),
  ];
}
