import { Conv2d, type Layer, Linear, Module, relu, Rng } from "@pellucid/core-train";
import { modelGraph } from "@pellucid/interpret";
import { add, memory, mean, type Tensor2D, type Tensor4D, tidy, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

class Residual extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly first = new Conv2d(1, 4, 3, { rng: new Rng(0), padding: 1 });
  readonly inner = new Conv2d(4, 4, 3, { rng: new Rng(0), padding: 1 });
  readonly head = new Linear(4, 2, { rng: new Rng(0) });

  forward(x: Tensor4D): Tensor2D {
    return tidy(() => {
      const stem = relu(this.first.forward(x));
      const once = add<Tensor4D>(stem, relu(this.inner.forward(stem)));
      const twice = add<Tensor4D>(once, relu(this.inner.forward(once)));
      return this.head.forward(mean(twice, [1, 2]));
    });
  }
}

test("a skip connection is an edge into the next layer, and a layer that is called twice has two nodes", () => {
  const model = new Residual();
  const x = zeros([2, 6, 6, 1]) as Tensor4D;
  const held = memory().numTensors;
  const { nodes, edges } = modelGraph(model, x);
  expect(memory().numTensors).toBe(held);
  expect(nodes.map(({ path, kind, shape, parameters }) => [path, kind, shape.join("×"), parameters])).toEqual(
    [
      ["input", "Input", "2×6×6×1", 0],
      ["first", "Conv2d", "2×6×6×4", 40],
      ["inner", "Conv2d", "2×6×6×4", 148],
      ["inner#2", "Conv2d", "2×6×6×4", 148],
      ["head", "Linear", "2×2", 10],
    ],
  );
  expect(edges).toEqual([
    [0, 1],
    [1, 2],
    [1, 3],
    [2, 3],
    [1, 4],
    [2, 4],
    [3, 4],
  ]);
  model.dispose();
});
