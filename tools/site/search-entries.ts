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
    const parts = [...text.matchAll(/^## (.*)$/gmu)].map(([, heading = ""]) => ({
      title: heading,
      path: `${path}#${slug(heading)}`,
      kind: "guide",
      where: `Guide: ${title}`,
      sentence: "",
      aliases: [],
    }));
    return [{ title, path, kind: "guide", where: "Guide", sentence: about, aliases: [] }, ...parts];
  });
  return [...names, ...headings];
}
