import { type Step } from "@pellucid/core-train";
import {
  expandDims,
  ones,
  type Rank,
  reshape,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { stateSpaceDuality } from "../state-space-duality.ts";

/**
 * `h ← eᵃ h + b` for each feature, over all time steps: a {@link stateSpaceDuality} with one entry of state per feature.
 *
 * @param a the logarithm of the decay, 0 or below, `[batch, time, feature]`
 * @param b `[batch, time, feature]`
 * @param initial `[batch, feature]`
 * @returns h at each time step, `[batch, time, feature]`, and after the last, `[batch, feature]`
 */
export function decayingSum(a: Tensor3D, b: Tensor3D, initial: Tensor2D): Step<Tensor3D, Tensor2D> {
  const [batch, time, features] = b.shape;
  return tidy(() => {
    const one = ones<Rank.R4>([batch, time, 1, 1]);
    const sums = stateSpaceDuality(
      {
        x: expandDims(b, 3),
        a,
        B: one,
        C: one,
        initial: reshape<Rank.R4>(initial, [batch, features, 1, 1]),
      },
      { chunkSize: 16 },
    );
    return {
      output: reshape<Rank.R3>(sums.output, [batch, time, features]),
      state: reshape<Rank.R2>(sums.state, [batch, features]),
    };
  });
}
