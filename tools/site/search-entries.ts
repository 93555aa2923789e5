import type { Guide } from "./guides.ts";
import { slug } from "./markdown.ts";
import type { Reference } from "./reference.ts";

/** What the search of the site knows of a page. */
export interface SearchEntry {
  readonly title: string;
  readonly path: string;
  readonly kind: string;
  readonly where: string;
  readonly sentence: string;
  readonly aliases: readonly string[];
}

/** All names, all guides, and the headings of guides. */
export function searchEntries({ entries }: Reference, guides: readonly Guide[]): readonly SearchEntry[] {
  const names = [...entries.values()].map(({ title, path, kind, module, doc, aliases }) => {
    const sentence = doc.sentence.replaceAll(/\{@link\s+([\w.]+)[^}]*\}/gu, "$1").slice(0, 160);
    return { title, path, kind, where: module, sentence, aliases };
  });
  const headings = guides.flatMap(({ name, title, about, text }) => {
    const path = `guides/${name}.html`;
    const [before = "", ...sections] = text.split(/^## /mu);
    const parts = sections.map((section) => {
      const heading = section.slice(0, section.indexOf("\n"));
      return {
        title: heading,
        path: `${path}#${slug(heading)}`,
        kind: "guide",
        where: `Guide: ${title}`,
        sentence: "",
        aliases: alsoKnownAs(section),
      };
    });
    return [
      { title, path, kind: "guide", where: "Guide", sentence: about, aliases: alsoKnownAs(before) },
      ...parts,
    ];
  });
  return [...names, ...headings];
}

/** What else a section of a guide is searched by: `<!-- also: web worker, service worker -->`. */
function alsoKnownAs(section: string): readonly string[] {
  const [, names = ""] = /<!-- also: ([^]*?) -->/u.exec(section) ?? [];
  return names === "" ? [] : names.split(/,\s*/u);
}
