import { adam, Optimizer, parameter, ParameterError, ShapeError, type Transform } from "@pellucid/core-train";
import { add, clone, dispose, mul, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const ones = () => parameter({ data: new Float32Array([1, 1]), shape: [2] });

test("a parameter without a gradient keeps its value, its averages and its count", () => {
  const [a, b] = [ones(), ones()];
  const optimizer = new Optimizer(adam(), { a, b });
  optimizer.step({ a: tensor([1, 1]), b: tensor([1, 1]) });
  const before = b.dataSync().slice();
  optimizer.step({ a: tensor([1, 1]) });
  expect(b.dataSync()).toEqual(before);
  expect(optimizer.state.step).toBe(2);
  expect(optimizer.state.slots["a"]?.count).toBe(2);
  expect(optimizer.state.slots["b"]?.count).toBe(1);
  expect(optimizer.state.slots["b"]?.mu).toBeAllclose([0.1, 0.1]);
});

test("nothing to train is an error", () => {
  expect(() => new Optimizer(adam(), {})).toThrow(
    new ParameterError("Optimizer: got no parameters, expected at least one. Are they frozen? See unfreeze."),
  );
});

test("a gradient of something else is an error that names it", () => {
  const optimizer = new Optimizer(adam(), { "head.weight": ones() });
  expect(() => optimizer.step({ "haed.weight": tensor([1, 1]) })).toThrow(
    /there is a gradient of haed\.weight, which is not one of its parameters, did you mean head\.weight\?/,
  );
});

test("a gradient of another shape is an error, and nothing has moved", () => {
  const [a, b] = [ones(), ones()];
  const optimizer = new Optimizer(adam(), { a, b });
  expect(() => optimizer.step({ a: tensor([1, 1]), b: tensor([1]) })).toThrow(ShapeError);
  expect(() => optimizer.step({ a: tensor([1, 1]), b: tensor([1]) })).toThrow(
    "Optimizer: the gradient of b is [1], expected [2].",
  );
  expect(a).toBeAllclose([1, 1]);
  expect(optimizer.state.step).toBe(0);
});

test("a transform that throws changes nothing and leaves nothing", () => {
  const weight = ones();
  const failing: Transform<{ sum: ReturnType<typeof tensor> }> = {
    init: () => ({ sum: tensor([0, 0]) }),
    update(gradients, { sum }) {
      add(sum, 1);
      throw new Error(`no update for ${Object.keys(gradients).join(", ")}`);
    },
  };
  const optimizer = new Optimizer(failing, { weight });
  const { state } = optimizer;
  const gradients = { weight: tensor([1, 1]) };
  expect(() => optimizer.step(gradients)).toThrow("no update for weight");
  expect(() => optimizer.step(gradients)).toLeakNothing();
  expect(optimizer.state).toBe(state);
  expect(weight).toBeAllclose([1, 1]);
});

test("a restored state is the optimizer's own", () => {
  const weight = ones();
  const gradients = { weight: tensor([1, 2]) };
  expect(() => {
    const optimizer = new Optimizer(adam(), { weight });
    optimizer.step(gradients);
    const slot = optimizer.state.slots["weight"];
    if (slot === undefined) throw new Error("no slot");
    optimizer.restore({ step: 5, slots: { weight: { count: 5, mu: mul(slot.mu, 2), nu: clone(slot.nu) } } });
    optimizer.step(gradients);
    expect(optimizer.state.slots["weight"]?.count).toBe(6);
    optimizer.dispose();
  }).toLeakNothing();
  dispose([weight, gradients]);
});
