import { checkOptions, checkPositive, checkRng, checkSizes } from "@pellucid/core-train";
import { alternatingMask } from "./alternating-mask.ts";
import { Flow } from "./flow.ts";
import { SplineCoupling, type SplineCouplingOptions } from "./spline-coupling.ts";

/** Options for {@link splineFlow}. */
export interface SplineFlowOptions extends SplineCouplingOptions {
  /** How many coupling layers. Default: 4. */
  readonly couplings?: number;
}

/**
 * A neural spline flow for tables. The data should lie within `± tailBound`, outside of which it is the identity.
 * Durkan et al., 2019. https://arxiv.org/abs/1906.04032
 *
 * @param features two or more
 */
export function splineFlow(features: number, options: SplineFlowOptions): Flow {
  checkRng("splineFlow", options);
  checkOptions("splineFlow", options, ["rng", "couplings", "hiddenSizes", "bins", "tailBound"]);
  const { couplings = 4, bins = 8, tailBound = 3, hiddenSizes = [64, 64], rng } = options;
  checkSizes("splineFlow", { features, bins }, 2);
  checkSizes("splineFlow", { couplings });
  checkPositive("splineFlow", { tailBound });
  for (const [i, size] of hiddenSizes.entries()) checkSizes("splineFlow", { [`hiddenSizes[${i}]`]: size });
  const each = { rng, bins, tailBound, hiddenSizes };
  return new Flow(
    Array.from({ length: couplings }, (_, i) => new SplineCoupling(alternatingMask(features, i), each)),
  );
}
