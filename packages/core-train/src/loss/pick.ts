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
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { defineOp } from "../op/define-op.ts";
import { oneHotOrZeros } from "../op/one-hot-or-zeros.ts";

/**
 * The entry of each row at the row's label, `x[i, label[i]]`, `[row]`: the log-probability of the target class. -∞ for a label outside of the classes,
 * so that the loss shows it.
 */
export const pick = defineOp({
  name: "PellucidPick",
  caller: "nllLoss",
  inputs: { x: "float32[row, class]", label: "int32[row]" },
  reference: ({ x, label }): Tensor1D => {
    const [rows, classes] = x.shape;
    if (rows === 0) return reshape(x, [0]); // tfjs leaves a tensor behind on WASM when it gathers nothing
    const isClass = logicalAnd(greaterEqual(label, 0), less(label, classes)); //            [row]
    const starts = range(0, rows * classes, classes, "int32"); //                           [row]
    const addresses = add<Tensor1D>(starts, where(isClass, label, zerosLike(label))); //       [row]
    const picked = gather(reshape(x, [rows * classes]), addresses); //                         [row]
    return where(isClass, picked, fill([rows], -Infinity)) as Tensor1D;
  },
  gradient: (dy, { x, label }) => ({ x: () => mul(oneHotOrZeros(label, x.shape[1]), expandDims(dy, 1)) }),
});
