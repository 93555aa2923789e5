import { add, memory, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { gradient } from "../gradient.ts";
import { relu } from "../nn/relu.ts";
import { traceInputs } from "./trace-inputs.ts";

test("each tensor is listed with its inputs, and no tensor leaks", () => {
  const x = tensor1d([1, -2]);
  const ids: number[] = [];
  const held = memory().numTensors;
  const made = traceInputs(() => {
    const once = relu(x);
    ids.push(once.id, add(once, x).id);
  });
  const [once, twice] = ids as [number, number];
  expect(made.get(once)).toEqual([x.id]);
  expect(made.get(twice)).toEqual([once, x.id]);
  expect(memory().numTensors).toBe(held);
});

test("no tensor leaks when it throws, and gradients still work", () => {
  const x = tensor1d([1, -2]);
  const held = memory().numTensors;
  const failing = () =>
    traceInputs(() => {
      relu(x);
      throw new Error("stop");
    });
  expect(failing).toThrow("stop");
  expect(memory().numTensors).toBe(held);
  expect(gradient((at: Tensor) => relu(at))(x)).toBeAllclose([1, 0]);
});
