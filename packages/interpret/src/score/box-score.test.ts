import { gradient, Rng } from "@pellucid/core-train";
import { boxScore, dRise, pixelScore, saliency, similarityScore } from "@pellucid/interpret";
import {
  add,
  clone,
  mul,
  reshape,
  slice,
  sum,
  type Tensor,
  tensor2d,
  type Tensor2D,
  tensor3d,
  tensor4d,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

/** Two fixed boxes; the score of each is the sum of the pixels in it. */
const detector = {
  decode: (images: Tensor4D) => {
    const sumOf = (y: number, x: number) => sum(slice(images, [0, y, x, 0], [-1, 2, 2, 1]), [1, 2, 3]);
    const batch = images.shape[0];
    const scores = add(reshape(mul(sumOf(0, 0), 0.25), [batch, 1, 1]), zeros([batch, 2, 2]));
    const other = reshape(mul(sumOf(2, 2), 0.25), [batch, 1, 1]);
    return {
      boxes: add(
        tensor3d([
          [
            [0, 0, 2, 2],
            [2, 2, 4, 4],
          ],
        ]),
        zeros([batch, 2, 4]),
      ),
      scores: add(
        mul(
          scores,
          tensor3d([
            [
              [1, 0],
              [0, 0],
            ],
          ]),
        ),
        mul(
          other,
          tensor3d([
            [
              [0, 0],
              [0, 1],
            ],
          ]),
        ),
      ),
    };
  },
};
const image = tensor4d([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5], [1, 4, 4, 1]);

test("the score of a box is the largest IoU times the score of its class", () => {
  expect(boxScore(detector as never, { box: [0, 0, 2, 2], label: 0 })(image)).toBeAllclose([1]);
  expect(boxScore(detector as never, { box: [2, 2, 4, 4], label: 1 })(image)).toBeAllclose([0.5]);
  expect(boxScore(detector as never, { box: [2, 2, 4, 4], label: 0 })(image)).toBeAllclose([0]);
  expect(boxScore(detector as never, { box: [1, 0, 3, 2], label: 0 })(image)).toBeAllclose([1 / 3]);
});

test("its saliency is on the pixels of that box", () => {
  const map = saliency(boxScore(detector as never, { box: [2, 2, 4, 4], label: 1 }))(image) as Tensor;
  const inside = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.25, 0.25, 0, 0, 0.25, 0.25];
  expect(map).toBeAllclose(inside);
});

test("D-RISE is highest within the box that it explains", async () => {
  const wide = tensor4d(new Float32Array(16).fill(1), [1, 4, 4, 1]);
  const map = await dRise(
    detector as never,
    { box: [0, 0, 2, 2], scores: [1, 0] },
    { rng: new Rng(0), masks: 400, cells: 2 },
  )(wide);
  const [values] = [map.dataSync()];
  const mean = (indices: number[]) =>
    indices.reduce((total, i) => total + (values[i] as number), 0) / indices.length;
  expect(map.shape).toEqual([1, 4, 4, 1]);
  expect(mean([0, 1, 4, 5])).toBeGreaterThan(mean([10, 11, 14, 15]) + 0.02);
});

test("the score of pixels is the sum of the class's logits there", () => {
  const net = { forward: (x: Tensor4D) => tidy(() => mul(x, tensor4d([1, 2, 3], [1, 1, 1, 3]))) };
  const mask = tensor2d([
    [1, 1, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 0],
  ]);
  expect(pixelScore(net as never, 1)(image)).toBeAllclose([12]);
  expect(pixelScore(net as never, 2, { mask })(image)).toBeAllclose([7.5]);
  const map = gradient((x: Tensor4D) => sum(pixelScore(net as never, 2, { mask })(x)))(image);
  expect(map).toBeAllclose(mul(mask, 3));
});

test("the score of an embedding is the cosine with the reference", () => {
  const net = { forward: (x: Tensor2D) => clone(x) };
  const score = similarityScore<Tensor2D>(net, tensor2d([[1, 1]]));
  expect(
    score(
      tensor2d([
        [2, 2],
        [1, 0],
        [-3, -3],
      ]),
    ),
  ).toBeAllclose([1, Math.SQRT1_2, -1]);
  const each = similarityScore<Tensor2D>(
    net,
    tensor2d([
      [1, 0],
      [0, 1],
    ]),
  );
  expect(
    each(
      tensor2d([
        [3, 4],
        [3, 4],
      ]),
    ),
  ).toBeAllclose([0.6, 0.8]);
});

test("targets that do not exist are errors, and nothing leaks", () => {
  expect(() => boxScore(detector as never, { box: [2, 2, 2, 4], label: 1 })).toThrow("x1 < x2");
  expect(() => boxScore(detector as never, { box: [0, 0, 2, 2], label: 2 })(image)).toThrow(
    "a class from 0 to 1",
  );
  expect(() => dRise(detector as never, { box: [0, 0, 2, 2], scores: [] }, { rng: new Rng(0) })).toThrow(
    "a score of each class",
  );
  const net = { forward: (x: Tensor4D) => clone(x) };
  expect(() => pixelScore(net, 1)(image)).toThrow("a class from 0 to 0");
  expect(() => pixelScore(net, 0, { mask: tensor2d([[1]]) })(image)).toThrow(
    "mask is [1, 1], expected [4, 4]",
  );
  expect(() => pixelScore(net, 0)(image)).toLeakNothing();
  expect(() =>
    tidy(() => boxScore(detector as never, { box: [0, 0, 2, 2], label: 0 })(image)),
  ).toLeakNothing();
});
