import { Rng } from "@pellucid/core-train";
import { integratedGradients, kernelShap, lime, occlusion, rise, shapley } from "@pellucid/interpret";
import { add, mul, sum, type Tensor1D, tensor2d, tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { largest, linearScore, product } from "./small-scores.ts";

const counting = tensor([
  [
    [[0], [1], [2]],
    [[3], [4], [5]],
    [[6], [7], [8]],
  ],
]) as Tensor4D;
const total = (x: Tensor4D) => sum(x, [1, 2, 3]) as Tensor1D;

test("occlusion of a sum, with windows that overlap and windows that the border cuts", async () => {
  expect(await occlusion(total, { window: [2, 2], stride: [1, 1] })(counting)).toBeAllclose([
    8, 10, 12, 14, 16, 18, 20, 22, 24,
  ]);
  expect(await occlusion(total, { window: [2, 2] })(counting)).toBeAllclose([8, 8, 7, 8, 8, 7, 13, 13, 8]);
});

test("the size of the batches changes nothing", async () => {
  const small = await occlusion(total, { window: [2, 2], stride: [1, 1], batchSize: 1 })(counting);
  expect(small).toBeAllclose([8, 10, 12, 14, 16, 18, 20, 22, 24]);
  const steps = await integratedGradients(total, { steps: 7, batchSize: 2 })(counting);
  expect(steps).toBeAllclose(counting);
});

test("RISE of a constant score is that constant times how often a position is seen", async () => {
  const one = (x: Tensor4D) => add<Tensor1D>(sum(mul(x, 0), [1, 2, 3]), 2);
  const map = await rise(one, { rng: new Rng(0), masks: 400, cells: 3 })(counting);
  expect(map).toBeAllclose(new Array(9).fill(2), { rtol: 0, atol: 0.35 });
});

test("RISE ranks the positions of a linear score by their part", async () => {
  const w = tensor([
    [
      [[0], [0], [0]],
      [[0], [5], [0]],
      [[0], [0], [0]],
    ],
  ]);
  const score = (x: Tensor4D) => sum(mul(x, w), [1, 2, 3]) as Tensor1D;
  const map = await rise(score, { rng: new Rng(1), masks: 500, cells: 3 })(counting);
  const values = [...map.dataSync()];
  expect(values.indexOf(Math.max(...values))).toBe(4);
});

test("Shapley values: a product is shared, a maximum is (0.5, 1.5), exactly, by kernel SHAP too", async () => {
  const rng = new Rng(0);
  expect(await shapley(product, { rng })(tensor2d([[2, 3]]))).toBeAllclose([3, 3]);
  expect(await shapley(largest, { rng })(tensor2d([[1, 2]]))).toBeAllclose([0.5, 1.5]);
  expect(await kernelShap(largest, { rng })(tensor2d([[1, 2]]))).toBeAllclose([0.5, 1.5]); // Captum: (.478, 1.522)
});

test("sampled Shapley values add up, and are exact for an additive score", async () => {
  const w = Array.from({ length: 12 }, (_, i) => i - 5);
  const x = tensor2d([w.map((_, i) => 1 + i / 4)]);
  const expected = w.map((v, i) => v * (1 + i / 4));
  expect(await shapley(linearScore(w), { rng: new Rng(0), samples: 60 })(x)).toBeAllclose(expected, {
    rtol: 1e-4,
    atol: 1e-4,
  });
  expect(await kernelShap(linearScore(w), { rng: new Rng(0), samples: 200 })(x)).toBeAllclose(expected, {
    rtol: 1e-3,
    atol: 1e-3,
  });
});

test("LIME of an additive score finds its terms", async () => {
  const map = await lime(linearScore([3, -2, 1]), { rng: new Rng(0), samples: 200, ridge: 1e-6 })(
    tensor2d([[1, 2, 3]]),
  );
  expect(map).toBeAllclose([3, -4, 3], { rtol: 1e-3, atol: 1e-3 });
});

test("long work is stopped by its signal, tells its progress, and leaves nothing", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const run = occlusion(total, {
    window: [1, 1],
    batchSize: 2,
    signal: controller.signal,
    onProgress: (done) => {
      seen.push(done);
      if (done === 4) controller.abort(new Error("enough"));
    },
  });
  await expect(run(counting)).rejects.toThrow("enough");
  expect(seen).toEqual([2, 4]);
});
