import { init, initialize, Linear, type Rng } from "@pellucid/core-train";

/** A linear layer with orthonormal weights times `gain`, and biases of 0: CleanRL's `layer_init(nn.Linear(…), gain)`, with the same draws. */
export function orthogonalLinear(inFeatures: number, outFeatures: number, gain: number, rng: Rng): Linear {
  const layer = new Linear(inFeatures, outFeatures, { rng });
  initialize(layer, "weight", init.orthogonal({ gain }), rng);
  initialize(layer, "bias", init.zeros(), rng);
  return layer;
}
