import { Conv2d, initialize, type Initializer, Linear, Rng, init } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("draws as init.normal_(linear.weight) does after nn.Linear(3, 2)", () => {
  // torch.manual_seed(0); l = nn.Linear(3, 2); nn.init.normal_(l.weight); l.weight
  const theirs = [
    -1.0845223665237427, -1.3985954523086548, 0.40334683656692505, 0.8380263447761536, -0.7192575931549072,
    -0.40334352850914,
  ];
  const rng = new Rng(0);
  const layer = new Linear(3, 2, { rng });
  initialize(layer, "weight", init.normal(), rng);
  const [a, b, c, d, e, f] = theirs as [number, number, number, number, number, number];
  expect(layer.weight).toBeAllclose([a, d, b, e, c, f], { rtol: 1e-6 }); // ours is [in, out]
});

test("the initializer sees PyTorch's shape", () => {
  const shapes: (readonly number[])[] = [];
  const spy: Initializer = (shape) => {
    shapes.push(shape);
    return { data: new Float32Array(shape.reduce((a, b) => a * b)), shape };
  };
  const rng = new Rng(0);
  const conv = new Conv2d(2, 4, [3, 5], { rng, groups: 2 });
  initialize(conv, "weight", spy, rng);
  expect(shapes).toEqual([[4, 1, 3, 5]]);
  expect(conv.weight).toHaveShape([3, 5, 1, 4]);
});

test("leaks no tensors", () => {
  const rng = new Rng(0);
  const layer = new Linear(3, 2, { rng });
  const before = memory().numTensors;
  initialize(layer, "weight", init.normal(), rng);
  expect(memory().numTensors).toBe(before);
});
