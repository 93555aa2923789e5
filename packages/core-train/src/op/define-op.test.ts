import {
  conv2d,
  defineOp,
  DtypeError,
  gradient,
  hasKernel,
  linear,
  ShapeError,
  silu,
} from "@pellucid/core-train";
import {
  add,
  cast,
  complex,
  exp,
  type KernelFunc,
  memory,
  mul,
  type Rank,
  registerKernel,
  sub,
  sum,
  tensor,
  type Tensor,
  tensor1d,
  tensor2d,
  type Tensor2D,
  zeros,
} from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

const sumAndProduct = defineOp({
  name: "TestSumAndProduct",
  inputs: { a: "float32", b: "float32" },
  reference: ({ a, b }, { scale }: { readonly scale: number }): [sum: Tensor, product: Tensor] => [
    mul(add(a, b), scale),
    mul(a, b),
  ],
  gradient: ([dSum, dProduct], { a, b }, { scale }) => ({
    a: () => add(mul(dSum, scale), mul(dProduct, b)),
    b: () => add(mul(dSum, scale), mul(dProduct, a)),
  }),
});

test("an op may return several tensors, each with its part of the gradient", () => {
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

test("an op without a gradient names itself in the error when differentiated", () => {
  const twice = defineOp({
    name: "TestNoGradient",
    inputs: { x: "float32" },
    reference: ({ x }): Tensor => mul(x, 2),
  });
  expect(twice({ x: tensor([3]) }, {})).toBeAllclose([6]);
  expect(() => gradient((x: Tensor) => twice({ x }, {}))(tensor([3]))).toThrow(/TestNoGradient/);
});

test("an op with its reference for a gradient runs its kernel, and its reference where a gradient is taken", () => {
  const cubed = defineOp({
    name: "TestCubed",
    inputs: { x: "float32" },
    reference: ({ x }): Tensor => mul(x, mul(x, x)),
    gradient: "reference",
  });
  const kernelFunc: KernelFunc = () => tensor([-1]); // differs from the reference, to show which of them ran
  registerKernel({ kernelName: "TestCubed", backendName: "cpu", kernelFunc });
  expect(cubed({ x: tensor([2]) }, {})).toBeAllclose([-1]);
  expect(gradient((x: Tensor) => cubed({ x }, {}))(tensor([2]))).toBeAllclose([12]);
});

test("an op leaves no tensors but its outputs", () => {
  const [a, b] = [tensor([2, 3]), tensor([5, 7])];
  const before = memory().numTensors;
  expect(() => sumAndProduct({ a, b }, { scale: 10 })).toLeakNothing();
  expect(() => gradient((x: Tensor) => sum(sumAndProduct({ a: x, b }, { scale: 1 })[1]))(a)).toLeakNothing();
  expect(memory().numTensors).toBe(before);
});

test("an input of an op that has no gradient counts as constant", () => {
  const pick = defineOp({
    name: "TestPick",
    inputs: { x: "float32", at: "float32" },
    reference: ({ x, at }): Tensor => mul(x, at),
    gradient: (dy, { at }) => ({ x: () => mul(dy, at) }),
  });
  expect(gradient((x: Tensor) => pick({ x, at: mul(x, 2) }, {}))(tensor([1, 2]))).toBeAllclose([2, 4]);
});

test("a gradient that uses the output can be differentiated again", () => {
  const power = defineOp({
    name: "TestExp",
    inputs: { x: "float32" },
    reference: ({ x }): Tensor => exp(x),
    gradient: (dy, _inputs, _attributes, y) => ({ x: () => mul(dy, y) }),
  });
  const second = gradient(gradient((x: Tensor) => power({ x }, {})));
  expect(second(tensor([0, 1]))).toBeAllclose([1, Math.E]);
});

test("a kernel registered for the backend runs instead of the reference; the gradient is the op's", () => {
  const seen: string[] = [];
  const negate = defineOp({
    name: "TestNegate",
    inputs: { x: "float32" },
    reference: ({ x }): Tensor => {
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

test("a reference that throws leaks no tensors", () => {
  const broken = defineOp({
    name: "TestBroken",
    inputs: { x: "float32" },
    reference: ({ x }): Tensor => {
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
  const double = <const Name extends string>(name: Name) =>
    defineOp({ name, inputs: { x: "float32" }, reference: ({ x }): Tensor => mul(x, 2) });
  const composed = double("TestComposed");
  expect(hasKernel(composed)).toBe(false);
  composed({ x: tensor([1]) }, {});
  expect(hasKernel(composed)).toBe(false);
  registerKernel({
    kernelName: "TestKept",
    backendName: "cpu",
    kernelFunc: ({ inputs }) => inputs["x"] as Tensor,
  });
  expect(hasKernel(double("TestKept"))).toBe(true);
});

describe("an input of another dtype or rank is refused before anything runs", () => {
  const picked = defineOp({
    name: "PellucidTestPicked",
    inputs: { x: "float32[row, column]", label: "int32[row]" },
    reference: (): Tensor => {
      throw new Error("it ran");
    },
    gradient: "reference",
  });
  const x = tensor2d([1, 2], [2, 1]);
  const label = tensor1d([0, 0], "int32");
  const asFloat = (given: Tensor): Tensor2D => given as Tensor2D;

  test.each([
    ["int32", "int32, expected float32", 'cast(x, "float32")'],
    ["bool", "bool, expected float32", 'cast(x, "float32")'],
    ["string", "a tensor of strings, expected a tensor float32", "Turn the strings into numbers first."],
  ] as const)("%s where float32 is declared", (dtype, found, advice) => {
    const wrong = asFloat(tensor(dtype === "string" ? ["a", "b"] : [1, 0], [2, 1], dtype));
    const run = () => picked({ x: wrong, label }, {});
    expect(run).toThrow(DtypeError);
    expect(run).toThrow(`testPicked: x is ${found}`);
    expect(run).toThrow(advice);
  });

  test("complex numbers", () => {
    const wrong = asFloat(complex([[1], [2]], [[0], [0]]));
    expect(() => picked({ x: wrong, label }, {})).toThrow(
      "testPicked: x is complex64, expected float32. Pass real(x), imag(x) or abs(x).",
    );
  });

  test("float32 where int32 is declared", () => {
    expect(() => picked({ x, label: tensor1d([0, 0]) }, {})).toThrow(
      'testPicked: label is float32, expected int32. Cast it: cast(label, "int32").',
    );
  });

  test("another rank", () => {
    const run = () => picked({ x: asFloat(label), label }, {});
    expect(run).toThrow(DtypeError);
    const flat = () => picked({ x: asFloat(tensor1d([1])), label }, {});
    expect(flat).toThrow(ShapeError);
    expect(flat).toThrow("testPicked: x is [1], expected [row, column].");
  });

  test("also where a gradient is taken, and the reference would run", () => {
    const run = () => gradient((at: Tensor) => mul(at, sum(picked({ x: asFloat(label), label }, {}))))(x);
    expect(run).toThrow("testPicked: x is int32, expected float32.");
  });

  test("by the name of the function that was called", () => {
    const images = zeros<Rank.R4>([1, 2, 2, 1], "int32");
    const weight = zeros<Rank.R4>([1, 1, 1, 1]);
    expect(() => conv2d(images, weight, tensor1d([1]))).toThrow("conv2d: x is int32, expected float32.");
    expect(() => linear(cast(x, "int32"), tensor2d([[1]]), tensor1d([1]))).toThrow("linear: x is int32");
    expect(() => silu(cast(x, "bool"))).toThrow("silu: x is bool, expected float32.");
  });

  test("and it leaks no tensors", () => {
    const run = () => picked({ x: asFloat(label), label }, {});
    expect(run).toThrow(DtypeError);
    expect(run).toLeakNothing();
  });
});
