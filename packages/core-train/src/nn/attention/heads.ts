import { reshape, type Tensor3D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { OptionError } from "../../option-error.ts";
import { checkShape } from "../../shape-error.ts";

/** `[batch, time, head · feature]` -> `[batch, head, time, feature]` */
export function splitHeads(x: Tensor3D, heads: number): Tensor4D {
  checkShape("splitHeads", "x", x, ["batch", "time", "feature"]);
  headSize("splitHeads", x.shape[2], heads);
  const [batch, time, width] = x.shape;
  return transpose(reshape<Tensor4D["rankType"]>(x, [batch, time, heads, width / heads]), [0, 2, 1, 3]);
}

/** `[batch, head, time, feature]` -> `[batch, time, head · feature]` */
export function mergeHeads(x: Tensor4D): Tensor3D {
  checkShape("mergeHeads", "x", x, ["batch", "head", "time", "feature"]);
  const [batch, heads, time, width] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, time, heads * width]);
}

/**
 * The features of a head.
 *
 * @throws {OptionError} If the number of heads does not divide the features.
 */
export function headSize(caller: string, features: number, heads: number): number {
  if (Number.isInteger(heads) && heads > 0 && features % heads === 0) return features / heads;
  throw new OptionError(caller, "the number of heads", heads, `a divisor of the ${features} features`);
}
