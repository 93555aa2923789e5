import { attend } from "@pellucid/rnn";
import { tensor2d, tensor3d, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("equal scores give the mean of what is there, and padding no weight", () => {
  const memory = tensor3d([[[2], [4], [100]]]); // [1, 3, 1]
  const { context, weights } = tidy(() => attend(tensor2d([[1, 1, 9]]), { memory, lengths: [2] }));
  expect(weights).toBeAllclose([0.5, 0.5, 0]);
  expect(context).toBeAllclose([3]);
});
