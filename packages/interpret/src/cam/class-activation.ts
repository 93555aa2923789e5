import { mean, mul, type Tensor, tidy, sum, relu } from "@tensorflow/tfjs-core";
import { gradientAt, type Layer } from "@pellucid/core-train";

/** A map over the places of a layer: `[batch, …places]` in the layer's own resolution. */
export type PlacesMap = Tensor;

/** How a class activation map ends. */
export interface CamOptions {
  /** Whether only what argues for the class is shown, as in the papers. Default: true. */
  readonly positive?: boolean;
}

/** The axes between batch and channel: places. */
export function placeAxes(activations: Tensor): number[] {
  return Array.from({ length: activations.rank - 2 }, (_, i) => i + 1);
}

/**
 * `Σ_k weighted_k` over channels, and what of it is positive.
 *
 * @param weigh from activations and gradients `[batch, …places, channel]` to what is summed over channels
 */
export function classActivation(
  layer: Layer<never, Tensor>,
  score: () => Tensor,
  { positive = true }: CamOptions,
  weigh: (activations: Tensor, gradients: Tensor, axes: number[]) => Tensor,
): PlacesMap {
  return tidy(() => {
    const { output, gradient } = gradientAt(layer, score); // [batch, …places, channel]
    const map = sum(weigh(output, gradient, placeAxes(output)), -1); // [batch, …places]
    return positive ? relu(map) : map;
  });
}

/** `A_k · w_k` with one weight per channel: the mean of its gradients. */
export function byMeanGradient(activations: Tensor, gradients: Tensor, axes: number[]): Tensor {
  return mul(activations, mean(gradients, axes, true));
}
