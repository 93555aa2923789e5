import { Conv2d, Dropout, Linear, Module, type Rng, Sequential, SiLU, silu } from "@pellucid/core-train";
import { add, mul, reshape, split, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { ChannelNorm } from "./channel-norm.ts";

/** A convolution, a norm, what the time says, an activation, dropout. */
export class UnetBlock extends Module {
  readonly proj: Conv2d;
  readonly norm: ChannelNorm;
  readonly dropout: Dropout;

  constructor(inChannels: number, outChannels: number, { rng, dropout }: { rng: Rng; dropout: number }) {
    super();
    this.proj = new Conv2d(inChannels, outChannels, 3, { rng, padding: 1 });
    this.norm = new ChannelNorm(outChannels);
    this.dropout = new Dropout(dropout, { rng });
  }

  /**
   * @param x `[batch, height, width, in]`
   * @param scale `[batch, 1, 1, out]`, added to 1
   * @param shift `[batch, 1, 1, out]`
   */
  forward(x: Tensor4D, scale?: Tensor4D, shift?: Tensor4D): Tensor4D {
    return tidy(() => {
      const normed = this.norm.forward(this.proj.forward(x)); // [batch, height, width, out]
      const moved =
        scale === undefined || shift === undefined ? normed : add(mul(normed, add(scale, 1)), shift);
      return this.dropout.forward(silu(moved as Tensor4D));
    });
  }
}

/** Two {@link UnetBlock}s with a residual connection; a projection of the time scales and shifts the channels of the first. */
export class UnetResidualBlock extends Module {
  readonly mlp: Sequential<readonly [SiLU, Linear]>;
  readonly block1: UnetBlock;
  readonly block2: UnetBlock;
  readonly resConv: Conv2d | null;

  constructor(
    inChannels: number,
    outChannels: number,
    timeFeatures: number,
    { rng, dropout }: { rng: Rng; dropout: number },
  ) {
    super();
    this.mlp = new Sequential(new SiLU(), new Linear(timeFeatures, 2 * outChannels, { rng }));
    this.block1 = new UnetBlock(inChannels, outChannels, { rng, dropout });
    this.block2 = new UnetBlock(outChannels, outChannels, { rng, dropout: 0 });
    this.resConv = inChannels === outChannels ? null : new Conv2d(inChannels, outChannels, 1, { rng });
  }

  /**
   * @param x `[batch, height, width, in]`
   * @param time `[batch, feature]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Tensor4D, time: Tensor2D): Tensor4D {
    return tidy(() => {
      const both = this.mlp.forward(time) as Tensor2D; // [batch, 2 out]
      const [scale, shift] = split(
        reshape<Tensor4D["rankType"]>(both, [both.shape[0], 1, 1, both.shape[1]]),
        2,
        3,
      );
      const h = this.block2.forward(this.block1.forward(x, scale as Tensor4D, shift as Tensor4D));
      return add(h, this.resConv?.forward(x) ?? x);
    });
  }
}
