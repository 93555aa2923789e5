import { gradient, relu, withGradientRules } from "@pellucid/core-train";
import { mul, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor1d([-1, 2]);
const doubled = {
  inputs: ["x"],
  gradient: (dy: Tensor, run: { ordinary: (dy: Tensor) => Tensor }) => mul(run.ordinary(dy), 2),
};

test("inside, the op has the rule's gradient, and the same values", () => {
  const derivative = withGradientRules({ PellucidRelu: doubled }, () =>
    gradient((at: Tensor) => relu(at))(x),
  );
  expect(derivative).toBeAllclose([0, 2]);
  expect(withGradientRules({ PellucidRelu: doubled }, () => relu(x))).toBeAllclose([0, 2]);
});

test("a rule sees the op's inputs and output, and can run it on others", () => {
  const rule = {
    inputs: ["x"],
    gradient: (
      _dy: Tensor,
      {
        inputs,
        output,
        again,
      }: {
        inputs: Readonly<Record<string, Tensor>>;
        output: Tensor;
        again: (inputs: Record<string, Tensor>) => Tensor;
      },
    ) => mul(mul(output, 10), again({ x: mul(inputs["x"] as Tensor, 3) })),
  };
  const derivative = withGradientRules({ PellucidRelu: rule }, () => gradient((at: Tensor) => relu(at))(x));
  expect(derivative).toBeAllclose([0, 120]);
});

test("afterwards the op has its own gradient again, also when the body throws", () => {
  const stop = () => {
    throw new Error("stop");
  };
  expect(() => withGradientRules({ PellucidRelu: doubled }, stop)).toThrow("stop");
  expect(gradient((at: Tensor) => relu(at))(x)).toBeAllclose([0, 1]);
});

test("leaks no tensors", () => {
  const run = () => withGradientRules({ PellucidRelu: doubled }, () => gradient((at: Tensor) => relu(at))(x));
  expect(run).toLeakNothing();
});
