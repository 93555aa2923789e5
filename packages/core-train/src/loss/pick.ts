import {
  add,
  expandDims,
  fill,
  gather,
  greaterEqual,
  less,
  logicalAnd,
  mul,
  range,
  reshape,
  type Tensor1D,
  type Tensor2D,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { defineOp } from "../op/define-op.ts";
import { oneHot } from "../op/one-hot.ts";

type Inputs = {
  /** `[row, class]` */
  readonly x: Tensor2D;
  /** `[row]` int32 */
  readonly label: Tensor1D;
};

/** The number of each row at its label, `[row]`; -∞ where the label is no class, so that the loss tells. */
export const pick = defineOp<Inputs, object, Tensor1D>({
  name: "PellucidPick",
  inputs: ["x", "label"],
  reference: ({ x, label }) => {
    const [rows, classes] = x.shape;
    if (rows === 0) return reshape(x, [0]); // tfjs leaves a tensor behind on WASM when it gathers nothing
    const isClass = logicalAnd(greaterEqual(label, 0), less(label, classes)); //       [row]
    const starts = range(0, rows * classes, classes, "int32"); //                      [row]
    const places = add<Tensor1D>(starts, where(isClass, label, zerosLike(label))); //  [row]
    const picked = gather(reshape(x, [rows * classes]), places); //                    [row]
    return where(isClass, picked, fill([rows], -Infinity)) as Tensor1D;
  },
  gradient: (dy, { x, label }) => ({ x: () => mul(oneHot(label, x.shape[1]), expandDims(dy, 1)) }),
});
