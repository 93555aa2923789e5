import { useBackend } from "@pellucid/backends";
import {
  argsort,
  clamp,
  gradient,
  logSumExp,
  max,
  maximum,
  maxPool2d,
  maxPool2dWithIndices,
  min,
  minimum,
  softmax,
  sort,
  topk,
} from "@pellucid/core-train";
import { env, reshape, sum, type Tensor, tensor, type Tensor1D, type Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import fixture from "../fixtures/torch/not-a-number.json" with { type: "json" };

const parsed = (words: readonly string[]) =>
  words.map((word) => Number(word.replace("inf", "Infinity").replace("nan", "NaN")));
const image = (x: Tensor): Tensor4D => reshape<Tensor4D["rankType"]>(x, [1, 2, 2, 1]);
const other = () => tensor([1, NaN, 2, 1]);

const values: Readonly<Record<string, (x: Tensor1D) => Tensor>> = {
  maxPool2d: (x) => maxPool2d(image(x), 2),
  sort: (x) => sort(x).values,
  "sort descending": (x) => sort(x, 0, true).values,
  topk: (x) => topk(x, 2).values,
  "topk smallest": (x) => topk(x, 2, 0, false).values,
  max: (x) => max(x, 0).values,
  min: (x) => min(x, 0).values,
  logSumExp: (x) => logSumExp(x),
  maximum: (x) => maximum(x, other()),
  minimum: (x) => minimum(x, other()),
  softmax: (x) => softmax(x),
  clamp: (x) => clamp(x, -1, 2),
};

const indices: Readonly<Record<string, (x: Tensor1D) => Tensor>> = {
  maxPool2dWithIndices: (x) => maxPool2dWithIndices(image(x), 2).indices,
  argsort: (x) => argsort(x),
  "argsort descending": (x) => argsort(x, 0, true),
  max: (x) => max(x, 0).indices,
  min: (x) => min(x, 0).indices,
};

const hasWebgpu = await useBackend({ only: "webgpu" }).then(
  () => true,
  () => false,
);
const backends = ["cpu", "wasm", ...(hasWebgpu ? (["webgpu"] as const) : [])] as const;

describe.each(backends)("on %s, NaN and infinities come out as PyTorch's:", (only) => {
  beforeAll(async () => {
    await useBackend({ only });
    if (only === "webgpu") env().set("WEBGPU_CPU_FORWARD", false);
  });

  describe.each(fixture)("$name", (row) => {
    const x = () => tensor(parsed(row.x)) as Tensor1D;
    // Of a quotient with NaN, WGSL promises nothing: softmax is left out on WebGPU.
    const tried = Object.entries(values).filter(([name]) => only !== "webgpu" || name !== "softmax");
    test.each(tried)("%s", async (name, run) => {
      const expected = Object.entries(row.values).find(([op]) => op === name)?.[1];
      expect(rounded(await run(x()).data())).toEqual(rounded(parsed(expected?.y ?? [])));
      const dx = gradient((at: Tensor1D) => sum(run(at)))(x());
      expect(rounded(await dx.data())).toEqual(rounded(parsed(expected?.gradient ?? [])));
    });
    test.each(Object.entries(indices))("the indices of %s", async (name, run) => {
      const expected = Object.entries(row.indices).find(([op]) => op === name)?.[1];
      expect([...(await run(x()).data())]).toEqual(expected);
    });
  });
});

/** To five digits, since the backends' exponentials differ in the last. */
const rounded = (numbers: ArrayLike<number>) => Array.from(numbers, (n) => Number(n.toPrecision(5)) + 0);
