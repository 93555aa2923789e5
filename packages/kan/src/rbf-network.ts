import {
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialized,
  type Layer,
  Linear,
  matMul,
  Module,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import {
  add,
  exp,
  mul,
  neg,
  type Rank,
  reciprocal,
  square,
  sub,
  sum,
  type Tensor2D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";

/** Options for {@link RBFNetwork}. */
export interface RBFNetworkOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The first width of every function. Default: 1. */
  readonly width?: number;
}

/**
 * A network of radial basis functions: the hidden layer says how near an input is to each center, the output layer is linear.
 *
 *     y = Linear(exp(−‖x − centers[c]‖² / widths[c]²))
 *
 * Broomhead and Lowe, 1988. Radial basis functions, multi-variable functional interpolation and adaptive networks.
 *
 * Centers are drawn from `N(0, 1)`; assign others, such as the means that k-means finds. All is trained by gradients.
 */
export class RBFNetwork extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly inFeatures: number;
  /** `[center, in]` */
  readonly centers: Parameter<Rank.R2>;
  /** `[center]` */
  readonly widths: Parameter<Rank.R1>;
  readonly linear: Linear;

  constructor(inFeatures: number, centers: number, outFeatures: number, options: RBFNetworkOptions) {
    super();
    checkRng("RBFNetwork", options);
    checkOptions("RBFNetwork", options, ["rng", "width"]);
    const { rng, width = 1 } = options;
    checkSizes("RBFNetwork", { inFeatures, centers, outFeatures });
    checkPositive("RBFNetwork", { width });
    this.inFeatures = inFeatures;
    this.centers = initialized([centers, inFeatures], init.normal(), rng);
    this.widths = initialized([centers], (shape) => ({ data: new Float32Array(centers).fill(width), shape }));
    this.linear = new Linear(centers, outFeatures, { rng });
  }

  /**
   * How near each input is to each center, 0 to 1.
   *
   * @param x `[batch, in]`
   * @returns `[batch, center]`
   */
  hidden(x: Tensor2D): Tensor2D {
    checkShape(`RBFNetwork(${this.inFeatures})`, "x", x, ["batch", this.inFeatures]);
    const { centers, widths } = this;
    return tidy(() => {
      const products = matMul(x, transpose<Tensor2D>(centers)); // [batch, center]
      const lengths = add(sum(square(x), 1, true), sum(square(centers), 1)); // [batch, center]
      const distances = sub(lengths, mul(2, products));
      return exp(neg(mul(distances, square(reciprocal(widths))))) as Tensor2D;
    });
  }

  /**
   * @param x `[batch, in]`
   * @returns `[batch, out]`
   */
  forward(x: Tensor2D): Tensor2D {
    return tidy(() => this.linear.forward(this.hidden(x)));
  }
}
