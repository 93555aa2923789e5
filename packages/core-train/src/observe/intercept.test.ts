import { intercept, isIntercepted, Linear, ReLU, Rng, Sequential } from "@pellucid/core-train";
import { mul, ones, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor([[-1, 2]]);

test("replace is applied to each output of the layer", () => {
  const relu = new ReLU();
  const model = new Sequential(relu, relu);
  const seen: number[][] = [];
  const y = intercept(
    relu,
    (out) => {
      seen.push([...out.dataSync()]);
      return mul(out, 10);
    },
    () => model.forward(x),
  );
  expect(seen).toEqual([
    [0, 2],
    [0, 20],
  ]);
  expect(y).toBeAllclose([0, 200]);
});

test("afterwards the layer is restored, also when the body or replace throws", () => {
  const relu = new ReLU();
  const stop = (): never => {
    throw new Error("stop");
  };
  expect(() => intercept(relu, (y) => y, stop)).toThrow("stop");
  expect(() => intercept(relu, stop, () => relu.forward(x))).toThrow("stop");
  expect(Object.getOwnPropertyNames(relu)).toEqual([]);
  expect(relu.forward(x)).toBeAllclose([0, 2]);
});

test("interceptions nest, the inner one is applied first", () => {
  const relu = new ReLU();
  const y = intercept(
    relu,
    (out) => mul(out, 10),
    () =>
      intercept(
        relu,
        (out) => mul(out, 0),
        () => relu.forward(x),
      ),
  );
  expect(y).toBeAllclose([0, 0]);
  expect(Object.getOwnPropertyNames(relu)).toEqual([]);
});

test("the own forward of a plain object is restored, with all its properties", () => {
  const layer = Object.defineProperty({} as { forward(at: Tensor): Tensor }, "forward", {
    value: (at: Tensor) => mul(at, 2),
    enumerable: false,
    configurable: true,
    writable: false,
  });
  const before = Object.getOwnPropertyDescriptor(layer, "forward");
  const y = intercept(
    layer,
    (out) => mul(out, 5),
    () => layer.forward(x),
  );
  expect(y).toBeAllclose([-10, 20]);
  expect(Object.getOwnPropertyDescriptor(layer, "forward")).toEqual(before);
});

test("an own forward that reads this keeps its layer", () => {
  const layer = {
    by: 3,
    forward(at: Tensor): Tensor {
      return mul(at, this.by);
    },
  };
  const y = intercept(
    layer,
    (out) => out,
    () => layer.forward(x),
  );
  expect(y).toBeAllclose([-3, 6]);
});

test("a frozen layer is refused, and the body does not run", () => {
  let ran = false;
  const run = () => (ran = true);
  const message = "is frozen (Object.freeze), so its output cannot be replaced. Intercept a layer around it.";
  expect(() => intercept(Object.freeze(new ReLU()), (y) => y, run)).toThrow(
    new TypeError(`intercept: ReLU ${message}`),
  );
  expect(() => intercept(Object.freeze({ forward: (at: Tensor) => at }), (y) => y, run)).toThrow(
    new TypeError(`intercept: Object ${message}`),
  );
  expect(ran).toBe(false);
});

test("an asynchronous body is refused, and its later failure is not left unhandled", async () => {
  const relu = new ReLU();
  const late = async () => {
    await Promise.resolve();
    throw new Error("late");
  };
  expect(() => intercept(relu, (y) => y, late)).toThrow(
    new TypeError(
      "intercept(layer, replace, body): body is asynchronous, but layer is restored as soon as it returns.",
    ),
  );
  await Promise.resolve();
  expect(Object.getOwnPropertyNames(relu)).toEqual([]);
});

test("it changes neither the fields nor the parameters of a module", () => {
  const layer = new Linear(2, 2, { rng: new Rng(0) });
  const keys = Object.keys(layer);
  intercept(
    layer,
    (y) => y,
    () => expect(Object.keys(layer)).toEqual(keys),
  );
});

test("it leaks no tensors", () => {
  const relu = new ReLU();
  const at = ones([2]);
  const body = () => relu.forward(at);
  expect(() => intercept(relu, (y) => y, body)).toLeakNothing();
});

test("a layer knows whether its output is observed", () => {
  const layer = new Linear(1, 1, { rng: new Rng(0) });
  const y = intercept(
    layer,
    (x) => x,
    () => isIntercepted(layer),
  );
  expect([y, isIntercepted(layer)]).toEqual([true, false]);
});
