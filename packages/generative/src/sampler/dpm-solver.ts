import { checkChoice, checkOptions, OptionError } from "@pellucid/core-train";
import type { NoiseLevel } from "./noise-level.ts";
import type { Solver } from "./solver.ts";

/** Options for {@link dpmSolver}. */
export interface DpmSolverOptions {
  /** 1 takes the steps of {@link ddim}; 2 extrapolates from the estimate of the previous step. Default: 2. */
  readonly order?: 1 | 2;
  /** Whether the last step is of order 1, which few steps need. Default: true. */
  readonly lowerOrderFinal?: boolean;
}

/**
 * DPM-Solver++ (2M): a multistep solver in `λ = log(α / σ)`, whose linear part is exact. The first step is of order 1.
 *
 *     x ← (σ′ / σ) x − α′ (e^−h − 1) ((1 + 1 / 2r) x₀ − (1 / 2r) x₀ of the previous step),   h = λ′ − λ,   r = h of the previous step / h
 *
 * Lu et al., 2022, algorithm 2. https://arxiv.org/abs/2211.01095
 */
export function dpmSolver(options: DpmSolverOptions = {}): Solver {
  checkOptions("dpmSolver", options, ["order", "lowerOrderFinal"]);
  const { order = 2, lowerOrderFinal = true } = options;
  checkChoice("dpmSolver", "order", order, [1, 2]);
  checkChoice("dpmSolver", "lowerOrderFinal", lowerOrderFinal, [true, false]);
  return ({ x, from, to, isLast, previous, denoise, combine }) => {
    if (to.sigma === from.sigma && to.alpha === from.alpha)
      throw new OptionError("dpmSolver", "levels", `${from.sigma} twice`, "noise levels that differ");
    const { x0 } = denoise(x, from);
    if (to.sigma === 0) return { x: combine([to.alpha, x0]), x0 };
    const h = lambda(to) - lambda(from);
    const ofX0 = to.alpha - from.alpha * (to.sigma / from.sigma); // −α′ (e^−h − 1), also where λ is −∞
    const along = to.sigma / from.sigma;
    const isFirstOrder = order === 1 || previous === null || (isLast && lowerOrderFinal);
    const last = previous === null ? 0 : lambda(from) - lambda(previous.from);
    if (isFirstOrder || !Number.isFinite(last)) return { x: combine([along, x], [ofX0, x0]), x0 };
    const share = h / (2 * last); // 1 / 2r
    return {
      x: combine([along, x], [ofX0 * (1 + share), x0], [-ofX0 * share, previous.x0]),
      x0,
    };
  };
}

const lambda = ({ alpha, sigma }: NoiseLevel): number => Math.log(alpha) - Math.log(sigma);
