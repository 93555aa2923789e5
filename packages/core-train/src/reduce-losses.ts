import { div, mean, sum, type Tensor } from "@tensorflow/tfjs-core";
import { meanOver } from "./mean-over.ts";
import { OptionError } from "./option-error.ts";
import { EmptyBatchError } from "./loss/empty-batch-error.ts";
import { checkTensor } from "./check-tensor.ts";

/** How many losses become one: their mean, their sum, or not at all. */
export type Reduction = "mean" | "sum" | "none";

/** Options of every loss. */
export interface LossOptions {
  /** How the losses of the batch become one. Default: `"mean"`. */
  readonly reduction?: Reduction;
}

/**
 * Makes one loss of many.
 *
 * @param weights what the losses were multiplied with, if the mean is to be the weighted one
 * @throws EmptyBatchError for a mean over nothing, for which PyTorch gives NaN
 */
export function reduceLosses(
  caller: string,
  losses: Tensor,
  reduction: Reduction = "mean",
  weights?: Tensor,
): Tensor {
  checkTensor(caller, "losses", losses);
  checkReduction(caller, reduction);
  if (reduction === "none") return losses;
  if (reduction === "sum") return sum(losses);
  checkNotEmpty(caller, losses);
  return weights === undefined ? meanOver(mean(losses), losses.size) : div(sum(losses), sum(weights));
}

/** Throws an {@link OptionError} for an unknown reduction, which only untyped code can pass. */
function checkReduction(caller: string, reduction: string): void {
  if (reduction === "mean" || reduction === "sum" || reduction === "none") return;
  throw new OptionError(caller, "reduction", `"${reduction}"`, '"mean", "sum" or "none"');
}

/** Throws an {@link EmptyBatchError} if there is nothing to take the mean of. */
export function checkNotEmpty(caller: string, { size, shape }: Tensor): void {
  if (size > 0) return;
  throw new EmptyBatchError(
    `${caller}: the batch is empty, [${shape.join(", ")}], and has no mean loss. Leave it out, or reduce by "sum".`,
  );
}
