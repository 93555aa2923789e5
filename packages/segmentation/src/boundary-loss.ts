import {
  checkOptions,
  checkShape,
  checkTensor,
  OptionError,
  reduceLosses,
  type Reduction,
  softmax,
} from "@pellucid/core-train";
import { mul, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link boundaryLoss}. */
export interface BoundaryLossOptions {
  /** What makes probabilities of the input. Default: `"softmax"`. */
  readonly activation?: "softmax" | "none";
  /** How the losses become one. Default: `"mean"`. */
  readonly reduction?: Reduction;
}

/**
 * The mean of probability times signed distance from the true border: what is predicted far outside of a class costs most, so that small errors along a border stay cheap. Use it
 * with a Dice loss, its share rising during training.
 *
 * Kervadec et al., 2019, eq. 5. https://arxiv.org/abs/1812.07032
 *
 * @param input logits `[batch, height, width, class]`
 * @param distances `[batch, height, width, class]` of {@link signedDistances}
 * @returns one number; the shape of the input unreduced
 * @throws {EmptyBatchError} for a mean over nothing
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} if the shapes differ
 */
export function boundaryLoss(input: Tensor, distances: Tensor, options: BoundaryLossOptions = {}): Tensor {
  checkOptions("boundaryLoss", options, ["activation", "reduction"]);
  const { activation = "softmax", reduction = "mean" } = options;
  checkTensor("boundaryLoss", "input", input);
  checkShape("boundaryLoss", "distances", distances, input.shape, "Make them with signedDistances.");
  if (activation !== "softmax" && activation !== "none")
    throw new OptionError("boundaryLoss", "activation", activation, '"softmax" or "none"');
  return tidy(() => {
    const losses = mul(activation === "softmax" ? softmax(input) : input, distances); // [batch, height, width, class]
    return reduceLosses("boundaryLoss", losses, reduction);
  });
}
