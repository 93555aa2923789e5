import { add, sum, type Tensor, tidy, zerosLike } from "@tensorflow/tfjs-core";
import { gradient } from "../gradient.ts";
import type { Layer } from "../module/layer.ts";
import { capture } from "./capture.ts";
import { intercept } from "./intercept.ts";

/** A layer's output and how a score changes with it: two tensors of one shape. */
export interface GradientAt<Y extends Tensor> {
  readonly output: Y;
  readonly gradient: Y;
}

/**
 * What `layer` put out while `score` ran, and how the sum of the score changes with it.
 *
 * `d score / d output` is `d score(output + delta) / d delta` at `delta = 0`, whatever kind of layer it is.
 */
export function gradientAt<Y extends Tensor>(layer: Layer<never, Y>, score: () => Tensor): GradientAt<Y> {
  return tidy(() => {
    const output = capture(layer, score);
    const slope = gradient((delta: Y) => sum(intercept(layer, (y) => add<Y>(y, delta), score)));
    return { output, gradient: slope(zerosLike(output)) };
  });
}
