import {
  checkNotNegative,
  checkOptions,
  checkRng,
  checkSizes,
  DataError,
  type Module,
  type Parameter,
  type Rng,
  trainable,
  withWeights,
} from "@pellucid/core-train";
import { dispose, tensor, tidy, type Tensor } from "@tensorflow/tfjs-core";

/** Options for {@link Swag}. */
export interface SwagOptions {
  /** Draws weights. */
  readonly rng: Rng;
  /** How many of the last deviations from the mean are kept. Default: 20. */
  readonly maxRank?: number;
  /** What the covariance is multiplied with. Default: 1. */
  readonly scale?: number;
}

/**
 * A normal distribution of weights from the weights that stochastic gradient descent goes through: their mean, their variances, and the last deviations as a covariance of low rank.
 * `θ = mean + √scale (√variance ⊙ z₁ / √2 + D z₂ / √(2 (K − 1)))`.
 *
 * ```ts
 * const swag = new Swag(model, { rng });
 * for (…) { await trainStep(…); if (step > half && step % 10 === 0) await swag.collect(); }
 * const outputs = Array.from({ length: 30 }, () => swag.sample(() => model.forward(x)));
 * ```
 *
 * Maddox et al., 2019. https://arxiv.org/abs/1902.02476
 */
export class Swag {
  readonly #model: Module;
  readonly #options: Required<SwagOptions>;
  /** By path: the running means of weights and of their squares, in 64 bits. */
  readonly #means = new Map<
    string,
    { mean: Float64Array; square: Float64Array; deviations: Float64Array[] }
  >();
  #count = 0;

  constructor(model: Module, options: SwagOptions) {
    checkRng("Swag", options);
    checkOptions("Swag", options, ["rng", "maxRank", "scale"]);
    const { rng, maxRank = 20, scale = 1 } = options;
    checkSizes("Swag", { maxRank }, 2);
    checkNotNegative("Swag", { scale });
    this.#model = model;
    this.#options = { rng, maxRank, scale };
  }

  /** How many times weights were collected. */
  get count(): number {
    return this.#count;
  }

  /** Notes the present weights of the model. */
  async collect(): Promise<void> {
    const parameters = Object.entries(trainable(this.#model));
    const values = await Promise.all(parameters.map(([, parameter]) => parameter.data()));
    parameters.forEach(([path], p) => {
      const now = Float64Array.from(values[p] as ArrayLike<number>);
      const { mean, square, deviations } = this.#means.get(path) ?? {
        mean: new Float64Array(now.length),
        square: new Float64Array(now.length),
        deviations: [],
      };
      const mix = (before: Float64Array, f: (x: number) => number) =>
        before.map((each, i) => (each * this.#count + f(now[i] ?? NaN)) / (this.#count + 1));
      const next = mix(mean, (x) => x);
      const deviation = now.map((x, i) => x - (next[i] ?? NaN));
      this.#means.set(path, {
        mean: next,
        square: mix(square, (x) => x * x),
        deviations: [...deviations, deviation].slice(-this.#options.maxRank),
      });
    });
    this.#count++;
  }

  /** Mean and variance of each weight, by path. */
  distribution(): Readonly<Record<string, { readonly mean: Float64Array; readonly variance: Float64Array }>> {
    return Object.fromEntries(
      [...this.#means].map(([path, { mean, square }]) => [
        path,
        { mean, variance: square.map((x, i) => Math.max(x - (mean[i] ?? NaN) ** 2, 0)) },
      ]),
    );
  }

  /**
   * Runs `body` while the model has weights that are drawn.
   *
   * @throws DataError before two collections
   */
  sample<T>(body: () => T): T {
    if (this.#count < 2)
      throw new DataError(`Swag: weights were collected ${this.#count} times, expected twice or more.`);
    const weights = this.#draw();
    try {
      return withWeights(this.#model, weights, body);
    } finally {
      dispose(Object.values(weights));
    }
  }

  #draw(): Readonly<Record<string, Tensor>> {
    const { rng, scale } = this.#options;
    const fitted = this.distribution();
    const rank = Math.min(this.#count, this.#options.maxRank);
    const shared = rng.randn([rank]).data; // one z₂ for all weights: they vary together
    const parameters: Readonly<Record<string, Parameter>> = trainable(this.#model);
    return tidy(() =>
      Object.fromEntries(
        [...this.#means].map(([path, { deviations }]) => {
          const { mean, variance } = fitted[path] as { mean: Float64Array; variance: Float64Array };
          const own = rng.randn([mean.length]).data;
          const drawn = Float32Array.from(mean, (center, i) => {
            const low = deviations.reduce(
              (sum, deviation, k) => sum + (deviation[i] ?? NaN) * (shared[k] ?? NaN),
              0,
            );
            const spread =
              (Math.sqrt(variance[i] ?? NaN) * (own[i] ?? NaN)) / Math.SQRT2 +
              low / Math.sqrt(2 * (rank - 1));
            return center + Math.sqrt(scale) * spread;
          });
          return [path, tensor(drawn, (parameters[path] as Parameter).shape)];
        }),
      ),
    );
  }
}
