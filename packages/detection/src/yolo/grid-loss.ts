import {
  binaryCrossEntropyWithLogits,
  checkNotNegative,
  checkOptions,
  checkShape,
  logSoftmax,
} from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  mul,
  neg,
  sigmoid,
  split,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";

/** Options for {@link gridLoss}. */
export interface GridLossOptions {
  /** How much the box counts. Default: 5. */
  readonly coordinateWeight?: number;
  /** How much a cell without an object counts. Default: 0.5. */
  readonly noObjectWeight?: number;
}

/**
 * The loss of a grid, summed over cells, averaged over images: the cross-entropy of `p_c` in each cell; where there is an object also that of its class, and the squared errors of its center and of
 * the roots of its size, so that an error of a small box counts more. The paper has squared errors throughout.
 * Redmon et al., 2016, eq. 3. https://arxiv.org/abs/1506.02640
 *
 * @param output `[batch, row, column, 5 + class]`, of `YoloGrid`
 * @param target `[batch, row, column, 5 + class]`, see `gridTarget`
 */
export function gridLoss(output: Tensor4D, target: Tensor4D, options: GridLossOptions = {}): Tensor {
  checkOptions("gridLoss", options, ["coordinateWeight", "noObjectWeight"]);
  const { coordinateWeight = 5, noObjectWeight = 0.5 } = options;
  checkNotNegative("gridLoss", { coordinateWeight, noObjectWeight });
  checkShape("gridLoss", "output", output, ["batch", "row", "column", "5 + class"]);
  checkShape("gridLoss", "target", target, output.shape);
  return tidy(() => {
    const parts = [1, 2, 2, output.shape[3] - 5];
    const [logit, center, root, logits] = split(output, parts, 3) as [Tensor4D, Tensor4D, Tensor4D, Tensor4D];
    const [object, trueCenter, size, classes] = split(target, parts, 3) as [
      Tensor4D,
      Tensor4D,
      Tensor4D,
      Tensor4D,
    ];
    const found = binaryCrossEntropyWithLogits(logit, object, { reduction: "none" });
    const counts = add(object, mul(sub(1, object), noObjectWeight));
    const coordinates = concat([sub(sigmoid(center), trueCenter), sub(root, sqrt(size))], 3);
    const box = sum(square(coordinates), 3, true);
    const named = neg(sum(mul(classes, logSoftmax(logits)), 3, true));
    const owned = mul(object, add(mul(box, coordinateWeight), named));
    return div(sum(add(mul(found, counts), owned)), output.shape[0]);
  });
}
