import { maximum, OptionError } from "@pellucid/core-train";
import { cast, div, greater, less, mul, sum, type Tensor, where, zerosLike } from "@tensorflow/tfjs-core";

/**
 * How the losses of a batch become one.
 *
 * @param losses of elements, pairs or triplets
 * @param counted of the same shape, 1 for losses that exist and 0 for the others
 * @returns one number, 0 if none counts
 */
export type Reducer = (losses: Tensor, counted: Tensor) => Tensor;

/** The mean over the losses that are above 0: what is already right does not dilute it. pytorch-metric-learning's `AvgNonZeroReducer`. */
export const meanNonZero: Reducer = (losses, counted) => meanBetween({ low: 0 })(losses, counted);

/** The mean over all losses, as `torch.nn`'s losses have it. */
export const meanOfAll: Reducer = (losses, counted) => averaged(losses, counted);

/** The sum. */
export const sumOfAll: Reducer = (losses, counted) => sum(kept(losses, counted));

/** Options for {@link meanBetween}; at least one of them. */
export interface MeanBetweenOptions {
  readonly low?: number;
  readonly high?: number;
}

/** The mean over the losses above one number and below another: pytorch-metric-learning's `ThresholdReducer`. */
export function meanBetween({ low, high }: MeanBetweenOptions): Reducer {
  if (low === undefined && high === undefined)
    throw new OptionError("meanBetween", "low", low, "a number, or a number for high");
  return (losses, counted) => {
    let within = counted;
    if (low !== undefined) within = mul(within, cast(greater(losses, low), "float32"));
    if (high !== undefined) within = mul(within, cast(less(losses, high), "float32"));
    return averaged(losses, within);
  };
}

function averaged(losses: Tensor, counted: Tensor): Tensor {
  return div(sum(kept(losses, counted)), maximum(sum(counted), 1));
}

const kept = (losses: Tensor, counted: Tensor) => where(greater(counted, 0), losses, zerosLike(losses));
