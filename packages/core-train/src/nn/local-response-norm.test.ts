import { localResponseNorm } from "@pellucid/core-train";
import { ones } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("an even window reaches one channel further back, as PyTorch's", () => {
  const y = localResponseNorm(ones([1, 3]), 2, { alpha: 2, beta: 1 });
  expect(y).toBeAllclose([1 / 2, 1 / 3, 1 / 3]);
});
