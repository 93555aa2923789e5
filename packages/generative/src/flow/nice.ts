import { Linear, ReLU } from "@pellucid/core-train";
import { chain } from "../chain.ts";
import { linearChain } from "../linear-chain.ts";
import { AffineCoupling } from "./affine-coupling.ts";
import { alternatingMask } from "./alternating-mask.ts";
import { type CouplingFlowOptions, couplingFlowOptions } from "./coupling-flow-options.ts";
import { DiagonalScaling } from "./diagonal-scaling.ts";
import { Flow } from "./flow.ts";

/**
 * A flow of additive coupling layers, which keep volumes, and one scale per feature at the end.
 * Dinh, Krueger and Bengio, 2014. https://arxiv.org/abs/1410.8516. The base is the normal distribution, not the paper's logistic one.
 *
 * @param features two or more
 */
export function nice(features: number, options: CouplingFlowOptions): Flow {
  const { rng, couplings, hiddenSizes } = couplingFlowOptions("nice", features, options);
  const linear = (from: number, to: number) => new Linear(from, to, { rng });
  const layers = Array.from({ length: couplings }, (_, i) => {
    const sizes = [features, ...hiddenSizes, features];
    const shift = chain(...linearChain("nice", sizes, linear, () => new ReLU()));
    return new AffineCoupling(alternatingMask(features, i), { scale: null, shift: shift });
  });
  return new Flow([...layers, new DiagonalScaling(features)]);
}
