import { Bilinear, Rng, ShapeError } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { tensor, tensor3d, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);

test("each output is a form of the two inputs", () => {
  const layer = new Bilinear(2, 2, 1, { rng, bias: false });
  layer.weight.assign(
    tensor3d([
      [
        [1, 2],
        [3, 4],
      ],
    ]),
  );
  const y = layer.forward({ x1: tensor([[1, 10]]), x2: tensor([[1, 100]]) });
  expect(y).toBeAllclose([1 + 200 + 30 + 4000]);
});

test("its gradients agree with finite differences", () => {
  const layer = new Bilinear(2, 3, 2, { rng });
  const [x1, x2] = [sines([2, 2, 2]), sines([2, 2, 3])];
  checkGradient((at) => layer.forward({ x1: at, x2 }), x1);
  checkGradient((at) => layer.forward({ x1, x2: at }), x2);
});

test("an empty batch gives an empty result, inputs of other batches are refused", () => {
  const layer = new Bilinear(2, 3, 4, { rng });
  expect(layer.forward({ x1: zeros([0, 2]), x2: zeros([0, 3]) })).toHaveShape([0, 4]);
  expect(() => layer.forward({ x1: zeros([5, 2]), x2: zeros([4, 3]) })).toThrow(
    new ShapeError("Bilinear(2, 3, 4): x2 is [4, 3], expected [5, 3]."),
  );
});
