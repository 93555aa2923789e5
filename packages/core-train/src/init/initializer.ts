import type { HostTensor } from "../host-tensor.ts";
import type { Rng } from "../rng/rng.ts";

/**
 * Draws the first values of a parameter, on the host: every backend starts from the same ones.
 *
 * @param shape PyTorch's (a linear weight is `[out, in]`, a convolution's `[out, in / groups, …kernel]`); the layer then
 *   reorders the axes to ours, so the same seed gives PyTorch's weights
 */
export interface Initializer {
  (shape: readonly number[], rng: Rng): HostTensor<Float32Array>;
  /** Instead of the call, for a parameter that is drawn again later: advances the generator only. A new parameter is 0, an old one stays. */
  readonly skip?: (shape: readonly number[], rng: Rng) => void;
}

/** An {@link Initializer} that draws nothing. */
export type FixedInitializer = (shape: readonly number[]) => HostTensor<Float32Array>;
