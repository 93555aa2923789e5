import {
  binaryCrossEntropyWithLogits,
  checkNotNegative,
  checkOptions,
  checkShape,
} from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  mul,
  sigmoid,
  split,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";

/** Options for {@link anchorLoss}. */
export interface AnchorLossOptions {
  /** How much the box counts. Default: 5. */
  readonly coordinateWeight?: number;
  /** How much an anchor without an object counts. Default: 0.5. */
  readonly noObjectWeight?: number;
}

/**
 * The loss of anchors, summed over them, averaged over images: the cross-entropy of whether there is an object, where that counts; where there is one also that of each class, and the squared errors
 * of its center within the cell and of the logarithms of its size.
 * Redmon and Farhadi, 2018, section 2. https://arxiv.org/abs/1804.02767
 *
 * @param output `[batch, anchor, 5 + class]`, of `YoloAnchors`
 * @param target `[batch, anchor, 6 + class]`, see `anchorTarget`
 */
export function anchorLoss(output: Tensor3D, target: Tensor3D, options: AnchorLossOptions = {}): Tensor {
  checkOptions("anchorLoss", options, ["coordinateWeight", "noObjectWeight"]);
  const { coordinateWeight = 5, noObjectWeight = 0.5 } = options;
  checkNotNegative("anchorLoss", { coordinateWeight, noObjectWeight });
  checkShape("anchorLoss", "output", output, ["batch", "anchor", "5 + class"]);
  const [batch, anchors, size] = output.shape;
  checkShape("anchorLoss", "target", target, [batch, anchors, size + 1]);
  return tidy(() => {
    const [logit, center, logs, logits] = split(output, [1, 2, 2, size - 5], 2) as [
      Tensor3D,
      Tensor3D,
      Tensor3D,
      Tensor3D,
    ];
    const [counts, object, trueBox, classes] = split(target, [1, 1, 4, size - 5], 2) as [
      Tensor3D,
      Tensor3D,
      Tensor3D,
      Tensor3D,
    ];
    const found = binaryCrossEntropyWithLogits(logit, object, { reduction: "none" });
    const weight = mul(counts, add(object, mul(sub(1, object), noObjectWeight)));
    const box = sum(square(sub(concat([sigmoid(center), logs], 2), trueBox)), 2, true);
    const named = sum(binaryCrossEntropyWithLogits(logits, classes, { reduction: "none" }), 2, true);
    const owned = mul(object, add(mul(box, coordinateWeight), named));
    return div(sum(add(mul(found, weight), owned)), batch);
  });
}
