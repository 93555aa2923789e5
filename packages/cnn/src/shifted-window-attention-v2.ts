import {
  type Buffer,
  clamp,
  Dropout,
  embedding,
  initialize,
  init,
  type Layer,
  Linear,
  matMul,
  Module,
  normalizeVectors,
  type Parameter,
  parameter,
  ReLU,
  Sequential,
  stateBuffer,
} from "@pellucid/core-train";
import {
  concat,
  exp,
  mul,
  type Rank,
  reshape,
  sigmoid,
  slice,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { attendInWindows } from "./attend-in-windows.ts";
import { relativePositions } from "./relative-positions.ts";
import {
  biasOfHeads,
  checkWindowAttention,
  type ShiftedWindowAttentionOptions,
} from "./shifted-window-attention.ts";

type Axes = readonly [height: number, width: number];

/**
 * {@link ShiftedWindowAttention} with the cosine of query and key in place of their product, scaled by a learned factor of at most 100,
 * and with a bias that a small network computes from the offset: `softmax(τ cos(q, k) + 16 sigmoid(f(Δy, Δx))) v`.
 *
 * torchvision's `ShiftedWindowAttentionV2`, with its names. The key has no bias.
 *
 * Liu et al., 2022. Swin transformer V2: scaling up capacity and resolution. https://arxiv.org/abs/2111.09883
 */
export class ShiftedWindowAttentionV2 extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly numHeads: number;
  readonly windowSize: Axes;
  readonly shiftSize: Axes;
  /** The logarithm of each head's scale, `[head, 1, 1]`. */
  readonly logitScale: Parameter<Rank.R3>;
  /** The logarithms of all offsets, `[1, 2 height − 1, 2 width − 1, 2]` of the window. */
  readonly relativeCoordsTable: Buffer<Rank.R4>;
  /** `[pixel · pixel]` */
  readonly relativePositionIndex: Buffer<Rank.R1>;
  readonly qkv: Linear;
  readonly proj: Linear;
  readonly cpbMlp: Sequential<[Linear, ReLU, Linear]>;
  readonly attentionDropout: Dropout;
  readonly projectionDropout: Dropout;

  /** @param dim the number of channels */
  constructor(dim: number, windowSize: Axes, numHeads: number, options: ShiftedWindowAttentionOptions) {
    super();
    const { rng, shiftSize, ...dropouts } = checkWindowAttention(
      "ShiftedWindowAttentionV2",
      dim,
      windowSize,
      numHeads,
      options,
    );
    this.numHeads = numHeads;
    this.windowSize = windowSize;
    this.shiftSize = shiftSize;
    this.qkv = new Linear(dim, 3 * dim, { rng });
    this.proj = new Linear(dim, dim, { rng });
    this.relativeCoordsTable = stateBuffer<Rank.R4>(logCoordinates(windowSize));
    this.relativePositionIndex = stateBuffer<Rank.R1>(relativePositions(windowSize));
    this.logitScale = parameter<Rank.R3>({
      data: new Float32Array(numHeads).fill(Math.log(10)),
      shape: [numHeads, 1, 1],
    });
    this.cpbMlp = new Sequential(
      new Linear(2, 512, { rng }),
      new ReLU(),
      new Linear(512, numHeads, { rng, bias: false }),
    );
    initialize(this.qkv, "bias", init.constant(0), rng);
    this.attentionDropout = new Dropout(dropouts.attentionDropout, { rng });
    this.projectionDropout = new Dropout(dropouts.dropout, { rng });
  }

  /**
   * @param x `[batch, height, width, dim]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const scale = exp(clamp(this.logitScale, -Infinity, Math.log(100))); // [head, 1, 1]
      const scores = (query: Tensor4D, key: Tensor4D): Tensor4D =>
        mul(matMul(normalizeVectors(query), transpose(normalizeVectors(key), [0, 1, 3, 2])), scale);
      return attendInWindows(x, this, {
        qkvBias: this.#qkvBias(),
        scores,
        positionBias: this.#positionBias(),
      });
    });
  }

  #qkvBias(): Tensor1D {
    const bias = this.qkv.bias as Tensor1D;
    const dim = bias.size / 3;
    return concat([slice(bias, 0, dim), zeros<Rank.R1>([dim]), slice(bias, 2 * dim, dim)]);
  }

  #positionBias() {
    const table = this.cpbMlp.forward(this.relativeCoordsTable); // [1, 2 height − 1, 2 width − 1, head]
    const rows = reshape<Tensor2D["rankType"]>(table, [-1, this.numHeads]);
    const found = embedding(this.relativePositionIndex as Tensor1D, rows); // [pixel · pixel, head]
    return mul<ReturnType<typeof biasOfHeads>>(sigmoid(biasOfHeads(found, this.windowSize)), 16);
  }
}

/** `sign(c) log₂(|c| + 1) / 3` of all offsets, scaled to −8 … 8. */
function logCoordinates([height, width]: Axes) {
  const { fround } = Math;
  const along = (size: number): number[] =>
    Array.from({ length: 2 * size - 1 }, (_, i) => {
      const scaled = fround(fround((i - size + 1) / (size - 1)) * 8);
      return (Math.sign(scaled) * Math.log2(Math.abs(scaled) + 1)) / 3;
    });
  const [rows, columns] = [along(height), along(width)];
  const data = Float32Array.from(rows.flatMap((dy) => columns.flatMap((dx) => [dy, dx])));
  return { data, shape: [1, rows.length, columns.length, 2] };
}
