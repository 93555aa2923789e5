import {
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  GELU,
  type Layer,
  Linear,
  Module,
  OptionError,
  PixelUnshuffle,
  type Rng,
  Sequential,
  Upsample,
} from "@pellucid/core-train";
import { add, concat, type Tensor1D, type Tensor2D, type Tensor4D, tidy, zeros } from "@tensorflow/tfjs-core";
import { ClassEmbedding } from "./class-embedding.ts";
import { ImageAttention, LinearImageAttention } from "./image-attention.ts";
import { TimeSinusoids } from "./time-sinusoids.ts";
import { UnetResidualBlock } from "./unet-block.ts";

/** Options for {@link Unet}. */
export interface UnetOptions {
  /** Random generator for initialization, and for dropout. */
  readonly rng: Rng;
  /** The channels of each resolution, as multiples of `dim`. Default: 1, 2, 4, 8. */
  readonly dimMults?: readonly number[];
  /** Channels of the image. Default: 3. */
  readonly channels?: number;
  /** Channels after the first convolution. Default: `dim`. */
  readonly initDim?: number;
  /** Channels of the output. Default: those of the image, twice where the variance is learned. */
  readonly outDim?: number;
  /** Whether the output has a second half of channels for the variance. Default: false. */
  readonly learnedVariance?: boolean;
  /** Channels of `context`, an image of the same size that is read with the noisy one; lucidrains' `self_condition` is a context of the image's channels. Default: 0. */
  readonly contextChannels?: number;
  /** The number of classes of `classes`. Default: 0, none. */
  readonly numClasses?: number;
  /** Default: 4. */
  readonly attnHeads?: number;
  /** Features of a head. Default: 32. */
  readonly attnDimHead?: number;
  /** Per resolution, whether its attention is between all pixels (`true`), linear (`false`), or `null` for none. Default: between all at the last only. */
  readonly fullAttn?: readonly (boolean | null)[];
  /** Default: 0. */
  readonly dropout?: number;
  /** See {@link timeEmbedding}. Default: 10000. */
  readonly theta?: number;
}

/** What a {@link Unet} reads. */
export interface UnetInput {
  /** `[batch, height, width, channel]`; height and width are divisible by 2 once per resolution but the last. */
  readonly x: Tensor4D;
  /** `[batch]` */
  readonly time: Tensor1D;
  /** `[batch, height, width, contextChannels]`. Default: zeros. */
  readonly context?: Tensor4D;
  /** `[batch]`, −1 for none. Default: none. */
  readonly classes?: Tensor1D;
}

type Attention = ImageAttention | LinearImageAttention;
type Resize = Module & Layer<Tensor4D, Tensor4D>;
type Stage = readonly [UnetResidualBlock, UnetResidualBlock, Attention | null, Resize];

/**
 * The U-Net of diffusion models: residual blocks that the time modulates, attention, and skip connections at every resolution. Names, layouts and
 * initial weights of a seed are those of `denoising_diffusion_pytorch.Unet`.
 *
 * Ho et al., 2020, appendix B. https://arxiv.org/abs/2006.11239
 */
export class Unet extends Module implements Layer<UnetInput, Tensor4D> {
  readonly channels: number;
  readonly contextChannels: number;
  /** Height and width are divisible by this. */
  readonly downsampleFactor: number;
  readonly initConv: Conv2d;
  readonly timeMlp: Sequential<readonly [TimeSinusoids, Linear, GELU, Linear]>;
  readonly classEmbedding: ClassEmbedding | null;
  readonly downs: readonly Stage[];
  readonly midBlock1: UnetResidualBlock;
  readonly midAttn: ImageAttention;
  readonly midBlock2: UnetResidualBlock;
  readonly ups: readonly Stage[];
  readonly finalResBlock: UnetResidualBlock;
  readonly finalConv: Conv2d;

  /** @param dim channels at the full resolution, even and at least 4 */
  constructor(dim: number, options: UnetOptions) {
    super();
    checkUnet(dim, options);
    const { rng, dimMults = [1, 2, 4, 8], channels = 3, initDim = dim, learnedVariance = false } = options;
    const { contextChannels = 0, numClasses = 0, attnHeads: heads = 4, attnDimHead: dimHead = 32 } = options;
    const { outDim = channels * (learnedVariance ? 2 : 1), dropout = 0, theta = 10_000 } = options;
    const last = dimMults.length - 1;
    const fullAttn = options.fullAttn ?? dimMults.map((_, i) => i === last);
    const dims = [initDim, ...dimMults.map((mult) => dim * mult)];
    const timeDim = 4 * dim;
    const block = (from: number, to: number) => new UnetResidualBlock(from, to, timeDim, { rng, dropout });
    const attention = (size: number, full: boolean | null): Attention | null => {
      if (full === null) return null;
      return new (full ? ImageAttention : LinearImageAttention)(size, { rng, heads, dimHead });
    };
    const same = (from: number, to: number) => new Conv2d(from, to, 3, { rng, padding: 1 });
    this.channels = channels;
    this.contextChannels = contextChannels;
    this.downsampleFactor = 2 ** last;
    this.initConv = new Conv2d(channels + contextChannels, initDim, 7, { rng, padding: 3 });
    this.timeMlp = new Sequential(
      new TimeSinusoids(dim, { theta }),
      new Linear(dim, timeDim, { rng }),
      new GELU(),
      new Linear(timeDim, timeDim, { rng }),
    );
    this.classEmbedding = numClasses === 0 ? null : new ClassEmbedding(numClasses, timeDim, { rng });
    this.downs = dimMults.map((_, i): Stage => {
      const [from, to] = [dims[i], dims[i + 1]] as [number, number];
      return [
        block(from, from),
        block(from, from),
        attention(from, fullAttn[i] ?? null),
        i === last
          ? same(from, to)
          : new Sequential(new PixelUnshuffle(2), new Conv2d(4 * from, to, 1, { rng })),
      ];
    });
    const middle = dims.at(-1) ?? NaN;
    this.midBlock1 = block(middle, middle);
    this.midAttn = new ImageAttention(middle, { rng, heads, dimHead });
    this.midBlock2 = block(middle, middle);
    this.ups = dimMults.map((_, k): Stage => {
      const i = last - k;
      const [to, from] = [dims[i], dims[i + 1]] as [number, number];
      return [
        block(from + to, from),
        block(from + to, from),
        attention(from, fullAttn[i] ?? null),
        k === last
          ? same(from, to)
          : new Sequential(new Upsample({ scaleFactor: 2, mode: "nearest" }), same(from, to)),
      ];
    });
    this.finalResBlock = block(2 * initDim, initDim);
    this.finalConv = new Conv2d(initDim, outDim, 1, { rng });
  }

  /** @returns `[batch, height, width, outDim]` */
  forward(input: UnetInput): Tensor4D {
    const { x, time, classes } = input;
    const [batch, height, width] = checkImage(this, input);
    return tidy(() => {
      const { contextChannels } = this;
      const context = input.context ?? zeros([batch, height, width, contextChannels]);
      const read = contextChannels === 0 ? x : (concat([context as Tensor4D, x], 3) as Tensor4D);
      let h = this.initConv.forward(read);
      const first = h;
      const t = this.#time(time, classes);
      const skips: Tensor4D[] = [];
      for (const [block1, block2, attn, downsample] of this.downs) {
        h = block1.forward(h, t);
        skips.push(h);
        h = attended(block2.forward(h, t), attn);
        skips.push(h);
        h = downsample.forward(h) as Tensor4D;
      }
      h = this.midBlock2.forward(attended(this.midBlock1.forward(h, t), this.midAttn), t);
      const withSkip = (): Tensor4D => concat([h, skips.pop() as Tensor4D], 3) as Tensor4D;
      for (const [block1, block2, attn, upsample] of this.ups) {
        h = block1.forward(withSkip(), t);
        h = attended(block2.forward(withSkip(), t), attn);
        h = upsample.forward(h) as Tensor4D;
      }
      return this.finalConv.forward(this.finalResBlock.forward(concat([h, first], 3) as Tensor4D, t));
    });
  }

  #time(time: Tensor1D, classes: Tensor1D | undefined): Tensor2D {
    const t = this.timeMlp.forward(time) as Tensor2D; // [batch, 4 dim]
    if (this.classEmbedding === null) return t;
    const none = (): Tensor1D => add(zeros([time.shape[0]], "int32"), -1) as Tensor1D;
    return add(t, this.classEmbedding.forward(classes ?? none()));
  }
}

function attended(x: Tensor4D, attention: Attention | null): Tensor4D {
  return attention === null ? x : add(x, attention.forward(x));
}

function checkImage(unet: Unet, { x, time, context, classes }: UnetInput): [number, number, number] {
  checkShape("Unet", "x", x, ["batch", "height", "width", unet.channels]);
  const [batch, height, width] = x.shape;
  checkShape("Unet", "time", time, [batch]);
  if (context !== undefined)
    checkShape("Unet", "context", context, [batch, height, width, unet.contextChannels]);
  if (classes !== undefined && unet.classEmbedding === null)
    throw new OptionError("Unet", "classes", "given", "none: make the Unet with numClasses");
  for (const [name, size] of Object.entries({ height, width }))
    if (size % unet.downsampleFactor !== 0)
      throw new OptionError("Unet", name, size, `a multiple of ${unet.downsampleFactor}: pad the image`);
  return [batch, height, width];
}

function checkUnet(dim: number, options: UnetOptions): void {
  checkRng("Unet", options);
  checkOptions("Unet", options, [
    "rng",
    "dimMults",
    "channels",
    "initDim",
    "outDim",
    "learnedVariance",
    "contextChannels",
    "numClasses",
    "attnHeads",
    "attnDimHead",
    "fullAttn",
    "dropout",
    "theta",
  ]);
  const {
    dimMults = [1, 2, 4, 8],
    channels = 1,
    initDim = 1,
    outDim = 1,
    contextChannels = 0,
    numClasses = 0,
  } = options;
  const { attnHeads = 1, attnDimHead = 1, fullAttn, dropout = 0, theta = 1 } = options;
  checkSizes("Unet", { dim, channels, initDim, outDim, attnHeads, attnDimHead });
  checkSizes("Unet", { contextChannels, numClasses }, 0);
  if (dim % 2 !== 0 || dim < 4) throw new OptionError("Unet", "dim", dim, "an even integer above 3");
  if (!Array.isArray(dimMults) || dimMults.length === 0)
    throw new OptionError("Unet", "dimMults", JSON.stringify(dimMults), "a list of one integer or more");
  checkSizes("Unet", Object.fromEntries(dimMults.map((mult: unknown, i) => [`dimMults[${i}]`, mult])));
  checkProbabilities("Unet", { dropout });
  checkPositive("Unet", { theta });
  const given = fullAttn as unknown;
  if (given === undefined) return;
  const kinds = dimMults.length;
  if (
    !Array.isArray(given) ||
    given.length !== kinds ||
    given.some((full) => full !== null && typeof full !== "boolean")
  )
    throw new OptionError(
      "Unet",
      "fullAttn",
      JSON.stringify(given),
      `true, false or null for each of ${kinds} resolutions`,
    );
}
