import { checkArguments, checkOptions, checkShape, checkSizes } from "@pellucid/core-train";
import { add, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { forwardVariance } from "../sampler/bridge-deviation.ts";
import { createSampler } from "../sampler/create-sampler.ts";
import { ddpm } from "../sampler/ddpm.ts";
import type { NoiseLevel } from "../sampler/noise-level.ts";
import { randomTensor } from "../sampler/random-tensor.ts";
import type { Sampler } from "../sampler/sampler.ts";
import type { Solver } from "../sampler/solver.ts";
import { combine, type Denoiser } from "../sampler/solver-sampler.ts";

/** Options for {@link repaint}. */
export interface RepaintOptions {
  /** The noise levels from the first to the last. */
  readonly levels: readonly NoiseLevel[];
  /** The examples whose known part stays, `[batch, ...]`. */
  readonly known: Tensor;
  /** 1 where they are known, 0 where not; broadcast to their shape. */
  readonly mask: Tensor;
  /** How often each step is taken, with noise in between, so that both parts fit together. Default: 10. */
  readonly resamples?: number;
  /** Default: {@link ddpm}. */
  readonly solver?: Solver;
}

/**
 * Inpainting with a model that was not trained for it: after each step the known part is replaced by the known examples with the noise of that level; then noise
 * is added again and the step repeated.
 *
 * Lugmayr et al., 2022, algorithm 1. https://arxiv.org/abs/2201.09865
 *
 * ```ts
 * const sampler = repaint(diffusion.denoiser(), { levels: diffusion.levels(50), known: images, mask });
 * ```
 *
 * @throws {StructError} For a denoiser or solver that is not a function, levels that are none, or what is not a tensor.
 * @throws {OptionError} For a wrong option.
 */
export function repaint(denoiser: Denoiser, options: RepaintOptions): Sampler {
  checkOptions("repaint", options, ["levels", "known", "mask", "resamples", "solver"]);
  const { levels, known, mask, resamples = 10, solver = ddpm() } = options;
  checkArguments("repaint", {
    function: { denoiser, solver },
    "{ alpha, sigma, time }+": { levels },
    tensor: { known, mask },
  });
  checkSizes("repaint", { resamples });
  return createSampler({
    caller: "repaint",
    times: levels.map(({ time }) => time),
    start: (shape, rng) => {
      checkShape("repaint", "known", known, [...shape]);
      return mul(randomTensor(shape, rng), levels[0]?.sigma ?? 1);
    },
    step: ({ step, x, rng }) => {
      const [from, to] = [levels[step], levels[step + 1]] as [NoiseLevel, NoiseLevel];
      const noise = () => randomTensor(x.shape, rng);
      const isLast = step === levels.length - 2;
      const shared = {
        from,
        to,
        steps: levels.length - 1,
        isLast,
        previous: null,
        denoise: denoiser,
        noise,
        combine,
      };
      const take = (before: Tensor) => {
        const { x: unknown, x0 } = solver<Tensor>({ ...shared, x: before });
        const noisy = to.sigma === 0 ? known : combine([to.alpha, known], [to.sigma, noise()]);
        return { x: add(unknown, mul(mask, sub(noisy, unknown))), x0 };
      };
      const again = Math.sqrt(forwardVariance(from, to));
      let result = take(x);
      for (let k = 1; k < resamples && !isLast; k++)
        result = take(combine([from.alpha / to.alpha, result.x], [again, noise()]));
      return result;
    },
  });
}
