import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const packages = join(import.meta.dirname, "../packages");
const published = readdirSync(packages).filter((name) => name !== "testing" && name !== "course");
const folders = [
  "core-train/src/linalg",
  "core-train/src/node",
  "interpret/src/draw",
  "interpret/src/elements",
  "interpret/src/parts",
  "mamba/src/recurrences",
  "rl/src/environments",
  "rl/src/tabular",
];

/** The names that an index exports, values and types, read from its text. */
function names(index: string): string[] {
  const source = readFileSync(join(packages, index), "utf8").replaceAll(/\/\/.*$/gm, "");
  const lists = [...source.matchAll(/export\s+(type\s+)?\{([^}]*)\}/g)];
  return lists
    .flatMap(([, , list]) => (list ?? "").split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .toSorted();
}

test.for([...published.map((name) => `${name}/src`), ...folders])(
  "the public names of %s",
  async (folder) => {
    const list = `${names(`${folder}/index.ts`).join("\n")}\n`;
    await expect(list).toMatchFileSnapshot(`exports/${folder.replaceAll("/", "-")}.txt`);
  },
);

test.for(published)("%s has no blanket export", (name) => {
  expect(readFileSync(join(packages, name, "src/index.ts"), "utf8")).not.toMatch(/export\s+\*/);
});
