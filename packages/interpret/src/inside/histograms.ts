import { checkArguments } from "@pellucid/core-train";
import type { ByPath } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { type Histogram, histogram } from "./histogram.ts";

/** A {@link histogram} of each tensor: of `trainable(model)`, of {@link activationsOf}, of the gradients of `valueAndGradients`. */
export async function histograms(
  tensors: ByPath<Tensor>,
  options?: Parameters<typeof histogram>[1],
): Promise<Record<string, Histogram>> {
  checkArguments("histograms", {
    record: { tensors },
    "tensor[]": { tensors: Object.values(Object(tensors)) },
  });
  const read = Object.entries(tensors).map(
    async ([path, tensor]) => [path, histogram(await tensor.data(), options)] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}
