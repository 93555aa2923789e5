import { wkv } from "@pellucid/mamba/recurrences";
import { tensor1d, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("with equal keys and no decay the second step is the mean of both values", () => {
  const { output, state } = wkv({
    key: tensor3d([[[0], [0]]]),
    value: tensor3d([[[2], [4]]]),
    decay: tensor1d([1e-9]),
    first: tensor1d([0]),
    initial: { mean: tensor2d([[0]]), logWeight: tensor2d([[-1e30]]) }, // nothing was read
  });
  expect(output).toBeAllclose([2, 3]);
  expect(state.logWeight).toBeAllclose([Math.log(2)]);
});
