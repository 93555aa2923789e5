import { useBackend } from "@pellucid/backends";
import {
  amax,
  amin,
  convTranspose1d,
  gradient,
  layerNorm,
  linear,
  logSoftmax,
  logSumExp,
  matMul,
  max,
  maxPool2d,
  norm,
  prod,
  ShapeError,
  softmax,
  sort,
  topk,
  TransformerEncoderLayer,
  Rng,
} from "@pellucid/core-train";
import {
  all,
  any,
  argMax,
  cast,
  concat,
  max as rawMax,
  mean,
  prod as rawProd,
  sum,
  type Tensor,
  type Tensor2D,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const hasWebgpu = await useBackend({ only: "webgpu" }).then(
  () => true,
  () => false,
);
const backends = ["cpu", "wasm", ...(hasWebgpu ? (["webgpu"] as const) : [])] as const;

// What PyTorch 2.13 answers.
describe.each(backends)("of tensors without numbers, on %s,", (only) => {
  beforeAll(() => useBackend({ only }));
  const none = () => zeros<Tensor2D["rankType"]>([2, 0]);

  test.each<[string, () => Tensor, number[]]>([
    ["logSumExp is −∞", () => logSumExp(none(), 1), [-Infinity, -Infinity]],
    ["sum is 0", () => sum(none(), 1), [0, 0]],
    ["mean is NaN", () => mean(none(), 1), [NaN, NaN]],
    ["norm is 0", () => norm(none(), 2, 1), [0, 0]],
    ["prod is 1", () => prod(none(), 1), [1, 1]],
    ["all is true", () => all(cast(none(), "bool"), 1), [1, 1]],
    ["any is false", () => any(cast(none(), "bool"), 1), [0, 0]],
    ["tfjs' own max is −∞, which nothing is below", () => rawMax(none(), 1), [-Infinity, -Infinity]],
    ["a product over no terms is 0", () => matMul(none(), zeros([0, 2])), [0, 0, 0, 0]],
    ["concat leaves them out", () => concat([none(), zeros([2, 1])], 1), [0, 0]],
    [
      "the gradient of a weight that saw no rows is 0",
      () => gradient((w: Tensor2D) => sum(linear(zeros([0, 3]), w, zeros([2]))))(zeros([3, 2])),
      [0, 0, 0, 0, 0, 0],
    ],
  ])("%s", async (_, run, expected) => {
    expect([...(await run().data())]).toEqual(expected);
  });

  test.each<[string, () => Tensor, number]>([
    ["all", () => all(cast(none(), "bool")), 1],
    ["any", () => any(cast(none(), "bool")), 0],
    ["prod", () => rawProd(none()), 1],
    ["max", () => rawMax(none()), -Infinity],
  ])("tfjs' own %s over all axes is one number", async (_, run, expected) => {
    const y = run();
    expect(y.shape).toEqual([]);
    expect([...(await y.data())]).toEqual([expected]);
  });

  test("a product of no integers is one of integers", () => {
    expect(rawProd(cast(none(), "int32"), 1).dtype).toBe("int32");
  });

  test.each<[string, () => Tensor, number[]]>([
    ["amax along another axis", () => amax(zeros([0, 3]), 1), [0]],
    ["max along another axis", () => max(zeros([0, 3]), 1).values, [0]],
    ["softmax", () => softmax(none()), [2, 0]],
    ["logSoftmax", () => logSoftmax(none()), [2, 0]],
    ["sort", () => sort(none()).indices, [2, 0]],
    ["topk", () => topk(zeros([0, 3]), 2).values, [0, 2]],
    ["layerNorm", () => layerNorm(zeros([0, 4]), zeros([4]), zeros([4])), [0, 4]],
    ["convTranspose1d", () => convTranspose1d(zeros([0, 5, 2]), zeros([3, 4, 2])), [0, 7, 4]],
    ["maxPool2d", () => maxPool2d(zeros([0, 4, 4, 2]), 2), [0, 2, 2, 2]],
  ])("%s gives an empty tensor", async (_, run, shape) => {
    const y = run();
    expect(y).toHaveShape(shape);
    await y.data();
  });

  test.each<[string, () => unknown]>([
    ["amax", () => amax(none(), 1)],
    ["amin", () => amin(none(), 1)],
    ["max", () => max(none(), 1)],
    ["norm", () => norm(none(), Infinity, 1)],
  ])("there is no %s", (name, run) => {
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(`${name}: x is [2, 0], expected numbers along axis 1`);
  });

  test("there is no index of an extreme", () => {
    expect(() => argMax(none(), 1)).toThrow("ArgMax: x is [2, 0]");
  });
});

describe("on WASM", () => {
  beforeAll(() => useBackend({ only: "wasm" }));

  test("a transformer layer takes a batch of none", () => {
    const layer = new TransformerEncoderLayer(8, 2, { rng: new Rng(0), dimFeedforward: 16 });
    expect(layer.forward(zeros([0, 3, 8]))).toHaveShape([0, 3, 8]);
    layer.dispose();
  });
});
