import { Linear, type LinearOptions, normal } from "@pellucid/core-train";
import { tidy, zeros } from "@tensorflow/tfjs-core";

/** A linear layer that starts as BERT's do: normal of standard deviation 0.02, and no bias yet. */
export function bertDense(inFeatures: number, outFeatures: number, rng: LinearOptions["rng"]): Linear {
  const layer = new Linear(inFeatures, outFeatures, { rng, init: normal(0, 0.02) });
  tidy(() => layer.bias?.assign(zeros([outFeatures])));
  return layer;
}
