import { ctcLoss, LabelError, logSoftmax, OptionError, ShapeError } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import {
  backend,
  fill,
  grad,
  type Rank,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  type Tensor3D,
  zeros,
} from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

const ints = (values: number[]) => tensor1d(values, "int32");
const logProbs: Tensor3D = logSoftmax(sines([2, 5, 4]) as Tensor3D);
const targets = tensor2d([1, 2, 3, 0], [2, 2], "int32");

test("of even probabilities it counts the alignments, also over 600 time steps", () => {
  // without repeated labels there are as many as ways to choose 2 L of T + L
  const [steps, labels, classes] = [600, 40, 5];
  const even = fill<Rank.R3>([1, steps, classes], -Math.log(classes));
  const target = ints(Array.from({ length: labels }, (_, i) => 1 + (i % 4)));
  const choices = Array.from({ length: 2 * labels }, (_, i) => Math.log((steps + labels - i) / (i + 1)));
  const alignments = choices.reduce((total, log) => total + log, 0);
  const expected = steps * Math.log(classes) - alignments;
  const loss = ctcLoss(even, target, ints([steps]), ints([labels]), { reduction: "sum" });
  expect(loss).toBeAllclose(expected, { rtol: 2e-6, atol: 0 });
});

test("through logSoftmax, the gradient is the one that finite differences measure", () => {
  const logits = sines([2, 5, 4], 0.4) as Tensor3D;
  const loss = (x: Tensor) =>
    ctcLoss(logSoftmax(x) as Tensor3D, targets, ints([5, 4]), ints([2, 1]), { reduction: "sum" });
  const gradients = grad(loss)(logits).dataSync();
  for (const i of [0, 7, 13, 22, 30]) {
    const moved = (by: number) => {
      const values = logits.dataSync().slice();
      values[i] = (values[i] ?? 0) + by;
      return loss(tensor(values, [2, 5, 4])).dataSync()[0] ?? 0;
    };
    expect(((moved(1e-2) - moved(-1e-2)) / 2e-2).toFixed(2)).toBe((gradients[i] ?? 0).toFixed(2));
  }
});

test("a class of probability 0 has gradient 0, where PyTorch has NaN", () => {
  const certain = tensor3d([0, -Infinity, -Infinity, 0], [1, 2, 2]); // a blank, then the label
  const loss = (x: Tensor) => ctcLoss(x as Tensor3D, ints([1]), ints([2]), ints([1]));
  expect(loss(certain)).toBeAllclose(0, { rtol: 0, atol: 0 });
  expect(grad(loss)(certain)).toBeAllclose([0, 0, 0, 0], { rtol: 0, atol: 0 });
});

test("concatenated labels give the same where reading lengths would wait for a GPU", () => {
  const loss = () =>
    ctcLoss(logProbs, ints([1, 2, 3]), ints([5, 4]), ints([2, 1]), { reduction: "none" }).dataSync();
  const expected = loss();
  const current = Object.assign(backend(), { isGPUPackage: true });
  try {
    expect(loss()).toBeAllclose(expected, { rtol: 1e-6, atol: 0 });
  } finally {
    Reflect.deleteProperty(current, "isGPUPackage");
  }
});

describe("errors", () => {
  const lengths = { inputs: ints([5, 5]), targets: ints([2, 1]) };

  test("labels and blanks outside the classes, and lengths that are too large", () => {
    const wrong = tensor2d([1, 4, 3, 9], [2, 2], "int32");
    expect(() => ctcLoss(logProbs, wrong, lengths.inputs, lengths.targets)).toThrow(
      new LabelError("ctcLoss: targets[1] is 4, expected a class from 0 to 3."),
    );
    expect(() => ctcLoss(logProbs, targets, lengths.inputs, lengths.targets, { blank: 4 })).toThrow(
      new OptionError("ctcLoss", "blank", 4, "a class from 0 to 3"),
    );
    expect(() => ctcLoss(logProbs, targets, ints([5, 6]), lengths.targets)).toThrow(
      new OptionError("ctcLoss", "inputLengths[1]", 6, "0 to 5"),
    );
    expect(() => ctcLoss(logProbs, targets, lengths.inputs, ints([3, 1]))).toThrow(
      new OptionError("ctcLoss", "targetLengths[0]", 3, "0 to 2"),
    );
    expect(() => ctcLoss(logProbs, ints([1, 2, 3, 1]), lengths.inputs, lengths.targets)).toThrow(
      new OptionError("ctcLoss", "the sum of targetLengths", 3, "4, as many as there are targets"),
    );
  });

  test("labels that are not integers, and no time steps", () => {
    expect(() => ctcLoss(logProbs, tensor2d([1, 2, 3, 0], [2, 2]), lengths.inputs, lengths.targets)).toThrow(
      new LabelError(
        'ctcLoss: targets is float32, expected int32. Make it with tensor(numbers, shape, "int32").',
      ),
    );
    expect(() => ctcLoss(zeros([2, 0, 4]), targets, ints([0, 0]), lengths.targets)).toThrow(
      new ShapeError("ctcLoss: logProbs is [2, 0, 4], expected at least one time step."),
    );
  });

  test("a second derivative", () => {
    const loss = (x: Tensor) => ctcLoss(x as Tensor3D, targets, lengths.inputs, lengths.targets);
    expect(() => grad((x: Tensor) => sum(grad(loss)(x)))(logProbs)).toThrow(/PellucidCtcGradient/);
  });
});
