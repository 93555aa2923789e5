import { checkArguments, checkOptions, OptionError } from "@pellucid/core-train";
import { add, mul, type Tensor } from "@tensorflow/tfjs-core";
import { createSampler } from "./create-sampler.ts";
import type { NoiseLevel } from "./noise-level.ts";
import { randomTensor } from "./random-tensor.ts";
import type { Sampler } from "./sampler.ts";
import type { Denoised, Solver } from "./solver.ts";

/** Estimates the clean examples from noisy ones, all of one noise level. */
export type Denoiser = (x: Tensor, level: NoiseLevel) => Denoised<Tensor>;

/** Options for {@link solverSampler}. */
export interface SolverSamplerOptions {
  /** The noise levels from the first to the last: one more than steps. */
  readonly levels: readonly NoiseLevel[];
  readonly solver: Solver;
}

/**
 * A {@link Sampler} that takes noise to examples by a {@link Solver}, with any estimate of the clean example: a network's, or a formula's.
 *
 * ```ts
 * const sampler = solverSampler((x, { sigma }) => ({ x0: denoise(x, sigma) }), { levels: karrasLevels(18), solver: heun() });
 * ```
 *
 * @throws {StructError} For a denoiser or solver that is not a function, or levels that are none.
 * @throws {OptionError} For a level of 0 before the last.
 */
export function solverSampler(denoiser: Denoiser, options: SolverSamplerOptions): Sampler {
  checkOptions("solverSampler", options, ["levels", "solver"]);
  const { levels, solver } = options;
  checkArguments("solverSampler", { function: { denoiser, solver }, "{ alpha, sigma, time }+": { levels } });
  const wrong = levels.findIndex(({ sigma }, i) => !(sigma >= 0) || (sigma === 0 && i < levels.length - 1));
  if (wrong !== -1)
    throw new OptionError(
      "solverSampler",
      `levels[${wrong}]`,
      levels[wrong]?.sigma,
      "above 0 before the last level",
    );
  return createSampler({
    caller: "sample",
    times: levels.map(({ time }) => time),
    start: (shape, rng) => mul(randomTensor(shape, rng), levels[0]?.sigma ?? 1),
    step: ({ step, x, x0, rng }) =>
      solver<Tensor>({
        x,
        from: levels[step] as NoiseLevel,
        to: levels[step + 1] as NoiseLevel,
        steps: levels.length - 1,
        isLast: step === levels.length - 2,
        previous: x0 === null ? null : { x0, from: levels[step - 1] as NoiseLevel },
        denoise: denoiser,
        noise: () => randomTensor(x.shape, rng),
        combine,
      }),
  });
}

/** The sum of tensors times their weights; those of weight 0 are left out. */
export function combine(...terms: readonly (readonly [weight: number, value: Tensor])[]): Tensor {
  const used = terms.filter(([weight], i) => weight !== 0 || (i === 0 && terms.every(([w]) => w === 0)));
  return used
    .map(([weight, value]) => (weight === 1 ? value : mul(value, weight)))
    .reduce((total, term) => add(total, term));
}
