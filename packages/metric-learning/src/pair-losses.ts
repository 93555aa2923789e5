import { checkFinite, checkNotNegative, checkRecord, checkShape } from "@pellucid/core-train";
import { add, cast, mean, mul, relu, square, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { safeSqrt } from "./distance.ts";
import type { PairOf, TripletOf } from "./siamese-network.ts";

/** Options for {@link pairLoss}. */
export interface PairLossOfTwoOptions {
  /** How far embeddings of different examples should be. Default: 1. */
  readonly margin?: number;
}

/**
 * The loss of a {@link SiameseNetwork}: `d²` for two examples of one class, `max(0, margin − d)²` for two of different ones, averaged. Hadsell et al., 2006, eq. 4, without its halves.
 *
 * @param same `[batch]`, 1 where both are of one class, otherwise 0
 * @returns one number
 * @throws {StructError} for what is not a record of tensors
 * @throws {ShapeError} if the shapes do not fit
 */
export function pairLoss(pair: PairOf<Tensor>, same: Tensor, options: PairLossOfTwoOptions = {}): Tensor {
  checkRecord("pairLoss", "pair", pair, ["first", "second"]);
  checkRecord("pairLoss", "options", options, []);
  const { first, second } = pair;
  const { margin = 1 } = options;
  checkNotNegative("pairLoss", { margin });
  checkShape("pairLoss", "first", first, ["batch", "feature"]);
  checkShape("pairLoss", "second", second, first.shape);
  checkShape("pairLoss", "same", same, [first.shape[0]]);
  return tidy(() => {
    const squares = sum(square(sub(first, second)), 1); //                    [batch]
    const near = square(relu(sub(margin, safeSqrt(squares)))); //             [batch]
    const is = cast(same, "float32");
    return mean(add(mul(is, squares), mul(sub(1, is), near)));
  });
}

/** Options for {@link tripletLoss}. */
export interface TripletLossOptions {
  /** By how much the negative should be farther than the positive. With 0, equal embeddings for all have a loss of 0. Default: 0.2. */
  readonly margin?: number;
  /** Whether distances are squared, as in FaceNet. Default: true; `torch.nn.TripletMarginLoss` does not. */
  readonly squared?: boolean;
}

/**
 * The loss of a {@link TripletNetwork}: the mean of `max(0, ‖a − p‖² − ‖a − n‖² + margin)`. Schroff et al., 2015, eq. 3. https://arxiv.org/abs/1503.03832
 *
 * @returns one number
 * @throws {StructError} for what is not a record of tensors
 * @throws {ShapeError} if the shapes do not fit
 */
export function tripletLoss(triplet: TripletOf<Tensor>, options: TripletLossOptions = {}): Tensor {
  checkRecord("tripletLoss", "triplet", triplet, ["anchor", "positive", "negative"]);
  checkRecord("tripletLoss", "options", options, []);
  const { anchor, positive, negative } = triplet;
  const { margin = 0.2, squared = true } = options;
  checkFinite("tripletLoss", { margin });
  checkShape("tripletLoss", "anchor", anchor, ["batch", "feature"]);
  checkShape("tripletLoss", "positive", positive, anchor.shape);
  checkShape("tripletLoss", "negative", negative, anchor.shape);
  return tidy(() => {
    const distance = (y: Tensor) => {
      const squares = sum(square(sub(anchor, y)), 1); // [batch]
      return squared ? squares : safeSqrt(squares);
    };
    return mean(relu(add(sub(distance(positive), distance(negative)), margin)));
  });
}
