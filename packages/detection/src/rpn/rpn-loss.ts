import {
  binaryCrossEntropyWithLogits,
  checkArguments,
  checkRecord,
  checkShape,
  smoothL1Loss,
} from "@pellucid/core-train";
import {
  div,
  reshape,
  type Scalar,
  type Tensor2D,
  tensor1d,
  tensor2d,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import type { BalancedSample } from "../anchors/balanced-positive-negative-sampler.ts";
import type { BoxArray } from "../anchors/box-array.ts";
import { rowsAt } from "./rows-at.ts";
import { zeroOf } from "./zero-of.ts";

/** The two losses of a region proposal network. */
export type RpnLosses = {
  readonly lossObjectness: Scalar;
  readonly lossRpnBoxReg: Scalar;
};

/** What the loss of a region proposal network is computed from, over the anchors of all images of a batch. */
export interface RpnLossInput {
  /** `[batch, anchor]` logits. */
  readonly objectness: Tensor2D;
  /** `[batch, anchor, 4]` codes. */
  readonly deltas: Tensor3D;
  /** 1 for objects, 0 for background, −1 for neither, by image. */
  readonly labels: readonly Int32Array[];
  /** The codes to be predicted, by image. */
  readonly codes: readonly BoxArray[];
  /** The anchors that count, by image. */
  readonly samples: readonly BalancedSample[];
}

/**
 * The losses of a region proposal network over sampled anchors: the binary cross-entropy of objectness, and the smooth L1 loss (β = 1/9) of the codes of objects, divided by *all* sampled
 * anchors: 0 without any object. To be called in a `tidy`.
 *
 * Ren et al., 2015. Faster R-CNN, eq. 1. https://arxiv.org/abs/1506.01497
 *
 * @throws {StructError} for what is not a record of tensors and of arrays, one of each image
 * @throws {ShapeError} if the shapes do not fit
 */
export function rpnLoss(input: RpnLossInput): RpnLosses {
  checkRecord("rpnLoss", "the input", input, ["objectness", "deltas", "labels", "codes", "samples"]);
  const { objectness, deltas, labels, codes, samples } = input;
  checkShape("rpnLoss", "objectness", objectness, ["batch", "anchor"]);
  checkShape("rpnLoss", "deltas", deltas, [...objectness.shape, 4]);
  checkArguments("rpnLoss", {
    "numbers[]": { labels },
    "{ data, shape }[]": { codes },
    "{ positive, negative }[]": { samples },
  });
  const [, anchors] = objectness.shape;
  const across = (of: (sample: BalancedSample) => Int32Array): number[] =>
    samples.flatMap((sample, image) => Array.from(of(sample), (i) => image * anchors + i));
  const positive = across((sample) => sample.positive);
  const sampled = [...positive, ...across((sample) => sample.negative)];
  if (sampled.length === 0) return { lossObjectness: zeroOf(objectness), lossRpnBoxReg: zeroOf(deltas) };
  const logits = reshape(rowsAt(reshape(objectness, [objectness.size, 1]), sampled), [sampled.length]); // [sampled]
  const wanted = sampled.map((i) => (labels[Math.floor(i / anchors)] as Int32Array)[i % anchors] ?? NaN);
  const lossObjectness = binaryCrossEntropyWithLogits(logits, tensor1d(wanted)) as Scalar;
  if (positive.length === 0) return { lossObjectness, lossRpnBoxReg: zeroOf(deltas) };
  const targets = positive.flatMap((i) => {
    const at = (i % anchors) * 4;
    return [...(codes[Math.floor(i / anchors)] as BoxArray).data.subarray(at, at + 4)];
  });
  const predicted = rowsAt(reshape(deltas, [objectness.size, 4]), positive); //                           [positive, 4]
  const error = smoothL1Loss(predicted, tensor2d(targets, [positive.length, 4]), {
    beta: 1 / 9,
    reduction: "sum",
  });
  return { lossObjectness, lossRpnBoxReg: div(error, sampled.length) };
}
