import { amax, checkArguments, checkShape, OptionError } from "@pellucid/core-train";
import { mul, slice, type Tensor1D, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Box, checkBox, overlapWith } from "./overlap-with.ts";
import type { Score } from "./score.ts";

/** A detector by what it says of each of its anchors: those of one stage in `@pellucid/detection` have `decode`. */
export interface BoxModel {
  readonly decode: (images: Tensor4D) => {
    /** `[batch, anchor, 4]`: `x1, y1, x2, y2` in pixels of the images */
    readonly boxes: Tensor3D;
    /** `[batch, anchor, class]`: from 0 to 1 */
    readonly scores: Tensor3D;
  };
}

/** A box that a detector found, or should find. */
export interface BoxTarget {
  /** `x1, y1, x2, y2` in pixels. */
  readonly box: Box;
  /** Its class. */
  readonly label: number;
}

/**
 * How well a detector finds a box: the largest `IoU · score` of its anchors, with the IoU of the anchor's box and the target, and the score of the target's class; 1 for a certain detection of that very
 * box. Differentiable by box and score of the best anchor.
 */
export function boxScore(model: BoxModel, boxTarget: BoxTarget): Score {
  checkArguments("boxScore", { "{ decode }": { model }, "{ box, label }": { boxTarget } });
  const { box, label } = boxTarget;
  checkBox("boxScore", box);
  return (x) =>
    tidy(() => {
      const { boxes, scores } = model.decode(x);
      const [batch, anchors, classes] = scores.shape;
      checkShape("boxScore", "the model's boxes", boxes, [batch, anchors, 4]);
      if (!(Number.isInteger(label) && label >= 0 && label < classes))
        throw new OptionError("boxScore", "label", label, `a class from 0 to ${classes - 1}`);
      const named = slice(scores, [0, 0, label], [batch, anchors, 1]); // [batch, anchor, 1]
      return amax<Tensor1D>(mul(overlapWith(boxes, box), named), [1, 2]); // [batch]
    });
}
