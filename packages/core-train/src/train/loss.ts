import type { Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "./batch.ts";

/**
 * The loss of a batch, one number: `loss(output, target, batch)`, where `target` is the batch's `y`.
 *
 * A function that declares two parameters is called with two, so that {@link crossEntropy} and all others whose third parameter
 * are options can be given as they are; any other is called with all three.
 */
export type Loss<Out, B extends Batch<unknown, unknown>> =
  | ((output: Out, target: B["y"], batch: B) => Tensor)
  | OfTwo<Out, B["y"]>;

/** Of two parameters. The second signature keeps TypeScript from inferring the parameters of a function literal here. */
interface OfTwo<Out, Y> {
  (output: Out, target: Y): Tensor;
  <_>(output: Out, target: Y): Tensor;
}

/** Calls a loss with as much as it declares. */
export function lossOf<Out, B extends Batch<unknown, unknown>>(
  loss: Loss<Out, B>,
  output: Out,
  batch: B,
): Tensor {
  return takesTwo(loss) ? loss(output, batch.y) : loss(output, batch.y, batch);
}

function takesTwo<Out, B extends Batch<unknown, unknown>>(loss: Loss<Out, B>): loss is OfTwo<Out, B["y"]> {
  return loss.length === 2;
}
