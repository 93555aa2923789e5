import { add, div, log, mul, neg, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { defineOp } from "../op/define-op.ts";
import { checkProbabilityValues } from "./check-domain.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { log1p } from "../op/log1p.ts";
import { maximum } from "../op/maximum.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

const ofProbabilities = defineOp({
  name: "PellucidBinaryCrossEntropy",
  inputs: { input: "float32", target: "float32" },
  reference: ({ input, target }): Tensor => {
    const ofOne = mul(target, logarithm(input));
    const ofZero = mul(sub(1, target), logarithmOfRest(input));
    return neg(add(ofOne, ofZero));
  },
  gradient: (dy, { input, target }) => ({
    // PyTorch's: where the logarithm is cut off, the gradient is not zero but large, and moves the input back.
    input: () => mul(dy, div(sub(input, target), maximum(mul(input, sub(1, input)), 1e-12))),
    target: () => mul(dy, sub(logarithmOfRest(input), logarithm(input))),
  }),
});

function logarithm(p: Tensor): Tensor {
  return maximum(log(p), -100);
}

function logarithmOfRest(p: Tensor): Tensor {
  return maximum(log1p(neg(p)), -100);
}

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** What each loss is multiplied with, of a shape that broadcasts to the input's. Default: 1. */
  readonly weight?: Tensor;
}

/**
 * The cross-entropy of probabilities with ones and zeros, PyTorch's `binary_cross_entropy`:
 * `−w (y log x + (1 − y) log(1 − x))`, the logarithms cut off at −100.
 *
 * {@link binaryCrossEntropyWithLogits} has no need of a sigmoid before it, and no rounding of one.
 *
 * @param input `[…]`, 0 to 1
 * @param target `[…]`, 0 to 1, of the shape of the input
 * @returns one number; `[…]` unreduced
 * @throws DomainError for a number outside of 0 to 1
 */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  checkOptions("binaryCrossEntropy", options, ["weight", "reduction"]);
  const caller = "binaryCrossEntropy";
  const { weight, reduction } = options;
  checkSameShape(caller, { input, target });
  checkProbabilityValues(caller, "input", input, "Logits go into binaryCrossEntropyWithLogits");
  checkProbabilityValues(caller, "target", target, "Numbers of any size go into mseLoss");
  return tidy(() => {
    const losses = ofProbabilities({ input, target }, {});
    return reduceLosses(caller, weight === undefined ? losses : mul(losses, weight), reduction);
  });
}
