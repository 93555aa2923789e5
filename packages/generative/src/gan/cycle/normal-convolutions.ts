import { Conv2d, ConvTranspose2d, init, initialize, type Module, type Rng } from "@pellucid/core-train";

/** CycleGAN's initial weights: filters from N(0, 0.02²), in the order of the modules, and biases of 0. */
export function normalConvolutions(model: Module, rng: Rng): void {
  for (const [, module] of model.namedModules())
    if (module instanceof Conv2d || module instanceof ConvTranspose2d) {
      initialize(module, "weight", init.normal(0, 0.02), rng);
      initialize(module, "bias", init.zeros(), rng);
    }
}
