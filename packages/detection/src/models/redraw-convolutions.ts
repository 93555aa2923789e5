import { Conv2d, init, initialize, type Module, type Rng } from "@pellucid/core-train";

/** Draws the weights of all convolutions below `layers` anew, from a normal distribution around 0, and makes their biases 0. */
export function redrawConvolutions(layers: Module, std: number, rng: Rng): void {
  for (const [, module] of layers.namedModules()) {
    if (!(module instanceof Conv2d)) continue;
    initialize(module, "weight", init.normal(0, std), rng);
    if (module.bias !== null) initialize(module, "bias", init.constant(0), rng);
  }
}
