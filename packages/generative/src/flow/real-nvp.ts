import { Linear, ReLU, type Rng, Tanh } from "@pellucid/core-train";
import { chain } from "../chain.ts";
import { linearChain } from "../linear-chain.ts";
import { AffineCoupling } from "./affine-coupling.ts";
import { alternatingMask } from "./alternating-mask.ts";
import { type CouplingFlowOptions, couplingFlowOptions } from "./coupling-flow-options.ts";
import { Flow } from "./flow.ts";

/**
 * A flow of affine coupling layers for tables: each shows every other feature to its two networks, of which the scale's ends with tanh.
 * Dinh, Sohl-Dickstein and Bengio, 2016. https://arxiv.org/abs/1605.08803
 *
 * @param features two or more
 */
export function realNvp(features: number, options: CouplingFlowOptions): Flow {
  const { rng, couplings, hiddenSizes } = couplingFlowOptions("realNvp", features, options);
  const sizes = [features, ...hiddenSizes, features];
  const layers = Array.from({ length: couplings }, (_, i) => {
    const scale = chain(...layersOf(sizes, rng), new Tanh());
    const shift = chain(...layersOf(sizes, rng));
    return new AffineCoupling(alternatingMask(features, i), { scale: scale, shift: shift });
  });
  return new Flow(layers);
}

const layersOf = (sizes: readonly number[], rng: Rng) =>
  linearChain(
    "realNvp",
    sizes,
    (from, to) => new Linear(from, to, { rng }),
    () => new ReLU(),
  );
