// node tools/readme-sizes.ts: writes into each package's README what it costs in kB, from the limits of .size-limit.json that the checks hold.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

interface SizeRow {
  readonly name: string;
  /** The entry of the package, or several: its own first. */
  readonly path: string | readonly string[];
  readonly limit: string;
}

/** For each package with sizes, its README with the section about them, as it should be. */
export function readmesWithSizes(): readonly {
  readonly folder: string;
  readonly path: string;
  readonly text: string;
}[] {
  const rows = JSON.parse(readFileSync(join(root, ".size-limit.json"), "utf8")) as readonly SizeRow[];
  const folders = [...new Set(rows.map(folderOf))];
  return folders.map((folder) => {
    const path = join(root, "packages", folder, "README.md");
    const own = rows.filter((row) => folderOf(row) === folder);
    return { folder, path, text: withSizes(readFileSync(path, "utf8"), own) };
  });
}

const folderOf = ({ path }: SizeRow): string => [path].flat()[0]?.split("/")[1] ?? "";

/** A README with a last section about sizes. */
export function withSizes(readme: string, rows: readonly Pick<SizeRow, "name" | "limit">[]): string {
  const lines = rows
    .filter(({ name }) => !name.includes(": part,"))
    .map(({ name, limit }) => `| ${name.replace(/^[\w-]+: /u, "")} | ${limit} |`);
  const text = readme.replace(/\n## Size\n[^]*?(?=\n## |$)/u, "").trimEnd();
  const section = [
    "## Size",
    "",
    "What a page loads at most, minified and compressed by Brotli; tfjs and the core, where they are needed, are loaded once for all packages.",
    "",
    "| | |",
    "| --- | --- |",
    ...lines,
    "",
  ];
  return `${text}\n\n${section.join("\n")}`;
}

if (import.meta.main) for (const { path, text } of readmesWithSizes()) writeFileSync(path, text);
