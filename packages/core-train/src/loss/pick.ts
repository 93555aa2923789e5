import { expandDims, type Tensor1D, type Tensor2D, where } from "@tensorflow/tfjs-core";
import { defineOp } from "../op/define-op.ts";
import { isLabel } from "./is-label.ts";
import { amax } from "../op/amax.ts";

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
  reference: ({ x, label }) => amax(where(isLabel(x, label), x, -Infinity), 1),
  gradient: (dy, { x, label }) => ({ x: () => where(isLabel(x, label), expandDims(dy, 1), 0) }),
});
