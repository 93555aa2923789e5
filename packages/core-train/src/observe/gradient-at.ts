import { add, sum, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { gradient, isDifferentiable } from "../gradient.ts";
import type { Layer } from "../module/layer.ts";
import { NoGradientError } from "../no-gradient-error.ts";
import { leaves } from "../struct/leaves.ts";
import { mapLeaves } from "../struct/map-leaves.ts";
import type { Structured } from "../struct/struct.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import { capture } from "./capture.ts";
import { intercept } from "./intercept.ts";
import { checkRecord } from "../check-record.ts";
import { checkFunction } from "../check-callable.ts";

/** A layer's output and the gradient of a score with respect to it: two structures of one form. */
export interface GradientAt<Y> {
  readonly output: Y;
  /** Zeros for tensors of integers and booleans. */
  readonly gradient: Y;
}

/**
 * The output of `layer` while `score` ran, and the gradient of the sum of the score with respect to each float tensor of it.
 *
 * `d score / d output` is `d score(output + delta) / d delta` at `delta = 0`, whatever kind of layer it is.
 */
export function gradientAt<Y extends Structured<Y>>(
  layer: Layer<never, Y>,
  score: () => Tensor,
): GradientAt<Y> {
  checkRecord("gradientAt", "layer", layer, ["forward"]);
  checkFunction("gradientAt", "score", score);
  return tidyLeaves(() => {
    const output = capture(layer, score);
    const shifted = (y: Y, delta: Y): Y => {
      const deltas = leaves(delta);
      return mapLeaves(y, (leaf, i) => (isDifferentiable(leaf) ? add(leaf, deltas[i] ?? 0) : leaf));
    };
    const at = gradient((delta: Y) => sum(intercept(layer, (y) => shifted(y, delta), score)));
    const zeros = mapLeaves(output, (leaf) => zerosLike(leaf));
    try {
      return { output, gradient: at(zeros) };
    } catch (error) {
      if (!(error instanceof NoGradientError)) throw error;
      const name = layer.constructor.name;
      throw new NoGradientError(
        `gradientAt: the score does not depend on the output of ${name}, so its gradient there is not defined. Take a layer between the input and the score.`,
        { cause: error },
      );
    }
  });
}
