import {
  clone,
  greaterEqual,
  lessEqual,
  logicalAnd,
  maximum,
  minimum,
  cast,
  type Tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import { defineElementwise } from "./define-elementwise.ts";
import { checkTensor } from "../check-tensor.ts";

const op = defineElementwise({
  name: "PellucidClamp",
  // not clipByValue: on WASM it turns NaN into `min`
  value: (x, { min, max }: { min: number; max: number }) => {
    const raised = min > -Infinity ? maximum(x, min) : x;
    return max < Infinity ? minimum(raised, max) : clone(raised);
  },
  derivative: (x, { min, max }) => cast(logicalAnd(greaterEqual(x, min), lessEqual(x, max)), "float32"),
});

/**
 * Keeps numbers between `min` and `max`, as `torch.clamp`: derivative 1 inside and on both bounds, 0 outside.
 *
 * @param min `-Infinity` for none
 * @param max `Infinity` for none
 */
export function clamp<T extends Tensor>(x: T, min: number, max: number): T {
  checkTensor("clamp", "x", x);
  if (x.size === 0) return tidy(() => clone(x)); // tfjs broadcasts a number to no numbers as one
  return op(x, { min, max });
}
