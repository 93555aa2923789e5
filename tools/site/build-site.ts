import { cpSync, existsSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { apiPage, type Finder } from "./api-page.ts";
import { guidePages, readGuides } from "./guides.ts";
import { layout, type Page, rootFrom } from "./layout.ts";
import { llms } from "./llms.ts";
import { packagePage, packagesPage } from "./package-pages.ts";
import { readReference, type Reference } from "./reference.ts";
import { searchEntries } from "./search-entries.ts";
import { demosPage, homePage } from "./special-pages.ts";

export interface Site {
  readonly reference: Reference;
  /** Paths of all pages. */
  readonly paths: readonly string[];
}

/** Writes the whole site into a folder, which is emptied first. The Storybook is copied where it was built. */
export function buildSite(root: string, folder: string): Site {
  const reference = readReference(root);
  const find = finderOf(reference);
  const guides = readGuides(root);
  const pages: readonly Page[] = [
    homePage(reference, guides),
    demosPage(root),
    ...guidePages(guides, find),
    packagesPage(reference),
    ...reference.packages.flatMap((info) => [
      packagePage(root, info, find),
      ...info.entries.map((entry) => apiPage(entry, info, reference, find)),
    ]),
  ];
  rmSync(folder, { recursive: true, force: true });
  const made = new Set<string>();
  const write = (path: string, text: string) => {
    const target = join(folder, path);
    if (!made.has(dirname(target))) mkdirSync(dirname(target), { recursive: true });
    made.add(dirname(target));
    writeFileSync(target, text);
  };
  for (const page of pages) write(page.path, layout(page));
  write("search.json", JSON.stringify(searchEntries(reference, guides)));
  for (const [path, text] of llms(reference, guides)) write(path, text);
  cpSync(join(root, "docs/site/client"), folder, { recursive: true });
  const library = createRequire(import.meta.url).resolve("minisearch");
  cpSync(join(dirname(library), "../es/index.js"), join(folder, "minisearch.js"));
  mkdirSync(join(folder, "pictures"));
  for (const file of globSync(["packages/interpret/stories/recorded/*.webp", "docs/pictures/*.{png,webp}"], {
    cwd: root,
  })) {
    cpSync(join(root, file), join(folder, "pictures", file.split(/[\\/]/u).at(-1) ?? ""));
  }
  const storybook = join(root, "storybook-static");
  if (existsSync(storybook)) cpSync(storybook, join(folder, "storybook"), { recursive: true });
  return { reference, paths: pages.map(({ path }) => path) };
}

/** A name means that of the same package first, then the core's, then the only one of that name. */
function finderOf({ entries }: Reference): Finder {
  const byName = new Map<string, string[]>();
  for (const { title, key } of entries.values()) byName.set(title, [...(byName.get(title) ?? []), key]);
  return (folder, path) => {
    const root = rootFrom(path);
    return (name) => {
      const keys = byName.get(name.replace(/\(\)$/u, "")) ?? [];
      const key =
        keys.find((of) => of.startsWith(`${folder}/`)) ??
        keys.find((of) => of.startsWith("core-train/")) ??
        (keys.length === 1 ? keys[0] : undefined);
      const target = key === undefined ? undefined : entries.get(key)?.path;
      return target === undefined || target === path ? undefined : root + target;
    };
  };
}
