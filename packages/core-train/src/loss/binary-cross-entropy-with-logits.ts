import { add, exp, mul, neg, onesLike, relu, sigmoid, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { defineOp } from "../op/define-op.ts";
import type { BinaryCrossEntropyOptions } from "./binary-cross-entropy.ts";
import { reduceLosses } from "../reduce-losses.ts";
import { abs } from "../op/abs.ts";
import { log1p } from "../op/log1p.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

/** `−y log σ(x) − (1 − y) log(1 − σ(x))` of each number, without overflow or cancellation. */
export const logitCrossEntropy = defineOp({
  name: "PellucidBinaryCrossEntropyWithLogits",
  inputs: { input: "float32", target: "float32" },
  reference: ({ input, target }): Tensor =>
    add(sub(relu(input), mul(input, target)), log1p(exp(neg(abs(input))))),
  gradient: (dy, { input, target }) => ({
    input: () => mul(dy, sub(sigmoid(input), target)),
    target: () => mul(dy, neg(input)),
  }),
});

export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** How much more a one counts than a zero, of a shape that broadcasts to the input's: `[class]`. Default: 1. */
  readonly posWeight?: Tensor;
}

/**
 * The cross-entropy of logits with ones and zeros, PyTorch's `binary_cross_entropy_with_logits`:
 * `−w (p y log σ(x) + (1 − y) log(1 − σ(x)))`.
 *
 * @param input `[…]` logits
 * @param target `[…]`, 0 to 1, of the shape of the input
 * @returns one number; `[…]` unreduced
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: BinaryCrossEntropyWithLogitsOptions = {},
): Tensor {
  checkOptions("binaryCrossEntropyWithLogits", options, ["posWeight", "weight", "reduction"]);
  const caller = "binaryCrossEntropyWithLogits";
  const { weight, posWeight, reduction } = options;
  checkSameShape(caller, { input, target });
  return tidy(() => {
    let losses = logitCrossEntropy({ input, target }, {});
    if (posWeight !== undefined) {
      const ofOne = logitCrossEntropy({ input, target: onesLike(input) }, {});
      losses = add(losses, mul(mul(sub(posWeight, 1), target), ofOne));
    }
    return reduceLosses(caller, weight === undefined ? losses : mul(losses, weight), reduction);
  });
}
