import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A program that a README shows. */
export interface ReadmeProgram {
  /** The folder of its package, or `pellucid`, and its number there: `rnn-2`. */
  readonly name: string;
  /** As it is shown. */
  readonly shown: string;
  /** The whole of it, with the lines that are not shown. */
  readonly source: string;
  /** What it cannot run without, `a page` or `the network`; then it is only type-checked. */
  readonly needs: string | undefined;
}

const root = join(import.meta.dirname, "../..");
const block = /((?:<!--(?:(?!-->)[^])*-->\s*)*)```ts\n([^]*?)```/g;

/**
 * The programs of all READMEs. Comments before a program complete it: `<!-- before … -->` holds lines that are not shown, `<!-- continues -->` puts the
 * program before it first, and `<!-- needs a page -->` says what it needs to run.
 */
export function readmePrograms(): readonly ReadmeProgram[] {
  const packages = readdirSync(join(root, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  return [
    ...programsOf("pellucid", "README.md"),
    ...packages.flatMap((name) => programsOf(name, `packages/${name}/README.md`)),
  ];
}

function programsOf(name: string, readme: string): readonly ReadmeProgram[] {
  const programs: ReadmeProgram[] = [];
  for (const [, comments = "", shown = ""] of textOf(readme).matchAll(block)) {
    const hidden = /<!-- before\n([^]*?)-->/.exec(comments)?.[1] ?? "";
    const first = comments.includes("<!-- continues -->") ? (programs.at(-1)?.source ?? "") : "";
    programs.push({
      name: `${name}-${programs.length + 1}`,
      shown,
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
