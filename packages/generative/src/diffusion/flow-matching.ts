import {
  checkArguments,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  gradient,
  Module,
  OptionError,
  type Rng,
  ShapeError,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  fill,
  mean,
  mul,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { createSampler } from "../sampler/create-sampler.ts";
import { checkOdeMethod, type OdeMethod, odeStep } from "../sampler/ode-step.ts";
import { EachExample } from "../sampler/each-example.ts";
import { randomTensor } from "../sampler/random-tensor.ts";
import type { ExactSampler } from "../sampler/sampler.ts";
import { combine } from "../sampler/solver-sampler.ts";
import { denoised } from "./denoised.ts";
import type { Condition, DenoisingNet } from "./denoising-net.ts";
import type { DiffusionLossOptions } from "./gaussian-diffusion.ts";

/** Options for {@link FlowMatching}. */
export interface FlowMatchingOptions {
  /** What the time, 0 to 1, is multiplied by for the network. Default: 1000, the range of time embeddings. */
  readonly timeScale?: number;
}

/** Changes a velocity before a sampler uses it. */
export type VelocityGuidance = (
  velocity: (x: Tensor, time: number) => Tensor,
) => (x: Tensor, time: number) => Tensor;

/** Options for {@link FlowMatching.sampler}. */
export interface FlowMatchingSamplerOptions {
  /** Default: 50. */
  readonly steps?: number;
  /** Default: `"midpoint"`. */
  readonly method?: OdeMethod;
  /** Default: none. */
  readonly condition?: Condition;
  /** Default: none. */
  readonly guidance?: VelocityGuidance;
}

/**
 * A network learns the velocity along straight lines from noise to examples, `x_t = (1 − t) ε + t x₁`, whose target is `x₁ − ε`; its differential equation
 * takes noise at time 0 to examples at time 1, and gives exact densities.
 *
 * Lipman et al., 2022. https://arxiv.org/abs/2210.02747. Liu et al., 2022: rectified flow, which trains anew on pairs of noise and what it was taken to
 * (`lossAt`), so that paths become straight. https://arxiv.org/abs/2209.03003
 */
export class FlowMatching extends Module {
  readonly model: DenoisingNet;
  readonly timeScale: number;

  constructor(model: DenoisingNet, options: FlowMatchingOptions = {}) {
    super();
    checkOptions("FlowMatching", options, ["timeScale"]);
    const { timeScale = 1000 } = options;
    checkPositive("FlowMatching", { timeScale });
    this.model = model;
    this.timeScale = timeScale;
  }

  /**
   * The velocity at a time.
   *
   * @param x `[batch, ...]`
   * @param time 0 for noise to 1 for examples
   */
  velocity(x: Tensor, time: number, condition: Condition = {}): Tensor {
    return tidy(() => {
      const times = fill([sizeAlong(x, 0)], time * this.timeScale) as Tensor1D;
      return denoised(this.model, { ...condition, x, time: times });
    });
  }

  /**
   * The loss of a batch at random times, drawn before the noise. Call it within `trainStep`.
   *
   * @param x1 examples, `[batch, ...]`
   * @returns one number
   */
  loss(x1: Tensor, options: DiffusionLossOptions): Tensor {
    checkRng("FlowMatching.loss", options);
    checkOptions("FlowMatching.loss", options, ["rng", "condition"]);
    const { rng, condition } = options;
    return tidy(() => {
      const times = EachExample.draw(() => rng.rand([x1.shape[0] ?? 0]).data);
      return this.#lossOf(x1, times, randomTensor(x1.shape, rng), condition);
    });
  }

  /**
   * The loss for given times and noise: the noise that an example came from, for a rectified flow.
   *
   * @param noise the shape of `x1`
   */
  lossAt(x1: Tensor, times: readonly number[], noise: Tensor, condition: Condition = {}): Tensor {
    checkShape("FlowMatching", "noise", noise, x1.shape);
    if (times.length !== x1.shape[0])
      throw new OptionError(
        "FlowMatching",
        "times",
        `${times.length} numbers`,
        `one for each of ${x1.shape[0]} examples`,
      );
    return tidy(() => this.#lossOf(x1, EachExample.of(times), noise, condition));
  }

  /** Makes examples from noise; it also has their exact density. Its estimate of the example follows the velocity to the end. */
  sampler(options: FlowMatchingSamplerOptions = {}): ExactSampler {
    checkOptions("FlowMatching.sampler", options, ["steps", "method", "condition", "guidance"]);
    const { steps = 50, method = "midpoint", condition, guidance = (same) => same } = options;
    checkSizes("FlowMatching.sampler", { steps });
    checkOdeMethod("FlowMatching.sampler", method);
    const velocity = guidance((x, time) => this.velocity(x, time, condition));
    const times = Array.from({ length: steps + 1 }, (_, i) => i / steps);
    const sampler = createSampler({
      caller: "FlowMatching.sampler",
      times,
      step: ({ step, x }) => {
        const [from, to] = [times[step], times[step + 1]] as [number, number];
        const first = velocity(x, from);
        const field = (y: Tensor, time: number) => (y === x && time === from ? first : velocity(y, time));
        return { x: odeStep(method, field, combine, x, from, to), x0: combine([1, x], [1 - from, first]) };
      },
    });
    return { ...sampler, logProb: (x) => this.logProb(x, { ...options }) };
  }

  /**
   * The logarithm of the density of examples: that of the noise which they come from, less the integral of the velocity's divergence, whose trace is computed
   * exactly, by one gradient per dimension.
   *
   * Chen et al., 2018, theorem 1. https://arxiv.org/abs/1806.07366
   *
   * @param x `[batch, ...]`
   * @returns `[batch]`
   */
  logProb(x: Tensor, options: FlowMatchingSamplerOptions = {}): Tensor1D {
    const { steps = 50, method = "midpoint", condition, guidance = (same) => same } = options;
    const velocity = guidance((y, time) => this.velocity(y, time, condition));
    const batch = sizeAlong(x, 0);
    type State = readonly [y: Tensor, divergence: Tensor];
    const field = ([y]: State, time: number): State => [
      velocity(y, time),
      divergence((z) => velocity(z, time), y),
    ];
    const sumOf = (...terms: readonly (readonly [number, State])[]): State => [
      combine(...terms.map(([weight, [y]]) => [weight, y] as const)),
      combine(...terms.map(([weight, [, d]]) => [weight, d] as const)),
    ];
    return tidy(() => {
      let state: State = [x, zeros([batch])];
      for (let i = steps; i > 0; i--)
        state = odeStep(method, field, sumOf, state, i / steps, (i - 1) / steps);
      const [noise, back] = state;
      const dimensions = x.size / batch;
      const squares = sum(reshape(square(noise), [batch, -1]), 1); // [batch]
      const logNoise = sub(mul(squares, -0.5), (dimensions / 2) * Math.log(2 * Math.PI));
      return add(logNoise, back) as Tensor1D; // backward, the integral has the other sign
    });
  }

  #lossOf(x1: Tensor, times: EachExample, noise: Tensor, condition: Condition = {}): Tensor {
    const way = sub(x1, noise);
    const x = add(noise, mul(times.tensor(x1.rank), way));
    const time = times.map((value) => value * this.timeScale).tensor() as Tensor1D;
    const velocity = denoised(this.model, { ...condition, x, time });
    checkShape("FlowMatching", "the network's output", velocity, x1.shape);
    return mean(square(sub(velocity, way)));
  }

  /** How far the paths are from straight lines: the mean squared difference of the velocity and the whole way; 0 for a perfectly rectified flow. */
  straightness(rng: Rng, shape: readonly number[], options: FlowMatchingSamplerOptions = {}): number {
    checkRng("FlowMatching.straightness", { rng });
    const { steps = 50, method = "midpoint", condition } = options;
    const field = (y: Tensor, time: number) => this.velocity(y, time, condition);
    const total = tidy(() => {
      const start = randomTensor(shape, rng);
      const velocities: Tensor[] = [];
      let x = start;
      for (let i = 0; i < steps; i++) {
        velocities.push(field(x, i / steps));
        x = odeStep(method, field, combine, x, i / steps, (i + 1) / steps);
      }
      const way = sub(x, start);
      return mean(tensorOfMeans(velocities.map((v) => mean(square(sub(v, way))))));
    });
    const [value] = total.dataSync();
    total.dispose();
    return value as number;
  }
}

/**
 * The trace of the Jacobian of a map from examples to examples, each example for itself: one gradient per dimension.
 *
 * @param x `[batch, ...]`
 * @returns `[batch]`
 * @throws {StructError} For a map that is not a function, or what is not a tensor.
 * @throws {ShapeError} Without an example.
 */
export function divergence(map: (x: Tensor) => Tensor, x: Tensor): Tensor {
  checkArguments("divergence", { function: { map }, tensor: { x } });
  if (x.size === 0)
    throw new ShapeError(
      `divergence: x is [${x.shape.join(", ")}], expected [batch, ...] with one example or more.`,
    );
  const batch = sizeAlong(x, 0);
  const dimensions = x.size / batch;
  const axis = (k: number): Tensor =>
    tensor(
      Float32Array.from({ length: x.size }, (_, i) => (i % dimensions === k ? 1 : 0)),
      x.shape,
    );
  return tidy(() => {
    const parts = Array.from({ length: dimensions }, (_, k) => {
      const unit = axis(k);
      return mul(gradient((y: Tensor) => sum(mul(map(y), unit)))(x), unit);
    });
    const diagonal = parts.reduce((total, part) => add(total, part)); // [batch, ...]
    return sum(reshape(diagonal, [batch, dimensions]), 1);
  });
}

const tensorOfMeans = (values: readonly Tensor[]): Tensor =>
  mul(
    values.reduce((total, value) => add(total, value)),
    1 / values.length,
  );
