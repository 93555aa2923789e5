import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const packages = join(import.meta.dirname, "../packages");

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

test.for(["backends", "cnn", "core-train", "datasets", "interpret", "kernels", "transformer"])(
  "the public names of %s",
  (name) => {
    expect(names(`${name}/src/index.ts`)).toMatchSnapshot();
  },
);

test.for(["core-train/src/node", "interpret/src/draw", "interpret/src/elements"])(
  "the public names of %s",
  (folder) => {
    expect(names(`${folder}/index.ts`)).toMatchSnapshot();
  },
);

test.for(["backends", "cnn", "core-train", "datasets", "interpret", "kernels", "transformer"])(
  "%s has no blanket export",
  (name) => {
    expect(readFileSync(join(packages, name, "src/index.ts"), "utf8")).not.toMatch(/export\s+\*/);
  },
);
