import { reduceLosses } from "@pellucid/core-train";
import { mean, type Tensor } from "@tensorflow/tfjs-core";
import type { OverlapOptions } from "./overlap.ts";

/** One loss of those of each class of each image; `[class]` of the whole batch, whose mean counts by its images as any loss. */
export function reduceOverlap(
  caller: string,
  losses: Tensor,
  { reduction = "mean", over = "image" }: OverlapOptions,
): Tensor {
  const loss = reduceLosses(caller, losses, reduction);
  return over === "batch" && reduction === "mean" ? mean(losses) : loss;
}
