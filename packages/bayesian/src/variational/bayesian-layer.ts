import {
  checkArguments,
  checkOptions,
  checkRng,
  type HasTorchLayout,
  init,
  initialized,
  isTraining,
  Module,
  type Parameter,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, type Rank, type Scalar, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { type Estimator, localReparameterization, meanAndVarianceOf, type Variational } from "./estimator.ts";
import { gaussianKlSum } from "./gaussian-kl-sum.ts";
import { checkPrior, type Prior } from "./prior.ts";
import { stdOf } from "./softplus-std.ts";

/** Options for {@link BayesianLinear} and {@link BayesianConv2d}. */
export interface BayesianOptions {
  /** Draws the initial parameters, and the noise. */
  readonly rng: Rng;
  /** Whether to add a bias, which is a distribution too. Default: true. */
  readonly bias?: boolean;
  /** Of every weight and bias. Default: `N(0, 0.1²)`. */
  readonly prior?: Prior;
  /** How the output is drawn. Default: {@link localReparameterization}. */
  readonly estimator?: Estimator;
}

/**
 * A linear map whose weights and biases are normal distributions: `μ` and `ρ` are the parameters, and `σ = softplus(ρ)`. In training, and within {@link sampling}, outputs are drawn;
 * in inference the means are the weights. Names of PyTorch-BayesianCNN: `W_mu`, `W_rho`, `bias_mu`, `bias_rho`, with `μ ~ N(0, 0.1²)` and `ρ ~ N(−3, 0.1²)` at first.
 */
export abstract class BayesianLayer<W extends Rank = Rank> extends Module implements HasTorchLayout {
  readonly wMu: Parameter<W>;
  readonly wRho: Parameter<W>;
  readonly biasMu: Parameter<Rank.R1> | null;
  readonly biasRho: Parameter<Rank.R1> | null;
  readonly prior: Required<Prior>;
  readonly #estimator: Estimator;
  readonly #rng: Rng;
  readonly #axes: readonly number[];

  /**
   * @param theirs the shape of the weight in PyTorch
   * @param axes axis `i` of our weight is axis `axes[i]` of PyTorch's
   */
  constructor(
    theirs: readonly [out: number, ...rest: number[]],
    axes: readonly number[],
    options: BayesianOptions,
  ) {
    super();
    checkArguments(new.target.name, { numbers: { theirs, axes }, record: { options } });
    checkBayesian(new.target.name, options);
    const { rng, bias = true, prior, estimator = localReparameterization } = options;
    this.prior = checkPrior(new.target.name, prior);
    this.#estimator = estimator;
    this.#rng = rng;
    this.#axes = axes;
    const [means, rhos] = [init.normal(0, 0.1), init.normal(-3, 0.1)];
    this.wMu = initialized<W>(theirs, means, rng, axes);
    this.wRho = initialized<W>(theirs, rhos, rng, axes);
    this.biasMu = bias ? initialized<Rank.R1>([theirs[0]], means, rng) : null;
    this.biasRho = bias ? initialized<Rank.R1>([theirs[0]], rhos, rng) : null;
  }

  get torchLayout(): TorchLayout {
    return { wMu: { name: "W_mu", axes: this.#axes }, wRho: { name: "W_rho", axes: this.#axes } };
  }

  /** The linear map, of an input that has been checked. */
  protected abstract apply(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor;

  /** `KL(q‖p)` of all weights and biases, summed. */
  kl(): Scalar {
    return tidy(() => {
      const ofWeights = gaussianKlSum(this.wMu, this.wRho, this.prior);
      if (this.biasMu === null || this.biasRho === null) return ofWeights;
      return add<Scalar>(ofWeights, gaussianKlSum(this.biasMu, this.biasRho, this.prior));
    });
  }

  /** The output, drawn in training, of the means in inference. */
  protected run<Y extends Tensor>(x: Tensor): Y {
    return tidy(() => {
      if (!isTraining(this)) return this.apply(x, this.wMu, this.biasMu);
      return this.#estimator(x, this.#variational());
    }) as Y;
  }

  /** Mean and variance of the output over the weights. */
  protected distribution<Y extends Tensor>(x: Tensor): { readonly mean: Y; readonly variance: Y } {
    return tidy(() => meanAndVarianceOf(x, this.#variational())) as { mean: Y; variance: Y };
  }

  #variational(): Variational {
    const { wMu, wRho, biasMu, biasRho } = this;
    return {
      rng: this.#rng,
      axes: this.#axes,
      apply: (x, weight, bias) => this.apply(x, weight, bias),
      weight: { mean: wMu, std: stdOf(wRho) },
      bias: biasMu === null || biasRho === null ? null : { mean: biasMu, std: stdOf(biasRho) },
    };
  }
}

/** Checks what every Bayesian layer takes, before anything is drawn. */
export function checkBayesian(caller: string, options: BayesianOptions): void {
  checkRng(caller, options);
  checkOptions(caller, options, ["rng", "bias", "prior", "estimator"]);
  checkPrior(caller, options.prior);
}
