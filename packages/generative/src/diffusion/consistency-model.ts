import {
  checkOptions,
  checkPositive,
  checkRng,
  detach,
  type Layer,
  Module,
  noGrad,
  OptionError,
  type Rng,
  sizeAlong,
} from "@pellucid/core-train";
import { add, div, mean, mul, square, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { createSampler } from "../sampler/create-sampler.ts";
import type { NoiseLevel } from "../sampler/noise-level.ts";
import { EachExample } from "../sampler/each-example.ts";
import { randomTensor } from "../sampler/random-tensor.ts";
import type { Sampler } from "../sampler/sampler.ts";
import { type EdmDiffusion, preconditioned } from "./edm-diffusion.ts";
import type { Condition, DenoisingNet } from "./denoising-net.ts";
import { consistencyPreconditioning, edmPreconditioning, karrasLevel } from "./karras.ts";

/** Options for {@link ConsistencyModel}. */
export interface ConsistencyModelOptions {
  /** The standard deviation of the examples. Default: 0.5. */
  readonly sigmaData?: number;
  /** The lowest noise level, at which an example is its own estimate. Default: 0.002. */
  readonly sigmaMin?: number;
}

/** Options for {@link ConsistencyModel.loss}. */
export interface DistillationOptions {
  /** Random generator: of the levels, then of the noise. */
  readonly rng: Rng;
  /** The trained diffusion model. */
  readonly teacher: EdmDiffusion;
  /** Noise levels from high to low, such as those of `karrasLevels(18)`; a last 0 is left out. */
  readonly levels: readonly NoiseLevel[];
  /** The average of the network's weights, such as `AveragedModel` of it. Default: the network itself. */
  readonly target?: Layer<never, Tensor>;
  /** Default: none. */
  readonly condition?: Condition;
}

/** Options for {@link ConsistencyModel.sampler}. */
export interface ConsistencySamplerOptions {
  /** The noise levels, falling: one makes examples in one pass. Default: 80. */
  readonly sigmas?: readonly number[];
  /** Default: none. */
  readonly condition?: Condition;
}

/**
 * A network that goes from any noise level to the clean example at once, because it gives the same for all points of a path: distilled from a diffusion model,
 * whose paths are followed by one Heun step at a time.
 *
 * Song et al., 2023. https://arxiv.org/abs/2303.01469
 */
export class ConsistencyModel extends Module {
  readonly net: DenoisingNet;
  readonly sigmaData: number;
  readonly sigmaMin: number;

  constructor(net: DenoisingNet, options: ConsistencyModelOptions = {}) {
    super();
    checkOptions("ConsistencyModel", options, ["sigmaData", "sigmaMin"]);
    const { sigmaData = 0.5, sigmaMin = 0.002 } = options;
    checkPositive("ConsistencyModel", { sigmaData, sigmaMin });
    this.net = net;
    this.sigmaData = sigmaData;
    this.sigmaMin = sigmaMin;
  }

  /**
   * The end of the path through each example.
   *
   * @param x `[batch, ...]`
   * @param sigmas the noise level of each example
   */
  estimate(x: Tensor, sigmas: readonly number[], condition: Condition = {}): Tensor {
    return this.#through(this.net, x, EachExample.of(sigmas), condition);
  }

  /**
   * How far the network's estimate from a noisy example is from the target's estimate one step of the teacher further down. Algorithm 2.
   *
   * @param x0 `[batch, ...]`
   * @returns one number
   */
  loss(x0: Tensor, options: DistillationOptions): Tensor {
    checkRng("ConsistencyModel.loss", options);
    checkOptions("ConsistencyModel.loss", options, ["rng", "teacher", "levels", "target", "condition"]);
    const { rng, teacher, target = this.net, condition = {} } = options;
    const sigmas = options.levels.map(({ sigma }) => sigma).filter((sigma) => sigma > 0);
    if (sigmas.length < 2)
      throw new OptionError("ConsistencyModel.loss", "levels", sigmas.length, "two levels or more");
    return tidy(() => {
      const chosen = EachExample.draw(() => rng.randint(0, sigmas.length - 1, [x0.shape[0] ?? 0]).data);
      const high = chosen.map((n) => sigmas[n] ?? NaN);
      const low = chosen.map((n) => sigmas[n + 1] ?? NaN);
      const way = chosen.map((n) => (sigmas[n + 1] ?? NaN) - (sigmas[n] ?? NaN));
      const noisy = add(x0, mul(randomTensor(x0.shape, rng), high.tensor(x0.rank)));
      const goal = detach(
        noGrad(() => {
          const later = heunStep(teacher, noisy, { high, low, way }, condition);
          return this.#through(target, later, low, condition);
        }),
      );
      return mean(square(sub(this.#through(this.net, noisy, high, condition), goal)));
    });
  }

  /** Makes examples from noise: one pass per noise level, with noise added in between. Algorithm 1. */
  sampler(options: ConsistencySamplerOptions = {}): Sampler {
    checkOptions("ConsistencyModel.sampler", options, ["sigmas", "condition"]);
    const { sigmas = [80], condition } = options;
    for (const [i, sigma] of sigmas.entries())
      if (!(sigma > this.sigmaMin && sigma < (sigmas[i - 1] ?? Infinity)))
        throw new OptionError(
          "ConsistencyModel.sampler",
          `sigmas[${i}]`,
          sigma,
          `falling numbers above ${this.sigmaMin}`,
        );
    return createSampler({
      caller: "ConsistencyModel.sampler",
      times: [...sigmas, 0].map((sigma) => karrasLevel(sigma).time),
      start: (shape, rng) => mul(randomTensor(shape, rng), sigmas[0] ?? 1),
      step: ({ step, x, rng }) => {
        const sigma = sigmas[step] ?? NaN;
        const added = Math.sqrt(Math.max(0, sigma ** 2 - this.sigmaMin ** 2));
        const noisy = step === 0 ? x : add(x, mul(randomTensor(x.shape, rng), added));
        const x0 = this.estimate(noisy, new Array<number>(sizeAlong(x, 0)).fill(sigma), condition);
        return { x: x0, x0 };
      },
    });
  }

  #through(net: Layer<never, Tensor>, x: Tensor, sigmas: EachExample, condition: Condition): Tensor {
    const scale = (sigma: number) => consistencyPreconditioning(sigma, this.sigmaData, this.sigmaMin);
    return tidy(() => preconditioned(net as DenoisingNet, x, sigmas, scale, condition));
  }
}

/** One step down the teacher's path, by Heun's method. */
function heunStep(
  teacher: EdmDiffusion,
  x: Tensor,
  { high, low, way }: { readonly high: EachExample; readonly low: EachExample; readonly way: EachExample },
  condition: Condition,
): Tensor {
  const scale = (sigma: number) => edmPreconditioning(sigma, teacher.sigmaData);
  const derivative = (y: Tensor, sigmas: EachExample): Tensor =>
    div(sub(y, preconditioned(teacher.net, y, sigmas, scale, condition)), sigmas.tensor(y.rank));
  const step = way.tensor(x.rank);
  const first = derivative(x, high);
  const second = derivative(add(x, mul(first, step)), low);
  return add(x, mul(add(first, second), mul(step, 0.5)));
}
