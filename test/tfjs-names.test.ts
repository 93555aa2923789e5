// A name that tfjs-core has too means the same here, or it is not used, so that a wrong import does no harm.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";

const packages = join(import.meta.dirname, "../packages");
const core = createRequire(join(packages, "core-train/package.json"));
const theirs = new Set(Object.keys(core("@tensorflow/tfjs-core")));

/** The values that an index exports. */
function valuesOf(source: string): string[] {
  return [...source.replaceAll(/\/\/.*$/gm, "").matchAll(/export\s+\{([^}]*)\}/g)]
    .flatMap(([, list = ""]) => list.split(","))
    .map((name) => (name.trim().split(" as ").at(-1) ?? "").trim())
    .filter((name) => name !== "" && !name.startsWith("type "));
}

/** Our names that tfjs-core has too, and why that is not misleading. */
const sameMeaning: Readonly<Record<string, string>> = {
  ...because(
    "the same function, with PyTorch's numbers and gradient",
    "abs cumprod cumsum einsum elu expm1 leakyRelu log1p logSigmoid logSoftmax logSumExp matMul maximum minimum norm oneHot prelu prod relu relu6 selu sigmoid sign softmax softplus tanh topk",
  ),
  ...because(
    "the same operation, with PyTorch's options",
    "avgPool3d conv1d conv2d conv3d dropout maxPool3d pad",
  ),
  ...because(
    "torch.max and torch.min: without an axis tfjs' own; with one also the indices, which does not compile where a tensor is meant",
    "max min",
  ),
  ...because(
    "a layer; in tfjs-core the name of a kernel, a string for authors of backends",
    "Identity LogSoftmax Sigmoid Softmax Softplus Tanh",
  ),
  ...because("what moves the parameters of a model, in both", "Optimizer"),
};

function because(reason: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, reason]));
}

const parts: Readonly<Record<string, readonly string[]>> = {
  mamba: ["recurrences"],
  rl: ["environments", "tabular"],
};

const indexes = readdirSync(packages, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    try {
      return ["", ...(parts[name] ?? [])].map(
        (part) => [name, readFileSync(join(packages, name, "src", part, "index.ts"), "utf8")] as const,
      );
    } catch {
      return [];
    }
  });

test("a name that tfjs-core has too means the same", () => {
  const shared = indexes.flatMap(([, source]) => valuesOf(source)).filter((name) => theirs.has(name));
  expect([...new Set(shared)].toSorted()).toEqual(Object.keys(sameMeaning).toSorted());
});

test("no two packages export different values of one name", () => {
  const handedOn = (source: string) =>
    new Set(
      [...source.matchAll(/export\s+\{([^}]*)\}\s+from\s+"@pellucid/g)].flatMap(([, list = ""]) =>
        list.split(",").map((name) => name.trim()),
      ),
    );
  const own = indexes.flatMap(([, source]) => valuesOf(source).filter((name) => !handedOn(source).has(name)));
  expect(own.filter((name, i) => own.indexOf(name) !== i)).toEqual([]);
});
