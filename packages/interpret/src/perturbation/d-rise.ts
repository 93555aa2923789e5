import { amax, checkArguments, checkOptions, checkRng, checkShape, OptionError } from "@pellucid/core-train";
import {
  add,
  div,
  mul,
  sqrt,
  square,
  sum,
  type Tensor1D,
  type Tensor3D,
  tensor3d,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { BoxModel } from "../score/box-score.ts";
import { type Box, checkBox, overlapWith } from "../score/overlap-with.ts";
import type { Score } from "../score/score.ts";
import { rise, type RiseOptions } from "./rise.ts";

/** A detection to explain. */
export interface DetectionTarget {
  /** `x1, y1, x2, y2` in pixels. */
  readonly box: Box;
  /** The score of each class. */
  readonly scores: ArrayLike<number>;
}

/**
 * RISE of a detection: the mean of random masks, weighted by how similar the most similar box is that the detector finds through the mask: the IoU of the boxes times the cosine of the scores of all classes.
 * Petsiuk et al., 2021, equation 4, without a separate objectness. https://arxiv.org/abs/2006.03204
 *
 * @returns `[batch, height, width, 1]`
 */
export function dRise(
  model: BoxModel,
  target: DetectionTarget,
  options: RiseOptions,
): (x: Tensor4D) => Promise<Tensor4D> {
  checkArguments("dRise", { "{ decode }": { model }, "{ box, scores }": { target } });
  checkRng("dRise", options);
  checkOptions("dRise", options, ["rng", "masks", "cells", "keep", "batchSize", "signal", "onProgress"]);
  return rise(detectionSimilarity(model, target), options);
}

/** The similarity of the most similar detection. */
function detectionSimilarity(model: BoxModel, { box, scores: wanted }: DetectionTarget): Score {
  checkBox("dRise", box);
  const numbers = Array.from(wanted);
  const length = Math.hypot(...numbers);
  if (!(numbers.length > 0 && length > 0 && length < Infinity))
    throw new OptionError("dRise", "scores", `[${numbers.join(", ")}]`, "a score of each class, not all 0");
  return (x) =>
    tidy(() => {
      const { boxes, scores } = model.decode(x);
      const [batch, anchors] = scores.shape;
      checkShape("dRise", "the model's scores", scores, ["batch", "anchor", numbers.length]);
      checkShape("dRise", "the model's boxes", boxes, [batch, anchors, 4]);
      const dot = sum(mul(scores, tensor3d(numbers, [1, 1, numbers.length])), 2, true) as Tensor3D; // [batch, anchor, 1]
      const cosine = div(dot, add(mul(sqrt(sum(square(scores), 2, true)), length), 1e-12));
      return amax<Tensor1D>(mul(overlapWith(boxes, box), cosine), [1, 2]); // [batch]
    });
}
