import {
  Conv2d,
  type HasTorchLayout,
  init,
  initialized,
  matMul,
  Module,
  type Parameter,
  type Rng,
  scaledDotProductAttention,
  Sequential,
  softmax,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  broadcastTo,
  concat,
  mul,
  type Rank,
  reshape,
  split,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { ChannelNorm } from "./channel-norm.ts";

/** Keys and values that every image has besides its own pixels'. */
const extra = 4;

interface HeadOptions {
  readonly rng: Rng;
  readonly heads: number;
  readonly dimHead: number;
}

/** Attention between all pixels of an image, with learned additional keys and values. Quadratic in the number of pixels. */
export class ImageAttention extends Module implements HasTorchLayout {
  readonly heads: number;
  readonly norm: ChannelNorm;
  /** `[2, head, key, feature]` */
  readonly memKv: Parameter<Rank.R4>;
  readonly toQkv: Conv2d;
  readonly toOut: Conv2d;

  constructor(channels: number, { rng, heads, dimHead }: HeadOptions) {
    super();
    this.heads = heads;
    this.norm = new ChannelNorm(channels);
    this.memKv = initialized([2, heads, extra, dimHead], init.normal(0, 1), rng);
    this.toQkv = new Conv2d(channels, 3 * heads * dimHead, 1, { rng, bias: false });
    this.toOut = new Conv2d(heads * dimHead, channels, 1, { rng });
  }

  get torchLayout(): TorchLayout {
    return { memKv: { axes: [0, 1, 2, 3] } };
  }

  /**
   * How much each pixel takes from where, for looking inside: `attention.weights(capture(attention.toQkv, run))`.
   *
   * @param qkv what `toQkv` returned, `[batch, height, width, 3 · head · feature]`
   * @returns `[batch, head, pixel, 4 + pixel]`: of the learned keys, then of the pixels
   */
  weights(qkv: Tensor4D): Tensor4D {
    return tidy(() => {
      const [q, k] = queriesKeysValues(qkv, this.heads);
      const [key] = split(this.memKv, 2, 0) as [Tensor4D];
      const scores = matMul<Tensor4D>(q, withExtra(key, k), false, true); // [batch, head, pixel, 4 + pixel]
      return softmax(mul(scores, q.shape[3] ** -0.5));
    });
  }

  /** @param x `[batch, height, width, channel]` */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const [q, k, v] = queriesKeysValues(this.toQkv.forward(this.norm.forward(x)), this.heads);
      const [key, value] = split(this.memKv, 2, 0) as [Tensor4D, Tensor4D];
      const attended = scaledDotProductAttention(q, withExtra(key, k), withExtra(value, v)); // [batch, head, pixel, feature]
      return this.toOut.forward(toImage(attended, x));
    });
  }
}

/** Attention whose softmax is over queries and keys separately, so that it is linear in the number of pixels. */
export class LinearImageAttention extends Module implements HasTorchLayout {
  readonly heads: number;
  readonly norm: ChannelNorm;
  /** `[2, head, key, feature]`; lucidrains keeps `[2, head, feature, key]`. */
  readonly memKv: Parameter<Rank.R4>;
  readonly toQkv: Conv2d;
  readonly toOut: Sequential<readonly [Conv2d, ChannelNorm]>;

  constructor(channels: number, { rng, heads, dimHead }: HeadOptions) {
    super();
    this.heads = heads;
    this.norm = new ChannelNorm(channels);
    this.memKv = initialized([2, heads, dimHead, extra], init.normal(0, 1), rng, [0, 1, 3, 2]);
    this.toQkv = new Conv2d(channels, 3 * heads * dimHead, 1, { rng, bias: false });
    this.toOut = new Sequential(new Conv2d(heads * dimHead, channels, 1, { rng }), new ChannelNorm(channels));
  }

  get torchLayout(): TorchLayout {
    return { memKv: { axes: [0, 1, 3, 2] } };
  }

  /** @param x `[batch, height, width, channel]` */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const [q, k, v] = queriesKeysValues(this.toQkv.forward(this.norm.forward(x)), this.heads);
      const [key, value] = split(this.memKv, 2, 0) as [Tensor4D, Tensor4D];
      const context = matMul<Tensor4D>(softmax(withExtra(key, k), 2), withExtra(value, v), true); // [batch, head, feature, feature]
      const asked = mul(softmax(q, 3), q.shape[3] ** -0.5); // [batch, head, pixel, feature]
      return this.toOut.forward(toImage(matMul<Tensor4D>(asked, context), x)) as Tensor4D;
    });
  }
}

/** `[batch, height, width, 3 · head · feature]` -> three times `[batch, head, pixel, feature]` */
function queriesKeysValues(x: Tensor4D, heads: number): [Tensor4D, Tensor4D, Tensor4D] {
  const [batch, height, width, channels] = x.shape;
  const apart = reshape<Rank.R4>(x, [batch, height * width, 3 * heads, channels / 3 / heads]);
  return split(transpose(apart, [0, 2, 1, 3]), 3, 1) as [Tensor4D, Tensor4D, Tensor4D];
}

/** Puts learned keys or values before those of each image. */
function withExtra(learned: Tensor4D, x: Tensor4D): Tensor4D {
  const [batch, heads, , features] = x.shape;
  return concat([broadcastTo(learned, [batch, heads, extra, features]), x], 2) as Tensor4D;
}

/** `[batch, head, pixel, feature]` -> `[batch, height, width, head · feature]` */
function toImage(attended: Tensor4D, { shape: [batch, height, width] }: Tensor4D): Tensor4D {
  const [, heads, , features] = attended.shape;
  return reshape(transpose(attended, [0, 2, 1, 3]), [batch, height, width, heads * features]);
}
