import { Linear, type LinearOptions, init } from "@pellucid/core-train";
import { tidy, zeros } from "@tensorflow/tfjs-core";

/** A linear layer with BERT's initialization: weights `N(0, 0.02²)` and a bias of 0. */
export function bertDense(inFeatures: number, outFeatures: number, rng: LinearOptions["rng"]): Linear {
  const layer = new Linear(inFeatures, outFeatures, { rng, init: init.normal(0, 0.02) });
  tidy(() => layer.bias?.assign(zeros([outFeatures])));
  return layer;
}
