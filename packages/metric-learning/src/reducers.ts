import { checkOptions, checkShape, checkTensor, maximum, OptionError } from "@pellucid/core-train";
import { cast, div, greater, less, mul, sum, type Tensor, where, zerosLike } from "@tensorflow/tfjs-core";

/**
 * How the losses of a batch become one.
 *
 * @param losses of elements, pairs or triplets
 * @param counted of the same shape, 1 for losses that exist and 0 for the others
 * @returns one number, 0 if none counts
 */
export type Reducer = (losses: Tensor, counted: Tensor) => Tensor;

/**
 * The mean over the losses that are above 0: what is already right does not dilute it. pytorch-metric-learning's `AvgNonZeroReducer`.
 *
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} if the shapes differ
 */
export const meanNonZero: Reducer = (losses, counted) => averaged("meanNonZero", losses, counted, { low: 0 });

/**
 * The mean over all losses, as `torch.nn`'s losses have it.
 *
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} if the shapes differ
 */
export const meanOfAll: Reducer = (losses, counted) => averaged("meanOfAll", losses, counted);

/**
 * The sum.
 *
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} if the shapes differ
 */
export const sumOfAll: Reducer = (losses, counted) => sum(kept("sumOfAll", losses, counted));

/** Options for {@link meanBetween}; at least one of them. */
export interface MeanBetweenOptions {
  readonly low?: number;
  readonly high?: number;
}

/**
 * The mean over the losses above one number and below another: pytorch-metric-learning's `ThresholdReducer`.
 *
 * @throws {OptionError} without a bound, or for a wrong option
 */
export function meanBetween(options: MeanBetweenOptions): Reducer {
  checkOptions("meanBetween", options, ["low", "high"]);
  const { low, high } = options;
  if (low === undefined && high === undefined)
    throw new OptionError("meanBetween", "low", low, "a number, or a number for high");
  return (losses, counted) => averaged("meanBetween", losses, counted, { low, high });
}

/** The mean of what counts, between the bounds that there are. */
function averaged(
  caller: string,
  losses: Tensor,
  counted: Tensor,
  { low, high }: { readonly low?: number | undefined; readonly high?: number | undefined } = {},
): Tensor {
  checkPair(caller, losses, counted);
  let within = counted;
  if (low !== undefined) within = mul(within, cast(greater(losses, low), "float32"));
  if (high !== undefined) within = mul(within, cast(less(losses, high), "float32"));
  return div(sum(kept(caller, losses, within)), maximum(sum(within), 1));
}

function kept(caller: string, losses: Tensor, counted: Tensor): Tensor {
  checkPair(caller, losses, counted);
  return where(greater(counted, 0), losses, zerosLike(losses));
}

function checkPair(caller: string, losses: Tensor, counted: Tensor): void {
  checkTensor(caller, "losses", losses);
  checkShape(caller, "counted", counted, losses.shape);
}
