import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  init,
  initialize,
  type Layer,
  logSigmoid,
  Module,
  pixelShuffle,
  pixelUnshuffle,
  relu,
  type Rng,
  tidyLeaves,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  concat,
  exp,
  mul,
  neg,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  zeros,
} from "@tensorflow/tfjs-core";
import { ActNorm } from "./act-norm.ts";
import type { Bijection, Transformed } from "./bijection.ts";
import { InvertibleConv1x1 } from "./invertible-conv1x1.ts";
import { sumPerExample } from "./sum-per-example.ts";
import { through } from "./through.ts";

/** Options for {@link Glow}. */
export interface GlowOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How often the image is halved. Default: 3. */
  readonly levels?: number;
  /** Steps at each size. Default: 16. */
  readonly steps?: number;
  /** Channels of the coupling networks. Default: 128. */
  readonly hiddenChannels?: number;
}

/**
 * A flow for images: at each of several sizes, steps of {@link ActNorm}, {@link InvertibleConv1x1} and an affine coupling; after each size half of
 * the channels is noise already. A {@link Flow} of it has densities and samples. Kingma and Dhariwal, 2018. https://arxiv.org/abs/1807.03039
 *
 * All noise is standard normal, where the authors' code learns the distribution of each half from the other. It starts as the authors', with
 * couplings that scale by `σ(2)`.
 */
export class Glow extends Module implements Bijection, Layer<Tensor, Transformed> {
  readonly levels: readonly GlowLevel[];
  readonly channels: number;

  constructor(channels: number, options: GlowOptions) {
    super();
    checkRng("Glow", options);
    checkOptions("Glow", options, ["rng", "levels", "steps", "hiddenChannels"]);
    const { rng, levels = 3, steps = 16, hiddenChannels = 128 } = options;
    checkSizes("Glow", { channels, levels, steps, hiddenChannels });
    this.channels = channels;
    this.levels = Array.from(
      { length: levels },
      (_, i) => new GlowLevel(channels * 2 ** (i + 2), steps, hiddenChannels, { rng }),
    );
  }

  /**
   * @param x `[batch, height, width, channel]`, of sizes that `2^levels` divides
   * @returns noise of the same shape
   */
  forward(x: Tensor): Transformed {
    checkShape("Glow", "x", x, ["batch", "height", "width", this.channels]);
    return tidyLeaves(() => {
      const [batch] = x.shape as [number];
      const noise: Tensor[] = [];
      let logDet: Tensor1D = zeros([batch]);
      let rest = x as Tensor4D;
      for (const [i, level] of this.levels.entries()) {
        const found = level.forward(pixelUnshuffle(rest, 2)); //             [batch, height / 2, width / 2, 4 channel]
        logDet = add(logDet, found.logDet);
        rest = found.output as Tensor4D;
        if (i === this.levels.length - 1) break;
        const [kept, done] = halves(rest); //                                [batch, height / 2, width / 2, 2 channel]
        noise.push(reshape(done, [batch, -1]));
        rest = kept;
      }
      noise.push(reshape(rest, [batch, -1]));
      return { output: reshape(concat(noise, 1), x.shape), logDet };
    });
  }

  /** @param y `[batch, height, width, channel]` */
  inverse(y: Tensor): Transformed {
    checkShape("Glow", "y", y, ["batch", "height", "width", this.channels]);
    return tidyLeaves(() => {
      const [batch, height, width] = y.shape as [number, number, number];
      const flat = reshape(y, [batch, -1]);
      const count = this.levels.length;
      let logDet: Tensor1D = zeros([batch]);
      let end = sizeAlong(flat, 1);
      const take = (shape: [number, number, number, number]): Tensor4D => {
        const size = shape[1] * shape[2] * shape[3];
        end -= size;
        return reshape(slice(flat, [0, end], [batch, size]), shape);
      };
      const shapeOf = (i: number, channels: number): [number, number, number, number] => [
        batch,
        height / 2 ** (i + 1),
        width / 2 ** (i + 1),
        channels,
      ];
      let rest = take(shapeOf(count - 1, this.channels * 2 ** (count + 1)));
      for (const [i, level] of [...this.levels.entries()].toReversed()) {
        if (i < count - 1) rest = concat([rest, take(shapeOf(i, this.channels * 2 ** (i + 1)))], 3);
        const found = level.inverse(rest);
        logDet = add(logDet, found.logDet);
        rest = pixelShuffle(found.output as Tensor4D, 2);
      }
      return { output: rest, logDet };
    });
  }
}

/** The steps at one size. */
class GlowLevel extends Module implements Bijection {
  readonly steps: readonly {
    readonly actnorm: ActNorm;
    readonly invconv: InvertibleConv1x1;
    readonly coupling: GlowCoupling;
  }[];

  constructor(channels: number, steps: number, hidden: number, { rng }: { readonly rng: Rng }) {
    super();
    this.steps = Array.from({ length: steps }, () => ({
      actnorm: new ActNorm(channels),
      invconv: new InvertibleConv1x1(channels, { rng }),
      coupling: new GlowCoupling(channels, hidden, { rng }),
    }));
  }

  forward(x: Tensor): Transformed {
    const layers = this.steps.flatMap(({ actnorm, invconv, coupling }): Bijection[] => [
      actnorm,
      invconv,
      coupling,
    ]);
    return through(layers, x, (layer, at) => layer.forward(at));
  }

  inverse(y: Tensor): Transformed {
    const layers = this.steps.flatMap(({ actnorm, invconv, coupling }): Bijection[] => [
      actnorm,
      invconv,
      coupling,
    ]);
    return through(layers.toReversed(), y, (layer, at) => layer.inverse(at));
  }
}

/** Scales and shifts the second half of the channels by what convolutions say of the first: `(b + t) σ(s + 2)`. */
class GlowCoupling extends Module implements Bijection {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly conv3: Conv2d;

  constructor(channels: number, hidden: number, { rng }: { readonly rng: Rng }) {
    super();
    this.conv1 = new Conv2d(channels / 2, hidden, 3, { rng, padding: 1 });
    this.conv2 = new Conv2d(hidden, hidden, 1, { rng });
    this.conv3 = new Conv2d(hidden, channels, 3, { rng, padding: 1, init: init.zeros() });
    initialize(this.conv3, "bias", init.zeros(), rng);
  }

  forward(x: Tensor): Transformed {
    return tidyLeaves(() => {
      const [a, b] = halves(x as Tensor4D);
      const [logScale, shift] = this.#conditions(a);
      const moved = mul(add(b, shift), exp(logScale)) as Tensor4D;
      return { output: concat([a, moved], 3), logDet: sumPerExample(logScale) };
    });
  }

  inverse(y: Tensor): Transformed {
    return tidyLeaves(() => {
      const [a, b] = halves(y as Tensor4D);
      const [logScale, shift] = this.#conditions(a);
      const back = sub(mul(b, exp(neg(logScale))), shift) as Tensor4D;
      return { output: concat([a, back], 3), logDet: neg(sumPerExample(logScale)) };
    });
  }

  #conditions(a: Tensor4D): [logScale: Tensor4D, shift: Tensor4D] {
    const hidden = relu(this.conv2.forward(relu(this.conv1.forward(a))));
    const [scale, shift] = halves(this.conv3.forward(hidden));
    return [logSigmoid(add(scale, 2) as Tensor4D), shift];
  }
}

function halves(x: Tensor4D): [first: Tensor4D, second: Tensor4D] {
  const [batch, height, width, channels] = x.shape;
  const size: [number, number, number, number] = [batch, height, width, channels / 2];
  return [slice(x, [0, 0, 0, 0], size), slice(x, [0, 0, 0, channels / 2], size)];
}
