import {
  type Buffer,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  type HasTorchLayout,
  init,
  initialized,
  isTraining,
  type Layer,
  linear,
  Module,
  type Parameter,
  type Rng,
  stateBuffer,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, mul, type Rank, type Tensor2D, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link NoisyLinear}. */
export interface NoisyLinearOptions {
  readonly rng: Rng;
  /** The deviation of the noise at first, times `√inFeatures`. Default: 0.5. */
  readonly stdInit?: number;
}

/**
 * A linear layer whose weights are drawn anew by `resetNoise`: `y = x (μ + σ ⊙ ε) + …`, with `ε = f(p) f(q)ᵀ` of two normal vectors and `f(x) = sign(x) √|x|`. It explores by how much it learned to doubt, in place
 * of random actions. In inference there is no noise.
 *
 * Fortunato et al., 2017, section 3.1, factorized noise. https://arxiv.org/abs/1706.10295
 */
export class NoisyLinear extends Module implements Layer<Tensor2D, Tensor2D>, HasTorchLayout {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** `[in, out]` */
  readonly weightMu: Parameter<Rank.R2>;
  readonly weightSigma: Parameter<Rank.R2>;
  readonly weightEpsilon: Buffer<Rank.R2>;
  /** `[out]` */
  readonly biasMu: Parameter<Rank.R1>;
  readonly biasSigma: Parameter<Rank.R1>;
  readonly biasEpsilon: Buffer<Rank.R1>;

  constructor(inFeatures: number, outFeatures: number, options: NoisyLinearOptions) {
    super();
    checkRng("NoisyLinear", options);
    checkOptions("NoisyLinear", options, ["rng", "stdInit"]);
    const { rng, stdInit = 0.5 } = options;
    checkSizes("NoisyLinear", { inFeatures, outFeatures });
    checkPositive("NoisyLinear", { stdInit });
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    const bound = 1 / Math.sqrt(inFeatures);
    this.weightMu = initialized([outFeatures, inFeatures], init.uniform(-bound, bound), rng, [1, 0]);
    this.weightSigma = initialized([inFeatures, outFeatures], init.constant(stdInit * bound), rng);
    this.biasMu = initialized([outFeatures], init.uniform(-bound, bound), rng);
    this.biasSigma = initialized([outFeatures], init.constant(stdInit / Math.sqrt(outFeatures)), rng);
    this.weightEpsilon = stateBuffer({
      data: new Float32Array(inFeatures * outFeatures),
      shape: [inFeatures, outFeatures],
    });
    this.biasEpsilon = stateBuffer({ data: new Float32Array(outFeatures), shape: [outFeatures] });
    this.resetNoise(rng);
  }

  get torchLayout(): TorchLayout {
    return { weightMu: { axes: [1, 0] }, weightSigma: { axes: [1, 0] }, weightEpsilon: { axes: [1, 0] } };
  }

  /** Draws the noise anew: that of the inputs, then that of the outputs. */
  resetNoise(rng: Rng): void {
    const [p, q] = [rng.randn([this.inFeatures]).data, rng.randn([this.outFeatures]).data].map((normal) =>
      normal.map((x) => Math.sign(x) * Math.sqrt(Math.abs(x))),
    ) as [Float32Array, Float32Array];
    const products = Float32Array.from(
      { length: p.length * q.length },
      (_, i) => (p[Math.floor(i / q.length)] ?? NaN) * (q[i % q.length] ?? NaN),
    );
    tidy(() => {
      this.weightEpsilon.assign(tensor2d(products, [p.length, q.length]) as Buffer<Rank.R2>);
      this.biasEpsilon.assign(tensor1d(q) as Buffer<Rank.R1>);
    });
  }

  /**
   * @param x `[batch, in]`
   * @returns `[batch, out]`
   */
  forward(x: Tensor2D): Tensor2D {
    checkShape("NoisyLinear", "x", x, ["batch", this.inFeatures]);
    const { weightMu, weightSigma, weightEpsilon, biasMu, biasSigma, biasEpsilon } = this;
    if (!isTraining(this)) return linear(x, weightMu, biasMu);
    return tidy(() =>
      linear(x, add(weightMu, mul(weightSigma, weightEpsilon)), add(biasMu, mul(biasSigma, biasEpsilon))),
    );
  }
}
