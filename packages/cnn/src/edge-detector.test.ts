import { useBackend } from "@pellucid/backends";
import { adam, Conv2d, mseLoss, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { edgeDetector } from "@pellucid/cnn";
import { mul, ones, reshape, sum, type Tensor4D, tensor4d, tidy, transpose } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** `height` equal rows. */
const rows = (row: readonly number[], height: number): Tensor4D =>
  tensor4d(Array.from({ length: height }, () => row).flat(), [1, height, row.length, 1]);

test("an image that is bright on the left gives 30 at the edge, its mirror image −30", () => {
  const detector = edgeDetector();
  const y = detector.forward(rows([10, 10, 10, 0, 0, 0], 6));
  expect(y.shape).toEqual([1, 4, 4, 1]);
  expect(y).toBeAllclose(rows([0, 30, 30, 0], 4), { atol: 0, rtol: 0 });
  const flipped = detector.forward(rows([0, 0, 0, 10, 10, 10], 6));
  expect(flipped).toBeAllclose(rows([0, -30, -30, 0], 4), { atol: 0, rtol: 0 });
});

test("a detector of horizontal edges gives 0 for it, and for its transpose the transposed output", () => {
  const detector = edgeDetector({ edges: "horizontal", filter: "sobel" });
  const x = rows([10, 10, 10, 0, 0, 0], 6);
  expect(detector.forward(x)).toBeAllclose(rows([0, 0, 0, 0], 4), { atol: 0, rtol: 0 });
  const y = detector.forward(transpose(x, [0, 2, 1, 3]));
  expect(transpose(y, [0, 2, 1, 3])).toBeAllclose(rows([0, 40, 40, 0], 4), { atol: 0, rtol: 0 });
});

test("the channels of a color image are added", () => {
  const y = edgeDetector({ filter: "scharr", inChannels: 3 }).forward(
    tidy(() => mul(rows([1, 1, 0], 3), ones([1, 1, 1, 3])) as Tensor4D),
  );
  expect(reshape(y, [1])).toBeAllclose([3 * 16], { atol: 0, rtol: 0 });
});

test("it is frozen, and a convolution that is trained on its output converges to it", async () => {
  const detector = edgeDetector({ filter: "sobel" });
  expect(Object.keys(trainable(detector))).toEqual([]);
  const rng = new Rng(0);
  const learned = new Conv2d(1, 1, 3, { rng, bias: false });
  const drawn = rng.randn([4, 10, 10, 1]);
  const x = tensor4d(drawn.data, [4, 10, 10, 1]);
  const wanted = detector.forward(x);
  const optimizer = new Optimizer(adam({ learningRate: 0.05 }), trainable(learned));
  for (let step = 0; step < 300; step++)
    await trainStep(learned, optimizer, () => mseLoss(learned.forward(x), wanted));
  expect(learned.weight).toBeAllclose(detector.weight, { atol: 1e-2 });
  expect(sum(learned.weight)).toBeAllclose(0, { atol: 1e-2 });
});
