import { drawn, init, initialized, leakyRelu, Module, type Parameter, type Rng } from "@pellucid/core-train";
import { add, mul, type Rank, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { ModulatedConv2d } from "./modulated-conv2d.ts";

/**
 * A modulated 3×3 convolution, noise per pixel of a learned strength, a bias and leaky ReLU. The noise is drawn on the host, as
 * `torch.randn(batch, 1, height, width)`, in inference too.
 */
export class StyleLayer extends Module {
  readonly conv: ModulatedConv2d;
  /** `[1]`, 0 at first */
  readonly scaleNoise: Parameter<Rank.R1>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1>;
  readonly #rng: Rng;

  constructor(
    inChannels: number,
    outChannels: number,
    latentFeatures: number,
    { rng }: { readonly rng: Rng },
  ) {
    super();
    this.conv = new ModulatedConv2d(inChannels, outChannels, 3, latentFeatures, { rng });
    this.scaleNoise = initialized([1], init.zeros());
    this.bias = initialized([outChannels], init.zeros());
    this.#rng = rng;
  }

  /**
   * @param x `[batch, height, width, in]`
   * @param w `[batch, latent]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Tensor4D, w: Tensor2D): Tensor4D {
    const [batch, height, width] = x.shape;
    return tidy(() => {
      const shape = [batch, height, width, 1];
      const random = drawn(() => ({ data: this.#rng.randn([batch, 1, height, width]).data, shape }));
      const noise = mul(this.scaleNoise, random); // [batch, height, width, 1]
      const y: Tensor4D = add(add(this.conv.forward(x, w), noise), this.bias); //       [batch, height, width, out]
      return leakyRelu(y, { negativeSlope: 0.2 });
    });
  }
}
