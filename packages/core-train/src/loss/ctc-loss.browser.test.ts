import "@pellucid/testing/setup";
import { useBackend } from "@pellucid/backends";
import { ctcLoss, logSoftmax } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { grad, tensor1d, tensor2d, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const ints = (values: number[]) => tensor1d(values, "int32");

/** Losses of padded and of concatenated labels, one of them without an alignment, and the gradient at the logits. */
async function results(backend: "cpu" | "webgpu"): Promise<number[][]> {
  await useBackend({ only: backend });
  const logits = sines([3, 6, 4], 0.4) as Tensor3D;
  const lengths = { inputs: ints([6, 4, 1]), labels: ints([3, 1, 2]) };
  const padded = tensor2d([1, 2, 2, 3, 0, 0, 1, 1, 0], [3, 3], "int32");
  const loss = (targets: Tensor, zeroInfinity: boolean) => (x: Tensor) =>
    ctcLoss(logSoftmax(x) as Tensor3D, targets as never, lengths.inputs, lengths.labels, {
      zeroInfinity,
      reduction: "none",
    });
  const found = [
    loss(padded, false)(logits),
    loss(ints([1, 2, 2, 3, 1, 1]), true)(logits),
    grad(loss(padded, true))(logits),
  ];
  return Promise.all(found.map(async (x) => Array.from(await x.data())));
}

test("on WebGPU it is what it is on CPU", async () => {
  const expected = await results("cpu");
  const found = await results("webgpu");
  expect(expected[0]?.[2]).toBe(Infinity);
  for (const [i, numbers] of found.entries()) {
    expect(numbers).toBeAllclose(expected[i] ?? [], { rtol: 1e-4, atol: 1e-4 });
  }
});
