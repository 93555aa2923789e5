import { defineOp, gradient, hasKernel } from "@pellucid/core-train";
import {
  add,
  exp,
  type KernelFunc,
  memory,
  mul,
  registerKernel,
  sub,
  sum,
  tensor,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

interface Pair extends Record<string, Tensor> {
  readonly a: Tensor;
  readonly b: Tensor;
}

const sumAndProduct = defineOp<Pair, { readonly scale: number }, [sum: Tensor, product: Tensor]>({
  name: "TestSumAndProduct",
  inputs: ["a", "b"],
  outputs: 2,
  reference: ({ a, b }, { scale }) => [mul(add(a, b), scale), mul(a, b)],
  gradient: ([dSum, dProduct], { a, b }, { scale }) => ({
    a: () => add(mul(dSum, scale), mul(dProduct, b)),
    b: () => add(mul(dSum, scale), mul(dProduct, a)),
  }),
});

test("an op may put out several tensors, each with its part of the gradient", () => {
  const b = tensor([5, 7]);
  const [total, product] = sumAndProduct({ a: tensor([2, 3]), b }, { scale: 10 });
  expect(total).toBeAllclose([70, 100]);
  expect(product).toBeAllclose([10, 21]);
  const both = (a: Tensor) => {
    const [left, right] = sumAndProduct({ a, b }, { scale: 10 });
    return sum(sub(left, right));
  };
  expect(gradient(both)(tensor([2, 3]))).toBeAllclose([5, 3]);
  const one = (a: Tensor) => sum(sumAndProduct({ a, b }, { scale: 10 })[1]);
  expect(gradient(one)(tensor([2, 3]))).toBeAllclose([5, 7]);
});

test("an op without a gradient says its name when one is asked for", () => {
  const twice = defineOp<{ x: Tensor }, object, Tensor>({
    name: "TestNoGradient",
    inputs: ["x"],
    reference: ({ x }) => mul(x, 2),
  });
  expect(twice({ x: tensor([3]) }, {})).toBeAllclose([6]);
  expect(() => gradient((x: Tensor) => twice({ x }, {}))(tensor([3]))).toThrow(/TestNoGradient/);
});

test("an op with its reference for a gradient runs its kernel, and its reference where a gradient is taken", () => {
  const cubed = defineOp<{ x: Tensor }, object, Tensor>({
    name: "TestCubed",
    inputs: ["x"],
    reference: ({ x }) => mul(x, mul(x, x)),
    gradient: "reference",
  });
  const kernelFunc: KernelFunc = () => tensor([-1]); // not what the reference says, so that it shows
  registerKernel({ kernelName: "TestCubed", backendName: "cpu", kernelFunc });
  expect(cubed({ x: tensor([2]) }, {})).toBeAllclose([-1]);
  expect(gradient((x: Tensor) => cubed({ x }, {}))(tensor([2]))).toBeAllclose([12]);
});

test("an op leaves nothing but its outputs", () => {
  const [a, b] = [tensor([2, 3]), tensor([5, 7])];
  const before = memory().numTensors;
  expect(() => sumAndProduct({ a, b }, { scale: 10 })).toLeakNothing();
  expect(() => gradient((x: Tensor) => sum(sumAndProduct({ a: x, b }, { scale: 1 })[1]))(a)).toLeakNothing();
  expect(memory().numTensors).toBe(before);
});

test("an input of an op that has no gradient counts as constant", () => {
  const pick = defineOp<{ x: Tensor; at: Tensor }, object, Tensor>({
    name: "TestPick",
    inputs: ["x", "at"],
    reference: ({ x, at }) => mul(x, at),
    gradient: (dy, { at }) => ({ x: () => mul(dy, at) }),
  });
  expect(gradient((x: Tensor) => pick({ x, at: mul(x, 2) }, {}))(tensor([1, 2]))).toBeAllclose([2, 4]);
});

test("a gradient that uses the output can be differentiated again", () => {
  const power = defineOp<{ x: Tensor }, object, Tensor>({
    name: "TestExp",
    inputs: ["x"],
    reference: ({ x }) => exp(x),
    gradient: (dy, _inputs, _attributes, y) => ({ x: () => mul(dy, y) }),
  });
  const slope = gradient(gradient((x: Tensor) => power({ x }, {})));
  expect(slope(tensor([0, 1]))).toBeAllclose([1, Math.E]);
});

test("a kernel registered for the backend runs instead of the reference; the gradient is the op's", () => {
  const seen: string[] = [];
  const negate = defineOp<{ x: Tensor }, object, Tensor>({
    name: "TestNegate",
    inputs: ["x"],
    reference: ({ x }) => {
      seen.push("reference");
      return mul(x, -1);
    },
    gradient: (dy) => ({ x: () => mul(dy, -1) }),
  });
  const kernelFunc: KernelFunc = ({ inputs }) => {
    seen.push("kernel");
    return mul(inputs["x"] as Tensor, -1);
  };
  registerKernel({ kernelName: "TestNegate", backendName: "cpu", kernelFunc });
  expect(gradient((x: Tensor) => negate({ x }, {}))(tensor([1]))).toBeAllclose([-1]);
  expect(negate({ x: tensor([1]) }, {})).toBeAllclose([-1]);
  expect(seen).toEqual(["kernel", "kernel"]);
});

test("a reference that throws leaves nothing", () => {
  const broken = defineOp<{ x: Tensor }, object, Tensor>({
    name: "TestBroken",
    inputs: ["x"],
    reference: ({ x }) => {
      mul(x, 2);
      throw new Error("stop");
    },
    gradient: (dy) => ({ x: () => mul(dy, 1) }),
  });
  const x = tensor([1]);
  expect(() => broken({ x }, {})).toThrow("stop");
  expect(() => broken({ x }, {})).toLeakNothing();
  expect(() => gradient((at: Tensor) => mul(broken({ x: mul(at, 2) }, {}), at))(x)).toLeakNothing();
});

test("a backend has a kernel where one is registered, and not because the op was composed there", () => {
  const double = (name: string) =>
    defineOp<{ x: Tensor }, object, Tensor>({ name, inputs: ["x"], reference: ({ x }) => mul(x, 2) });
  expect(hasKernel("TestComposed")).toBe(false);
  double("TestComposed")({ x: tensor([1]) }, {});
  expect(hasKernel("TestComposed")).toBe(false);
  registerKernel({
    kernelName: "TestKept",
    backendName: "cpu",
    kernelFunc: ({ inputs }) => inputs["x"] as Tensor,
  });
  expect(hasKernel("TestKept")).toBe(true);
});
