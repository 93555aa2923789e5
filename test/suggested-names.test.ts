import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(root, "test/suggested-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What one writes who knows the name from elsewhere or mistypes it, and the name that the compiler suggests. */
const imports: Readonly<Record<string, readonly [of: string, meant: string]>> = {
  BatchNorm2D: ["core-train", "BatchNorm2d"],
  MultiHeadAttention: ["core-train", "MultiheadAttention"],
  crossentropy: ["core-train", "crossEntropy"],
  trainstep: ["core-train", "trainStep"],
  loadWeight: ["core-train", "loadWeights"],
  Optimiser: ["core-train", "Optimizer"],
  adamW: ["core-train", "adamw"],
  ResNet18: ["cnn", "resnet18"],
  resNet50: ["cnn", "resnet50"],
  RecurrentLM: ["rnn", "RecurrentLm"],
};

/** A wrong key of options, and the right one. */
const options = {
  "new Linear(4, 2, { rng, biass: true })": "bias",
  "adam({ learning_rate: 0.1 })": "learningRate",
  "new Conv2d(3, 8, 3, { rng, paddings: 1 })": "padding",
  "new BatchNorm2d(3, { momentun: 0.1 })": "momentum",
} as const;

const programs = {
  ...Object.fromEntries(
    Object.entries(imports).map(([name, [of]]) => [name, `export { ${name} } from "@pellucid/${of}";\n`]),
  ),
  ...Object.fromEntries(
    Object.keys(options).map((call, i) => [
      `options-${i}`,
      `import { adam, BatchNorm2d, Conv2d, Linear, type Rng } from "@pellucid/core-train";
declare const rng: Rng;
export const used = [adam, BatchNorm2d, Conv2d, Linear, rng];
export const made = ${call};
`,
    ]),
  ),
};

/** What the compiler says of all programs. */
const errors = (() => {
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, `${name}.ts`), text);
  const configuration = {
    extends: "../../tsconfig.tests.json",
    compilerOptions: { noEmit: true, incremental: false, forceConsistentCasingInFileNames: false },
    include: ["*.ts"],
    exclude: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
  const bin = join(root, "node_modules/.bin/tsc");
  return spawnSync(bin, ["-p", folder, "--pretty", "false"], { cwd: folder, encoding: "utf8" }).stdout;
})();

const saidOf = (name: string) =>
  errors
    .split(/\n(?! )/)
    .filter((line) => line.startsWith(`${name}.ts(`))
    .join("\n");

test.each(Object.entries(imports))("for %s of a package the compiler suggests %s", (name, [, meant]) => {
  expect(saidOf(name)).toMatch(new RegExp(`Did you mean (?:to import )?'${meant}'`));
});

test.each(Object.entries(options).map(([call, meant], i) => [call, meant, i] as const))(
  "for a wrong key of %s it suggests %s",
  (_, meant, i) => {
    expect(saidOf(`options-${i}`)).toContain(`Did you mean to write '${meant}'?`);
  },
);
