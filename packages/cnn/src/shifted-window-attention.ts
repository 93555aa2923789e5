import {
  type Buffer,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  Dropout,
  embedding,
  init,
  initialized,
  type Layer,
  Linear,
  matMul,
  Module,
  OptionError,
  type Parameter,
  type Rng,
  stateBuffer,
} from "@pellucid/core-train";
import {
  mul,
  type Rank,
  reshape,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { attendInWindows } from "./attend-in-windows.ts";
import { relativePositions } from "./relative-positions.ts";

type Axes = readonly [height: number, width: number];

/** Options for {@link ShiftedWindowAttention}. */
export interface ShiftedWindowAttentionOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** How far the windows are shifted, in pixels. Default: not at all. */
  readonly shiftSize?: Axes;
  /** Probability that an attention weight is dropped. Default: 0. */
  readonly attentionDropout?: number;
  /** Probability that an output feature is dropped. Default: 0. */
  readonly dropout?: number;
}

/** @throws {OptionError} If sizes or options are invalid, before anything is drawn. */
export function checkWindowAttention(
  caller: string,
  dim: number,
  windowSize: Axes,
  numHeads: number,
  options: ShiftedWindowAttentionOptions,
): Required<ShiftedWindowAttentionOptions> {
  checkRng(caller, options);
  checkOptions(caller, options, ["rng", "shiftSize", "attentionDropout", "dropout"]);
  checkSizes(caller, { dim, numHeads, height: windowSize[0], width: windowSize[1] });
  const { rng, shiftSize = [0, 0], attentionDropout = 0, dropout = 0 } = options;
  checkProbabilities(caller, { attentionDropout, dropout });
  if (dim % numHeads !== 0) throw new OptionError(caller, "dim", dim, `a multiple of numHeads (${numHeads})`);
  for (const [axis, shift] of shiftSize.entries())
    if (!(Number.isInteger(shift) && shift >= 0 && shift < (windowSize[axis] ?? NaN)))
      throw new OptionError(caller, "shiftSize", shiftSize, "integers from 0, each below the window's size");
  return { rng, shiftSize, attentionDropout, dropout };
}

/**
 * Multi-head self-attention within windows of a map, with a learned bias for each offset between two pixels:
 * `softmax(q kᵀ / √d + B) v`.
 *
 * torchvision's `ShiftedWindowAttention`, with its names.
 *
 * Liu et al., 2021. Swin transformer: hierarchical vision transformer using shifted windows. https://arxiv.org/abs/2103.14030
 */
export class ShiftedWindowAttention extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly numHeads: number;
  readonly windowSize: Axes;
  readonly shiftSize: Axes;
  /** `[(2 height − 1) (2 width − 1), head]` of the window */
  readonly relativePositionBiasTable: Parameter<Rank.R2>;
  /** `[pixel · pixel]` */
  readonly relativePositionIndex: Buffer<Rank.R1>;
  readonly qkv: Linear;
  readonly proj: Linear;
  readonly attentionDropout: Dropout;
  readonly projectionDropout: Dropout;

  /** @param dim the number of channels */
  constructor(dim: number, windowSize: Axes, numHeads: number, options: ShiftedWindowAttentionOptions) {
    super();
    const { rng, shiftSize, ...dropouts } = checkWindowAttention(
      "ShiftedWindowAttention",
      dim,
      windowSize,
      numHeads,
      options,
    );
    const offsets = (2 * windowSize[0] - 1) * (2 * windowSize[1] - 1);
    this.numHeads = numHeads;
    this.windowSize = windowSize;
    this.shiftSize = shiftSize;
    this.qkv = new Linear(dim, 3 * dim, { rng });
    this.proj = new Linear(dim, dim, { rng });
    const bias = init.truncatedNormal({ std: 0.02 });
    this.relativePositionBiasTable = initialized<Rank.R2>([offsets, numHeads], bias, rng);
    this.relativePositionIndex = stateBuffer<Rank.R1>(relativePositions(windowSize));
    this.attentionDropout = new Dropout(dropouts.attentionDropout, { rng });
    this.projectionDropout = new Dropout(dropouts.dropout, { rng });
  }

  /**
   * @param x `[batch, height, width, dim]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const scores = (query: Tensor4D, key: Tensor4D): Tensor4D =>
        matMul(mul<Tensor4D>(query, query.shape[3] ** -0.5), transpose(key, [0, 1, 3, 2]));
      const rows = embedding(
        this.relativePositionIndex as Tensor1D,
        this.relativePositionBiasTable as Tensor2D,
      );
      return attendInWindows(x, this, {
        qkvBias: this.qkv.bias,
        scores,
        positionBias: biasOfHeads(rows, this.windowSize),
      });
    });
  }
}

/** @returns `[head, pixel, pixel]` from `[pixel · pixel, head]` */
export function biasOfHeads(rows: Tensor2D, [height, width]: Axes): Tensor3D {
  const pixels = height * width;
  return transpose(reshape<Tensor3D["rankType"]>(rows, [pixels, pixels, rows.shape[1]]), [2, 0, 1]);
}
