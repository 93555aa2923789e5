import { cast, gather, mul, type Tensor1D, where, zerosLike } from "@tensorflow/tfjs-core";
import { isCounted } from "./is-counted.ts";

/** How much each label counts, `[row]`: the weight of its class, and nothing for the ignored one. */
export function weightsOfLabels(label: Tensor1D, ignoreIndex: number, weight?: Tensor1D): Tensor1D {
  const counted = isCounted(label, ignoreIndex); //                         [row]
  const ones = cast(counted, "float32"); //                                 [row]
  if (weight === undefined) return ones;
  const known = where(counted, label, zerosLike(label)); //                 [row]
  return mul(ones, gather(weight, known)); //                               [row]
}
