import { add, div, mul, reshape, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { ShapeError } from "../shape-error.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";
import { checkNotNegative } from "../check-values.ts";

export interface DiceLossOptions extends LossOptions {
  /** What is added above and below, so that two empty masks agree. Default: 1e-6. */
  readonly eps?: number;
}

/**
 * How little two masks overlap, `1 − (2 Σ x y + ε) / (Σ x + Σ y + ε)` for each class of each image: the soft form of the Dice
 * coefficient, for which classes of any size count the same.
 *
 * Milletari et al., 2016, section 3, without its squares. https://arxiv.org/abs/1606.04797 Not part of PyTorch.
 *
 * @param input `[batch, …, class]` probabilities
 * @param target `[batch, …, class]` masks of ones and zeros, of the shape of the input
 * @returns one number; `[batch, class]` unreduced
 */
export function diceLoss(input: Tensor, target: Tensor, options: DiceLossOptions = {}): Tensor {
  checkOptions("diceLoss", options, ["eps", "reduction"]);
  const { eps = 1e-6, reduction } = options;
  checkNotNegative("diceLoss", { eps });
  checkTensor("diceLoss", "input", input);
  if (input.rank < 3) {
    throw new ShapeError(`diceLoss: input is [${input.shape.join(", ")}], expected [batch, …, class].`);
  }
  checkSameShape("diceLoss", { input, target });
  const space = Array.from({ length: input.rank - 2 }, (_, i) => i + 1);
  return tidy(() => {
    const [batch = 0] = input.shape;
    const classes = input.shape.at(-1) ?? 0;
    if (batch === 0) return reduceLosses("diceLoss", reshape(input, [batch, classes]), reduction);
    const overlap = mul(2, sum(mul(input, target), space)); //                       [batch, class]
    const size = add(sum(input, space), sum(target, space)); //                      [batch, class]
    const losses = sub(1, div(add(overlap, eps), add(size, eps))); //                [batch, class]
    return reduceLosses("diceLoss", losses, reduction);
  });
}
