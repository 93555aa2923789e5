import type { HostTensor } from "../host-tensor.ts";
import type { Rng } from "../rng/rng.ts";

/**
 * Draws the first values of a parameter, on the host: every backend starts from the same ones.
 *
 * @param shape PyTorch's (a linear weight is `[out, in]`, a convolution's `[out, in / groups, …kernel]`); the layer then
 *   reorders the axes to ours, so the same seed gives PyTorch's weights
 */
export type Initializer = (shape: readonly number[], rng: Rng) => HostTensor<Float32Array>;

/** An {@link Initializer} that draws nothing. */
export type FixedInitializer = (shape: readonly number[]) => HostTensor<Float32Array>;
