import { type SequenceLayer, stepThrough } from "@pellucid/core-train";
import { add, scalar, type Scalar } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

/** Adds its state, which grows by one each step, to the input. */
const counter: SequenceLayer<Scalar, Scalar, number> = {
  initialState: () => 1,
  step: (x, state) => ({ output: add(x, state), state: state + 1 }),
};

test("the output of each layer is the input of the next, and each layer has its state", () => {
  const first = stepThrough([counter, counter], scalar(10), [1, 5]);
  expect(first.output).toBeAllclose([16]);
  expect(first.state).toEqual([2, 6]);
  const second = stepThrough([counter, counter], first.output, first.state);
  expect(second.output).toBeAllclose([24]);
});

test("a state of other layers is refused", () => {
  expect(() => stepThrough([counter, counter], scalar(0), [1])).toThrow(
    new RangeError(
      "stepThrough: the state has 1 entries, expected one for each of 2 layers. Start with initialState(batch).",
    ),
  );
});
