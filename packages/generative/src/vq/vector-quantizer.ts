import {
  checkNotNegative,
  checkOptions,
  checkRng,
  checkSizes,
  init,
  initialized,
  type Initializer,
  type Layer,
  Module,
  type Parameter,
  type Rng,
  tidyLeaves,
} from "@pellucid/core-train";
import { add, mul, type Rank, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import { type Quantized, vectorQuantize } from "./vector-quantize.ts";

/** Options for {@link VectorQuantizer}. */
export interface VectorQuantizerOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How much the commitment counts: the distance that pulls vectors towards their codes. Default: 0.25. */
  readonly beta?: number;
}

/** What a quantizer returns: the codes, and what training adds to the loss. */
export interface QuantizerOutput extends Quantized {
  readonly loss: Scalar;
}

/**
 * A codebook that is trained by gradients: `loss = codebookLoss + beta · commitmentLoss`. See {@link vectorQuantize}.
 *
 * van den Oord, Vinyals and Kavukcuoglu, 2017, eq. 3. https://arxiv.org/abs/1711.00937. The codes start uniform within `± 1 / numCodes`, as
 * an `nn.Embedding` whose weight is drawn twice: by itself, then by `uniform_`.
 */
export class VectorQuantizer extends Module implements Layer<Tensor, QuantizerOutput> {
  /** `[code, feature]` */
  readonly codebook: Parameter<Rank.R2>;
  readonly beta: number;

  constructor(numCodes: number, features: number, options: VectorQuantizerOptions) {
    super();
    checkRng("VectorQuantizer", options);
    checkOptions("VectorQuantizer", options, ["rng", "beta"]);
    const { rng, beta = 0.25 } = options;
    checkSizes("VectorQuantizer", { numCodes, features });
    checkNotNegative("VectorQuantizer", { beta });
    const evenly: Initializer = (shape, generator) => {
      generator.skipNormal(shape);
      return init.uniform(-1 / numCodes, 1 / numCodes)(shape, generator);
    };
    this.codebook = initialized([numCodes, features], evenly, rng);
    this.beta = beta;
  }

  /**
   * @param z `[…, feature]`
   * @returns codes of the shape of `z`, and the loss
   */
  forward(z: Tensor): QuantizerOutput {
    return tidyLeaves(() => {
      const found = vectorQuantize(z, this.codebook);
      const loss = add(found.codebookLoss, mul(this.beta, found.commitmentLoss)) as Scalar;
      return { ...found, loss };
    });
  }
}
