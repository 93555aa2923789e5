import {
  cast,
  concat,
  floorDiv,
  gather,
  mul,
  reshape,
  slice,
  sub,
  type Tensor1D,
  type Tensor2D,
  topk,
} from "@tensorflow/tfjs-core";
import type { BoxArray } from "../anchors/box-array.ts";
import type { GraphDetections } from "./graph-detections.ts";

/**
 * The best anchors and classes of each map, as tensors: what `bestOfLevels` takes before it suppresses. To be called in a `tidy`.
 *
 * @param boxes `[anchor, 4]` of all maps
 * @param scores `[anchor, class]`
 * @param most candidates of each map
 */
export function candidatesOfLevels(
  boxes: Tensor2D,
  scores: Tensor2D,
  levels: readonly BoxArray[],
  most: number,
): GraphDetections {
  const classes = scores.shape[1];
  let from = 0;
  const best = levels.map(({ shape: [anchors = 0] }) => {
    const own = reshape<Tensor1D["rankType"]>(slice(scores, [from, 0], [anchors, classes]), [-1]);
    const { values, indices } = topk(own, Math.min(most, anchors * classes)); // [candidate] each
    const rows = cast(floorDiv<Tensor1D>(indices, classes), "int32"); // float32 on WASM
    const found = {
      boxes: gather(slice(boxes, [from, 0], [anchors, 4]), rows),
      scores: values,
      labels: sub<Tensor1D>(indices, mul(rows, classes)),
    };
    from += anchors;
    return found;
  });
  return {
    boxes: concat(best.map((level) => level.boxes)),
    scores: concat(best.map((level) => level.scores)),
    labels: concat(best.map(({ labels }) => labels)),
  };
}
