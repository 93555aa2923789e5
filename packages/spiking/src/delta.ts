import { checkArguments, checkFinite, checkOptions, ShapeError } from "@pellucid/core-train";
import {
  cast,
  concat,
  greaterEqual,
  lessEqual,
  slice,
  sub,
  type Tensor,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** Options for {@link delta}. */
export interface DeltaOptions {
  /** Changes from here on spike. Default: 0.1. */
  readonly threshold?: number;
  /** Whether the first time step counts as unchanged, otherwise as a change from 0. Default: false. */
  readonly padding?: boolean;
  /** Whether falls by the threshold are spikes of −1. Default: false. */
  readonly offSpike?: boolean;
}

/**
 * Codes changes: a spike where a number has risen by the threshold since the previous time step. The numbers are those of snntorch's `spikegen.delta`.
 *
 * @param data `[batch, time, …]`
 * @returns `[batch, time, …]`
 */
export function delta(data: Tensor, options: DeltaOptions = {}): Tensor {
  checkArguments("delta", { tensor: { data } });
  checkOptions("delta", options, ["threshold", "padding", "offSpike"]);
  const { threshold = 0.1, padding = false, offSpike = false } = options;
  checkFinite("delta", { threshold });
  if (data.rank < 2 || data.shape[1] === 0)
    throw new ShapeError(
      `delta: data is [${data.shape.join(", ")}], expected [batch, time, …] with time steps.`,
    );
  return tidy(() => {
    const [batch = 0, time = 0] = data.shape;
    const first = slice(data, [0, 0], [batch, 1]);
    const start = padding ? first : zerosLike(first);
    const before = time === 1 ? start : concat([start, slice(data, [0, 0], [batch, time - 1])], 1);
    const change = sub(data, before);
    const on = cast(greaterEqual(change, threshold), "float32");
    return offSpike ? sub(on, cast(lessEqual(change, -threshold), "float32")) : on;
  });
}
