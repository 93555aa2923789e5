import { type Dropout, type Linear, linear, matMul, softmax } from "@pellucid/core-train";
import {
  add,
  expandDims,
  reshape,
  split,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  tile,
  transpose,
} from "@tensorflow/tfjs-core";
import { inShiftedWindows } from "./in-shifted-windows.ts";

type Axes = readonly [height: number, width: number];

/** A layer of attention within windows. */
export interface WindowAttention {
  readonly numHeads: number;
  readonly windowSize: Axes;
  readonly shiftSize: Axes;
  readonly qkv: Linear;
  readonly proj: Linear;
  readonly attentionDropout: Dropout;
  readonly projectionDropout: Dropout;
}

/** Where the two versions of the Swin transformer differ. */
export interface WindowScores {
  /** The bias of the projection to query, key and value, `[3 · channel]`. */
  readonly qkvBias: Tensor1D | null;
  /** `[window, head, query, key]` */
  readonly scores: (query: Tensor4D, key: Tensor4D) => Tensor4D;
  /** `[head, query, key]` */
  readonly positionBias: Tensor3D;
}

/**
 * Multi-head self-attention among the pixels of each window: `softmax(scores + position bias + mask) v`, then a projection.
 *
 * @param x `[batch, height, width, channel]`
 * @returns the same shape
 */
export function attendInWindows(x: Tensor4D, layer: WindowAttention, by: WindowScores): Tensor4D {
  const { numHeads, windowSize, shiftSize, qkv, proj } = layer;
  return inShiftedWindows(x, windowSize, shiftSize, (windows, mask) => {
    const [count, pixels, width] = windows.shape;
    const projected = linear(windows, qkv.weight, by.qkvBias); // [window, pixel, 3 · channel]
    const heads: Tensor4D = reshape(projected, [count, pixels, 3 * numHeads, width / numHeads]);
    const parts = split(transpose(heads, [0, 2, 1, 3]), 3, 1); // [window, head, pixel, feature] each
    const [query, key, value] = parts as [Tensor4D, Tensor4D, Tensor4D];
    const biased = add<Tensor4D>(by.scores(query, key), expandDims(by.positionBias, 0)); // [window, head, query, key]
    const weights = softmax(masked(biased, mask));
    const rows: Tensor3D = reshape(weights, [count * numHeads, pixels, pixels]); // drawn in this order, as PyTorch
    const kept = reshape(layer.attentionDropout.forward(rows), weights.shape);
    const attended = transpose(matMul(kept, value), [0, 2, 1, 3]); // [window, pixel, head, feature]
    const joined = reshape<Tensor3D["rankType"]>(attended, [count, pixels, width]);
    return layer.projectionDropout.forward(proj.forward(joined));
  });
}

/** Adds the mask of each window, `[window, pixel, pixel]`, for every example and head. */
function masked(scores: Tensor4D, mask: Tensor3D | null): Tensor4D {
  if (mask === null) return scores;
  const examples = scores.shape[0] / mask.shape[0];
  return add(scores, expandDims(tile(mask, [examples, 1, 1]), 1));
}
