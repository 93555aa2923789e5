import { checkArguments, checkOptions, checkRng, maximum, type Rng, sizeAlong } from "@pellucid/core-train";
import {
  add,
  div,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  type Tensor1D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Attribution } from "../score/attribution.ts";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";

/** Options for {@link maxSensitivity}. */
export interface MaxSensitivityOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  readonly rng: Rng;
  /** Number of perturbations. Default: 10. */
  readonly samples?: number;
  /** The largest change of each input. Default: 0.02. */
  readonly radius?: number;
}

/**
 * How much a map changes when the input changes a little: `max ‖map(x') − map(x)‖ / ‖map(x)‖` over `x'` within `± radius`.
 *
 * Yeh et al., 2019, definition 3.1. https://arxiv.org/abs/1901.09392
 *
 * @returns `[batch]`
 */
export async function maxSensitivity<X extends Tensor>(
  explain: Attribution<X>,
  x: X,
  options: MaxSensitivityOptions,
): Promise<Tensor1D> {
  checkArguments("maxSensitivity", { function: { explain }, tensor: { x } });
  checkRng("maxSensitivity", options);
  checkOptions("maxSensitivity", options, ["rng", "samples", "radius", "signal", "onProgress"]);
  const { rng, samples = 10, radius = 0.02, signal, onProgress } = options;
  checkCount("maxSensitivity", "samples", samples);
  const batch = sizeAlong(x, 0);
  const length = (map: Tensor) => sqrt(sum(square(reshape(map, [batch, -1])), 1)) as Tensor1D;
  const original = await explain(x);
  let largest: Tensor1D = zeros([batch]);
  try {
    for (let i = 0; i < samples; i++) {
      signal?.throwIfAborted();
      const moved = tidy(() => add<X>(x, tensor(rng.uniform(x.shape, -radius, radius).data, x.shape)));
      let map: X | undefined;
      try {
        map = await explain(moved);
        const before = largest;
        largest = tidy(() => maximum(before, length(sub(map as X, original))));
        before.dispose();
      } finally {
        moved.dispose();
        map?.dispose();
      }
      onProgress?.(i + 1, samples);
    }
    return tidy(() => mul<Tensor1D>(div(largest, add(length(original), 1e-12)), 1));
  } finally {
    original.dispose();
    largest.dispose();
  }
}
