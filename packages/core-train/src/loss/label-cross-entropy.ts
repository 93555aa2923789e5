import {
  add,
  exp,
  expandDims,
  log,
  mean,
  mul,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { amax } from "../op/amax.ts";
import { defineOp } from "../op/define-op.ts";
import { oneHotOrZeros } from "../op/one-hot-or-zeros.ts";
import { softmax } from "../op/softmax.ts";
import { isCounted } from "./is-counted.ts";
import { pick } from "./pick.ts";

interface Attributes {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
}

/**
 * The cross-entropy of each row with its label, `[row]`: `log Σ_c exp x_c − (1 − ε) x_y − ε mean_c x_c`, and 0 where the
 * label is the ignored one. The loss of a label outside the classes is infinite.
 */
export const labelCrossEntropy = defineOp({
  name: "PellucidLabelCrossEntropy",
  caller: "crossEntropy",
  inputs: { input: "float32[row, class]", target: "int32[row]" },
  reference: ({ input, target }, { ignoreIndex, labelSmoothing }: Attributes): Tensor1D => {
    const shifted = sub<Tensor2D>(input, amax(input, 1, true)); //                    [row, class]
    const logSum = log(sum(exp(shifted), 1)); //                                      [row]
    const ofLabel = pick({ x: shifted, label: target }, {}); //                       [row]
    const hard = sub(logSum, labelSmoothing === 0 ? ofLabel : mul(1 - labelSmoothing, ofLabel));
    const loss = labelSmoothing === 0 ? hard : sub(hard, mul(labelSmoothing, mean(shifted, 1)));
    return where(isCounted(target, ignoreIndex), loss, zerosLike(loss)) as Tensor1D;
  },
  gradient: (dy, tensors, attributes) => ({
    input: () => labelCrossEntropyGradient({ ...tensors, dy }, attributes),
  }),
});

/** The gradient of {@link labelCrossEntropy} at its input: the softmax less what was wanted, times the gradient at the loss. */
export const labelCrossEntropyGradient = defineOp({
  name: "PellucidLabelCrossEntropyGradient",
  caller: "crossEntropy",
  inputs: { input: "float32[row, class]", target: "int32[row]", dy: "float32[row]" },
  reference: ({ input, target, dy }, { ignoreIndex, labelSmoothing }: Attributes): Tensor2D => {
    const [, classes] = input.shape;
    const hard = oneHotOrZeros<Tensor2D>(target, classes); //                              [row, class]
    const wanted = labelSmoothing === 0 ? hard : add(mul(hard, 1 - labelSmoothing), labelSmoothing / classes);
    const weights = where(isCounted(target, ignoreIndex), dy, zerosLike(dy)); //      [row]
    return mul(sub(softmax(input), wanted), expandDims(weights, 1)); //               [row, class]
  },
  gradient: "reference",
});
