import { cast, neg, type Tensor, topk } from "@tensorflow/tfjs-core";
import { noGrad } from "../no-grad.ts";
import { moveAxis } from "./move-axis.ts";

/** Where the first `count` numbers in order are along an axis, int32; those that tie stay in order. */
export function orderAlong(x: Tensor, axis: number, count: number, descending: boolean): Tensor {
  return noGrad(() => {
    const last = moveAxis(x, axis, x.rank - 1);
    const { indices } = topk(descending ? last : neg(last), count, true);
    return cast(moveAxis(indices, x.rank - 1, axis), "int32");
  });
}
