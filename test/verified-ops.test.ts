import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(root, "packages/cnn/src/lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What lint says of a file in a package. */
function lint(source: string): string {
  const file = join(folder, "example.ts");
  writeFileSync(file, `${source}\n`);
  const bin = join(root, "node_modules/.bin/oxlint");
  return spawnSync(bin, ["--no-ignore", file], { cwd: root, encoding: "utf8" }).stdout;
}

test.for([
  'export { conv2d } from "@tensorflow/tfjs-core";',
  'import { maxPool as pool } from "@tensorflow/tfjs-core";\nexport const p = pool;',
  'import * as tf from "@tensorflow/tfjs-core";\nexport const p = tf;',
  'export * from "@tensorflow/tfjs-core";',
  'import { add } from "@tensorflow/tfjs-core/dist/ops/add.js";\nexport const p = add;',
  'import { add } from "@tensorflow/tfjs";\nexport const p = add;',
  'import { dense } from "@tensorflow/tfjs-layers";\nexport const p = dense;',
])("a package may not say: %s", (source) => {
  expect(lint(source)).toContain("no-restricted-imports");
});

test("it learns what to do instead", () => {
  expect(lint('export { matMul } from "@tensorflow/tfjs-core";')).toContain("docs/tables/verified-ops.md");
});

test("a package may import what is verified", () => {
  expect(lint('export { add, type Tensor } from "@tensorflow/tfjs-core";')).toContain(
    "Found 0 warnings and 0 errors",
  );
});
