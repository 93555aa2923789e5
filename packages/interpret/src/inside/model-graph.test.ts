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

test("skip connections are additions, activations are ops, and a layer that is called twice has two nodes and is counted once", () => {
  const model = new Residual();
  const x = zeros([2, 6, 6, 1]) as Tensor4D;
  const held = memory().numTensors;
  const { nodes, edges } = modelGraph(model, x);
  expect(memory().numTensors).toBe(held);
  expect(
    nodes.map(({ path, role, kind, shape, parameters }) => [path, role, kind, shape.join("×"), parameters]),
  ).toEqual([
    ["input", "input", "Input", "2×6×6×1", 0],
    ["first", "layer", "Conv2d", "2×6×6×4", 40],
    ["relu", "op", "relu", "2×6×6×4", 0],
    ["inner", "layer", "Conv2d", "2×6×6×4", 148],
    ["relu#2", "op", "relu", "2×6×6×4", 0],
    ["add", "op", "add", "2×6×6×4", 0],
    ["inner#2", "layer", "Conv2d", "2×6×6×4", 0],
    ["relu#3", "op", "relu", "2×6×6×4", 0],
    ["add#2", "op", "add", "2×6×6×4", 0],
    ["mean", "op", "mean", "2×4", 0],
    ["head", "layer", "Linear", "2×2", 10],
  ]);
  expect(edges).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [2, 5],
    [4, 5],
    [5, 6],
    [6, 7],
    [5, 8],
    [7, 8],
    [8, 9],
    [9, 10],
  ]);
  model.dispose();
});
