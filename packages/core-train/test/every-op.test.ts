import { readdirSync, readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import { gradient } from "@pellucid/core-train";
import { checkAgainstTorch, fixture, inputsOf, sines, titleOf, type TorchCase } from "@pellucid/testing";
import { add, mul, square, sub, sum, type Tensor } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpArgs, ops } from "./rows/ops.ts";

const fixtures = [
  "elementary-ops",
  "convolution-ops",
  "transposed-convolution-ops",
  "pooling-ops",
  "padding-ops",
  "reducing-ops",
  "resampling-ops",
  "sampling-ops",
  "unpooling-ops",
  "pairwise-distance",
];

const cases = fixtures.flatMap(
  (name) => fixture<{ cases: TorchCase<OpArgs>[] }>(import.meta.url, `../fixtures/torch/${name}.json`).cases,
);
const titled = cases.map((c) => [titleOf(c), c] as const);

function call({ op, args }: TorchCase<OpArgs>): (...inputs: Tensor[]) => Tensor {
  const run = ops[op] as (typeof ops)[string];
  return (...inputs) => run(args, ...(inputs as [Tensor, Tensor, Tensor]));
}

test("every op has a case", () => {
  const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
  const section = /\/\/ ops with PyTorch's numbers\n((?:.+\n)*)/.exec(index)?.[1] ?? "";
  const exported = [...section.matchAll(/\{([^}]*)\}/g)]
    .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()))
    .filter((name) => name !== "" && !name.startsWith("type "));
  expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(exported));
});

/** One small case of each op that is smooth there: what finite differences can tell. */
const unmeasurable =
  "abs amax amin argsort clamp max maximum min minimum oneHot sign sort topk adaptiveMaxPool fractionalMaxPool".split(
    " ",
  );
const smooth = [...new Set(cases.map(({ op }) => op))]
  .filter((op) => !unmeasurable.some((name) => op.startsWith(name)))
  .flatMap((op) => {
    const small = cases.filter((c) => c.op === op && c.inputs.every(({ phase }) => phase !== undefined));
    const [smallest] = small.toSorted((a, b) => size(a) - size(b));
    return smallest === undefined ? [] : [[titleOf(smallest), smallest] as const];
  });

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(titled)("%s is PyTorch's", (_, c) => checkAgainstTorch(c, call(c)));

  test.each(smooth)("%s has a gradient that may be differentiated again", (_, c) => {
    const inputs = inputsOf(c);
    const f = call(c);
    for (const [i, x] of inputs.entries()) {
      const energy = (own: Tensor) => {
        const y = f(...inputs.with(i, own));
        return sum(mul(square(y), sines(y.shape, 0.9)));
      };
      const [along, weights] = [sines(x.shape, 1.3), sines(x.shape, 0.3)];
      const derivative = (own: Tensor) => sum(mul(gradient(energy)(own), weights));
      const step = 1e-2;
      const [after, before] = [add(x, mul(along, step)), sub(x, mul(along, step))].map((at) =>
        numberOf(derivative(at)),
      );
      const curvature = numberOf(sum(mul(gradient(derivative)(x), along)));
      const measured = ((after as number) - (before as number)) / (2 * step);
      expect(curvature).toBeAllclose(measured, { rtol: 1e-2, atol: 1e-2 });
    }
  });
});

function size({ inputs, output }: TorchCase<object>): number {
  return [...inputs, output].reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
}

function numberOf(x: Tensor): number {
  return x.dataSync()[0] as number;
}

test.each(titled.filter(([, { op }], i) => cases.findIndex((c) => c.op === op) === i))(
  "%s leaks no tensors",
  (_, c) => {
    const inputs = inputsOf(c);
    const f = call(c);
    expect(() => f(...inputs)).toLeakNothing();
    if (c.gradients.length === 0) return;
    for (const [i, x] of inputs.entries()) {
      expect(() => gradient((own: Tensor) => f(...inputs.with(i, own)))(x)).toLeakNothing();
    }
  },
);

test("no two ops have the same name", () => {
  const root = new URL("../src/", import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const names = files.flatMap((file) =>
    [...readFileSync(new URL(file, root), "utf8").matchAll(/name: "(Pellucid\w+)"/g)].map(([, name]) => name),
  );
  expect(names.length).toBeGreaterThan(40);
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
});
