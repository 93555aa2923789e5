import { EmptyBatchError, OptionError } from "@pellucid/core-train";
import { mean, sum, type Tensor } from "@tensorflow/tfjs-core";
import type { OverlapOptions } from "./overlap.ts";

/** One loss of those of each class of each image; `[class]` of the whole batch. */
export function reduceOverlap(
  caller: string,
  losses: Tensor,
  { reduction = "mean" }: OverlapOptions,
): Tensor {
  if (reduction === "none") return losses;
  if (reduction === "sum") return sum(losses);
  if (reduction !== "mean")
    throw new OptionError(caller, "reduction", `"${String(reduction)}"`, '"mean", "sum" or "none"');
  if (losses.size === 0)
    throw new EmptyBatchError(
      `${caller}: the batch is empty and has no mean loss. Leave it out, or reduce by "sum".`,
    );
  return mean(losses);
}
