import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { repository } from "./layout.ts";

/** What is wrong with the links of the pages: files and headings of the site, and files of the repository, that are not there. */
export function brokenLinks(site: string, root: string, paths: readonly string[]): readonly string[] {
  const ids = new Map<string, ReadonlySet<string>>();
  const idsOf = (path: string): ReadonlySet<string> => {
    const known = ids.get(path);
    if (known !== undefined) return known;
    const found = new Set(
      [...readFileSync(join(site, path), "utf8").matchAll(/\sid="([^"]+)"/gu)].map(([, id = ""]) => id),
    );
    ids.set(path, found);
    return found;
  };
  const there = new Map<string, boolean>();
  const exists = (path: string): boolean => {
    const known = there.get(path) ?? existsSync(path);
    there.set(path, known);
    return known;
  };
  return paths.flatMap((path) => {
    const html = readFileSync(join(site, path), "utf8").replaceAll(/<pre[^]*?<\/pre>/gu, (pre) =>
      [...pre.matchAll(/<a [^>]*>/gu)].map(([tag]) => tag).join(""),
    );
    const links = [...html.matchAll(/\s(?:href|src|data-demo)="([^"]*)"/gu)].map(([, link = ""]) =>
      link.replaceAll("&amp;", "&"),
    );
    const asked = [...html.matchAll(/\ssrc="(https?:[^"]*)"/gu)].map(([, link]) => `${path}: asks ${link}`);
    if (asked.length > 0) return asked;
    return [...new Set(links)].flatMap((link) => {
      if (link.startsWith(`${repository}/`)) {
        const file = link
          .slice(repository.length)
          .replace(/^\/(?:blob|tree)\/main\//u, "")
          .replace(/#.*$/u, "");
        return exists(join(root, decodeURI(file))) ? [] : [`${path}: ${link} is not in the repository`];
      }
      if (/^https?:\/\//u.test(link)) return [];
      const [file = "", id] = link.split("#");
      const target = file === "" ? path : normalize(join(dirname(path), file.replace(/\?.*$/u, "")));
      const page = target.endsWith("/") || target === "." ? join(target, "index.html") : target;
      if (page.startsWith("storybook/")) return [];
      if (!exists(join(site, page))) return [`${path}: ${link} is missing`];
      if (id !== undefined && id !== "" && !idsOf(page).has(decodeURIComponent(id)))
        return [`${path}: ${link} has no such heading`];
      return [];
    });
  });
}
