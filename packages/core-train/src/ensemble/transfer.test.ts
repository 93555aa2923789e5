import {
  copyWeights,
  layerwise,
  Linear,
  Optimizer,
  ParameterError,
  ReLU,
  Rng,
  Sequential,
  sgd,
  trainable,
  trainOnly,
} from "@pellucid/core-train";
import { ones, type Tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const net = (classes: number, seed = 0) => {
  const rng = new Rng(seed);
  return new Sequential(new Linear(2, 4, { rng }), new ReLU(), new Linear(4, classes, { rng }));
};

test("only the head is trained", () => {
  const model = net(3);
  trainOnly(model, (path) => path.startsWith("2."));
  expect(Object.keys(trainable(model))).toEqual(["2.weight", "2.bias"]);
  trainOnly(model, () => true);
  expect(Object.keys(trainable(model))).toHaveLength(4);
});

test("a head that is not there is an error", () => {
  const train = () => trainOnly(net(3), (path) => path.startsWith("fc."));
  expect(train).toThrow(ParameterError);
  expect(train).toThrow(
    "trainOnly: no parameter matches, expected some of 0.weight, 0.bias, 2.weight, 2.bias.",
  );
});

test("early stages learn slower", () => {
  const model = net(3);
  const stages = layerwise(["0", "2"], (learningRate) => sgd({ learningRate }), {
    learningRate: 1,
    decay: 4,
  });
  const optimizer = new Optimizer(stages, trainable(model));
  const before = Object.fromEntries(
    Object.entries(trainable(model)).map(([path, p]) => [path, p.dataSync()[0]]),
  );
  optimizer.step(Object.fromEntries(Object.entries(trainable(model)).map(([path, p]): [string, Tensor] => [path, ones(p.shape)]))); // prettier-ignore
  const moved = Object.entries(trainable(model)).map(
    ([path, p]) => (before[path] ?? 0) - (p.dataSync()[0] ?? 0),
  );
  expect(moved).toBeAllclose([0.25, 0.25, 1, 1]);
});

test("a stage is a whole name, and no parameter may lie outside of all", () => {
  const stages = (names: string[]) =>
    layerwise(names, (learningRate) => sgd({ learningRate }), { learningRate: 1 });
  expect(() => new Optimizer(stages(["2"]), trainable(net(3)))).toThrow(/0\.weight is in none/);
});

test("weights go where names and shapes agree, and the report says what did not", () => {
  const [from, to] = [net(10, 1), net(3, 2)];
  const head = (to.layers[2] as Linear).weight.dataSync();
  const report = copyWeights(from, to);
  expect(report).toEqual({
    copied: ["0.weight", "0.bias"],
    mismatched: [
      { path: "2.weight", has: [4, 3], found: [4, 10] },
      { path: "2.bias", has: [3], found: [10] },
    ],
    missing: [],
    unused: [],
  });
  expect((to.layers[0] as Linear).weight).toBeAllclose((from.layers[0] as Linear).weight, {
    rtol: 0,
    atol: 0,
  });
  expect((to.layers[2] as Linear).weight.dataSync()).toEqual(head);
});

test("weights can be looked for under other names", () => {
  const [from, to] = [net(3, 1), new Sequential(net(3, 2))];
  expect(copyWeights(from, to)).toMatchObject({
    copied: [],
    missing: ["0.0.weight", "0.0.bias", "0.2.weight", "0.2.bias"],
  });
  const report = copyWeights(from, to, {
    match: (path) => path.startsWith("0.0."),
    rename: (path) => path.slice(2),
  });
  expect(report.copied).toEqual(["0.0.weight", "0.0.bias"]);
  expect(report.unused).toEqual(["2.weight", "2.bias"]);
});

test("copies are copies", () => {
  const [from, to] = [net(3, 1), net(3, 2)];
  copyWeights(from, to);
  const before = (to.layers[0] as Linear).bias?.dataSync();
  (from.layers[0] as Linear).bias?.assign(ones([4]));
  expect((to.layers[0] as Linear).bias?.dataSync()).toEqual(before);
});

test("copying leaks no tensors", () => {
  const [from, to] = [net(3, 1), net(3, 2)];
  expect(() => copyWeights(from, to)).toLeakNothing();
});
