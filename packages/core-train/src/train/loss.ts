import { Tensor, tidy } from "@tensorflow/tfjs-core";
import { countOf } from "../mean-over.ts";
import { noGrad } from "../no-grad.ts";
import { ShapeError } from "../shape-error.ts";
import type { Batch } from "./batch.ts";
import { exampleCount } from "./example-count.ts";

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

/** A batch's mean loss, and how many targets it is the mean of: see {@link meanOver}. */
export interface MeanLoss {
  readonly loss: Tensor;
  readonly count: Tensor | number;
}

/**
 * Calls a loss with as many arguments as it declares.
 *
 * @param caller for the error
 * @throws TypeError for a loss that returns a promise or anything else that is not a tensor
 * @throws ShapeError for a loss of more than one number
 */
export function lossOf<Out, B extends Batch<unknown, unknown>>(
  caller: string,
  loss: Loss<Out, B>,
  output: Out,
  batch: B,
): MeanLoss {
  const value: unknown = takesTwo(loss) ? loss(output, batch.y) : loss(output, batch.y, batch);
  checkLoss(caller, value);
  const count = countOf(value) ?? exampleCount(caller, batch);
  return { loss: value, count: typeof count === "number" ? count : noGrad(() => tidy(count)) };
}

/** Throws unless `loss` is a tensor of one number. */
export function checkLoss(caller: string, loss: unknown): asserts loss is Tensor {
  if (loss instanceof Promise) {
    loss.catch(() => {}); // report the error below instead
    throw new TypeError(
      `${caller}: the loss is a promise, expected a tensor. Remove async and await from the loss: a training step is synchronous.`,
    );
  }
  if (!(loss instanceof Tensor)) {
    const found = typeof loss === "object" && loss !== null ? `a ${loss.constructor.name}` : String(loss);
    throw new TypeError(`${caller}: the loss is ${found}, expected a tensor of one number.`);
  }
  if (loss.rank === 0) return;
  throw new ShapeError(
    `${caller}: the loss is [${loss.shape.join(", ")}], expected one number. Reduce it with mean or sum.`,
  );
}

function takesTwo<Out, B extends Batch<unknown, unknown>>(loss: Loss<Out, B>): loss is OfTwo<Out, B["y"]> {
  return loss.length === 2;
}
