import { Rng, RReLU, rrelu, training } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("slopes lie between the bounds, and are drawn anew each time", () => {
  const layer = new RReLU({ rng: new Rng(0), lower: 0.2, upper: 0.4 });
  const x = tensor([-1, -1, -1, -1, 3]);
  const [first, second] = training(layer, () => [layer.forward(x), layer.forward(x)]);
  const slopes = [...(first?.dataSync() ?? [])].slice(0, 4);
  expect(slopes.every((slope) => slope < -0.2 && slope > -0.4)).toBe(true);
  expect(first?.dataSync()[4]).toBe(3);
  expect(second?.dataSync()).not.toEqual(first?.dataSync());
});

test("the gradient takes the slopes of the forward pass", () => {
  checkGradient((x) => rrelu(x, { rng: new Rng(1) }), sines([3, 4], 0.36));
});

test("positive numbers draw nothing", () => {
  const rng = new Rng(0);
  expect(rrelu(tensor([1, 2]), { rng })).toBeAllclose([1, 2]);
  expect(rng.uint32()).toBe(new Rng(0).uint32());
});

test("it leaks no tensors", () => {
  const x = tensor([-1, 2]);
  expect(() => rrelu(x, { rng: new Rng(0) })).toLeakNothing();
});
