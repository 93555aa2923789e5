import {
  adaptiveAvgPool2d,
  checkChoice,
  checkOptions,
  checkProbabilities,
  checkSizes,
  Conv2d,
  Dropout,
  flatten,
  GELU,
  Identity,
  init,
  initialize,
  type Layer,
  LayerNorm,
  Linear,
  Module,
  OptionError,
  pad,
  type Rng,
  Sequential,
  StochasticDepth,
} from "@pellucid/core-train";
import {
  add,
  type Rank,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { type Chain, chain, type MapLayer } from "./chain.ts";
import { checkClassifierOptions } from "./check-classifier-options.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";
import { ShiftedWindowAttentionV2 } from "./shifted-window-attention-v2.ts";
import { ShiftedWindowAttention } from "./shifted-window-attention.ts";

/** The sizes of a {@link SwinTransformer}. */
export interface SwinTransformerSizes {
  /** Channels of the first stage; each later one has twice as many. */
  readonly embedDim: number;
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Attention heads of each stage. */
  readonly numHeads: readonly number[];
  /** Height and width of a window, in patches. */
  readonly windowSize: number;
  /** 1, or 2 for cosine attention, norms after attention and MLP, and biases that are computed from the offsets. */
  readonly version: 1 | 2;
}

/** Options for {@link SwinTransformer}. */
export interface SwinTransformerOptions extends ImageClassifierOptions {
  /** Height and width of a patch, in pixels. Default: 4. */
  readonly patchSize?: number;
  /** Features inside of the MLP, in units of a block's channels. Default: 4. */
  readonly mlpRatio?: number;
  /** Probability of dropout in the MLP and after attention. Default: 0. */
  readonly dropout?: number;
  /** Probability that an attention weight is dropped. Default: 0. */
  readonly attentionDropout?: number;
  /** Probability that the last block is skipped in training; it rises from 0 linearly. Default: 0.1. */
  readonly stochasticDepthProb?: number;
}

interface BlockOptions {
  readonly rng: Rng;
  readonly version: 1 | 2;
  readonly numHeads: number;
  readonly windowSize: number;
  readonly shift: number;
  readonly mlpRatio: number;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly stochasticDepthProb: number;
}

/** Attention within windows and an MLP, each with a residual connection. Version 1 normalizes before, version 2 after them. */
class SwinTransformerBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly norm1: LayerNorm;
  readonly attn: ShiftedWindowAttention | ShiftedWindowAttentionV2;
  readonly stochasticDepth: StochasticDepth;
  readonly norm2: LayerNorm;
  readonly mlp: Sequential<[Linear, GELU, Dropout, Linear, Dropout]>;
  readonly version: 1 | 2;

  constructor(dim: number, options: BlockOptions) {
    super();
    const { rng, version, numHeads, windowSize, shift, dropout, attentionDropout } = options;
    const hidden = Math.trunc(dim * options.mlpRatio);
    const Attention = version === 1 ? ShiftedWindowAttention : ShiftedWindowAttentionV2;
    this.version = version;
    this.norm1 = new LayerNorm(dim);
    this.attn = new Attention(dim, [windowSize, windowSize], numHeads, {
      rng,
      shiftSize: [shift, shift],
      attentionDropout,
      dropout,
    });
    this.stochasticDepth = new StochasticDepth(options.stochasticDepthProb, { rng });
    this.norm2 = new LayerNorm(dim);
    this.mlp = new Sequential(
      new Linear(dim, hidden, { rng }),
      new GELU(),
      new Dropout(dropout, { rng }),
      new Linear(hidden, dim, { rng }),
      new Dropout(dropout, { rng }),
    );
    for (const layer of this.mlp.layers) {
      if (!(layer instanceof Linear)) continue;
      initialize(layer, "weight", init.xavierUniform(), rng);
      initialize(layer, "bias", init.normal(0, 1e-6), rng);
    }
  }

  /**
   * @param x `[batch, height, width, dim]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const [batch, height, width, dim] = x.shape;
      const mixed = this.#residual(x, this.norm1, this.attn);
      const pixels: Tensor3D = reshape(mixed, [batch, height * width, dim]);
      return reshape<Rank.R4>(this.#residual(pixels, this.norm2, this.mlp), x.shape);
    });
  }

  #residual<X extends Tensor>(x: X, norm: LayerNorm, layer: Layer<X, X>): X {
    const branch = this.version === 1 ? layer.forward(norm.forward(x)) : norm.forward(layer.forward(x));
    return add(x, this.stochasticDepth.forward(branch));
  }
}

/** Joins four neighboring patches and halves their channels: `[…, height, width, dim]` to `[…, height / 2, width / 2, 2 dim]`. */
class PatchMerging extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly reduction: Linear;
  readonly norm: LayerNorm;
  readonly version: 1 | 2;

  constructor(dim: number, version: 1 | 2, { rng }: { readonly rng: Rng }) {
    super();
    this.version = version;
    this.reduction = new Linear(4 * dim, 2 * dim, { rng, bias: false });
    this.norm = new LayerNorm(version === 1 ? 4 * dim : 2 * dim);
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const joined = joinNeighbors(x); // [batch, height / 2, width / 2, 4 dim]
      return this.version === 1
        ? this.reduction.forward(this.norm.forward(joined))
        : this.norm.forward(this.reduction.forward(joined));
    });
  }
}

/** The four patches of each 2×2, upper left, lower left, upper right, lower right; odd maps are padded by zeros. */
function joinNeighbors(x: Tensor4D): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const even = pad(x, [
    [0, 0],
    [0, height % 2],
    [0, width % 2],
    [0, 0],
  ]);
  const parted = reshape(even, [batch * rows, 2, columns, 2, channels]);
  return reshape(transpose(parted, [0, 2, 3, 1, 4]), [batch, rows, columns, 4 * channels]);
}

/**
 * A transformer for images whose attention stays within windows, which are shifted from block to block, with torchvision's names, initial
 * weights and numbers; version 2 too.
 *
 * Liu et al., 2021, https://arxiv.org/abs/2103.14030; 2022, https://arxiv.org/abs/2111.09883
 */
export class SwinTransformer extends Module implements ImageClassifier {
  /** Patches, then stages at odd and merging at even indices. */
  readonly features: Chain;
  readonly norm: LayerNorm;
  readonly fc: Linear;
  readonly head = "fc";

  constructor(sizes: SwinTransformerSizes, options: SwinTransformerOptions) {
    super();
    checkClassifierOptions("SwinTransformer", options);
    checkOptions("SwinTransformer", options, [
      "rng",
      "numClasses",
      "inChannels",
      "patchSize",
      "mlpRatio",
      "dropout",
      "attentionDropout",
      "stochasticDepthProb",
    ]);
    const { rng, numClasses = 1000, inChannels = 3, patchSize = 4, mlpRatio = 4 } = options;
    const { dropout = 0, attentionDropout = 0, stochasticDepthProb = 0.1 } = options;
    const { embedDim, depths, numHeads, windowSize, version } = sizes;
    checkSizes("SwinTransformer", { patchSize, embedDim, windowSize, depths: depths.length });
    checkProbabilities("SwinTransformer", { dropout, attentionDropout, stochasticDepthProb });
    if (numHeads.length !== depths.length)
      throw new OptionError("SwinTransformer", "numHeads", numHeads, `${depths.length} numbers, as depths`);
    checkChoice("SwinTransformer", "version", version, [1, 2]);
    for (const [i, blocks] of depths.entries()) {
      const heads = numHeads[i] as number;
      checkSizes("SwinTransformer", { depths: blocks, numHeads: heads });
      if ((embedDim * 2 ** i) % heads !== 0)
        throw new OptionError(
          "SwinTransformer",
          "numHeads",
          heads,
          `a divisor of ${embedDim * 2 ** i} channels`,
        );
    }
    if (!(mlpRatio * embedDim >= 1 && mlpRatio < Infinity))
      throw new OptionError(
        "SwinTransformer",
        "mlpRatio",
        mlpRatio,
        "a number that gives at least one feature",
      );
    const total = depths.reduce((sum, blocks) => sum + blocks, 0);
    let depth = 0;
    const patches = new Conv2d(inChannels, embedDim, patchSize, { rng, stride: patchSize });
    const stages = depths.flatMap((blocks, i): MapLayer[] => {
      const dim = embedDim * 2 ** i;
      const made = Array.from({ length: blocks }, (_, j) => {
        const rise = depth++ / Math.max(total - 1, 1);
        return new SwinTransformerBlock(dim, {
          rng,
          version,
          numHeads: numHeads[i] as number,
          windowSize,
          shift: j % 2 === 0 ? 0 : Math.floor(windowSize / 2),
          mlpRatio,
          dropout,
          attentionDropout,
          stochasticDepthProb: stochasticDepthProb * rise,
        });
      });
      const stage = chain(...made);
      return i === depths.length - 1 ? [stage] : [stage, new PatchMerging(dim, version, { rng })];
    });
    const channels = embedDim * 2 ** (depths.length - 1);
    this.features = chain(chain(patches, new Identity(), new LayerNorm(embedDim)), ...stages);
    this.norm = new LayerNorm(channels);
    this.fc = new Linear(channels, numClasses, { rng });
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Linear)) continue;
      initialize(module, "weight", init.truncatedNormal({ std: 0.02 }), rng);
      if (module.bias !== null) initialize(module, "bias", init.constant(0), rng);
    }
  }

  get torchLayout() {
    return { fc: { name: "head" } };
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.norm.forward(this.features.forward(images)); // [batch, height / 32, width / 32, 8 embedDim]
      return this.fc.forward(flatten(adaptiveAvgPool2d(maps, 1)));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const maps: Tensor4D[] = [];
      let x = images;
      for (const [i, layer] of (this.features.layers as readonly MapLayer[]).entries()) {
        x = layer.forward(x);
        if (i % 2 === 1) maps.push(x); // [batch, height / 4, width / 4, embedDim], then half of the size each time
      }
      return maps;
    });
  }
}

const tiny = { embedDim: 96, depths: [2, 2, 6, 2], numHeads: [3, 6, 12, 24] };
const small = { ...tiny, depths: [2, 2, 18, 2] };
const base = { embedDim: 128, depths: [2, 2, 18, 2], numHeads: [4, 8, 16, 32] };
const first = { windowSize: 7, version: 1 } as const;
const second = { windowSize: 8, version: 2 } as const;

/** Swin-T: 28,288,354 parameters. */
export const swinT = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...tiny, ...first }, { stochasticDepthProb: 0.2, ...options });

/** Swin-S: 49,606,258 parameters. */
export const swinS = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...small, ...first }, { stochasticDepthProb: 0.3, ...options });

/** Swin-B: 87,768,224 parameters. */
export const swinB = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...base, ...first }, { stochasticDepthProb: 0.5, ...options });

/** Swin V2-T: 28,351,570 parameters. */
export const swinV2T = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...tiny, ...second }, { stochasticDepthProb: 0.2, ...options });

/** Swin V2-S: 49,737,442 parameters. */
export const swinV2S = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...small, ...second }, { stochasticDepthProb: 0.3, ...options });

/** Swin V2-B: 87,930,848 parameters. */
export const swinV2B = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...base, ...second }, { stochasticDepthProb: 0.5, ...options });
