import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A program that a README shows. */
export interface ReadmeProgram {
  /** The folder of its package, or `pellucid`, and its number there: `rnn-2`. */
  readonly name: string;
  /** As it is shown. */
  readonly shown: string;
  /** The whole of it, with the lines that are not shown. */
  readonly source: string;
  /** The page that shows it, from the root of the repository, the line there, and the heading above. */
  readonly file: string;
  readonly line: number;
  readonly heading: string;
  /** What it cannot run without, `a page` or `the network`; then it is only type-checked. */
  readonly needs: string | undefined;
}

const root = join(import.meta.dirname, "../..");
const block = /((?:<!--(?:(?!-->)[^])*-->\s*)*)```ts\n([^]*?)```/g;

/**
 * The programs of all READMEs and guides. Comments before a program complete it: `<!-- before … -->` holds lines that are not shown, `<!-- continues -->` puts the
 * program before it first, and `<!-- needs a page -->` says what it needs to run.
 */
export function readmePrograms(): readonly ReadmeProgram[] {
  const packages = readdirSync(join(root, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  return [
    ...programsOf("pellucid", "README.md"),
    ...packages.flatMap((name) => programsOf(name, `packages/${name}/README.md`)),
    ...guides().flatMap((path) => programsOf(`guide-${/([^/]+)\.md$/u.exec(path)?.[1] ?? ""}`, path)),
  ];
}

/** The guides of the documentation site. */
const guides = (): readonly string[] =>
  globSync("docs/site/guides/*.md", { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted();

function programsOf(name: string, readme: string): readonly ReadmeProgram[] {
  const programs: ReadmeProgram[] = [];
  const text = textOf(readme);
  for (const { index, 1: comments = "", 2: shown = "" } of text.matchAll(block)) {
    const above = text.slice(0, index);
    const hidden = /<!-- before\n([^]*?)-->/.exec(comments)?.[1] ?? "";
    const first = comments.includes("<!-- continues -->") ? (programs.at(-1)?.source ?? "") : "";
    programs.push({
      name: `${name}-${programs.length + 1}`,
      shown,
      file: readme,
      line: above.split("\n").length + comments.split("\n").length - 1,
      heading: [...above.matchAll(/^#+ (.*)$/gmu)].at(-1)?.[1] ?? "",
      source: `${first}${hidden}${shown}`,
      needs: /<!-- needs ([^]*?) -->/.exec(comments)?.[1],
    });
  }
  return programs;
}

function textOf(readme: string): string {
  try {
    return readFileSync(join(root, readme), "utf8");
  } catch {
    return ""; // a private package has none
  }
}
