import { type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { insideSlope } from "./inside-slope.ts";
import { maximum } from "../op/maximum.ts";
import { minimum } from "../op/minimum.ts";

/** Between which numbers {@link hardtanh} is a straight line. */
export interface HardtanhOptions {
  /** Default: -1. */
  readonly minVal?: number;
  /** Default: 1. */
  readonly maxVal?: number;
}

const op = defineElementwise({
  name: "PellucidHardtanh",
  // not clipByValue: on WASM it turns NaN into minVal
  value: (x, { minVal, maxVal }: Required<HardtanhOptions>) => minimum(maximum(x, minVal), maxVal),
  derivative: (x, { minVal, maxVal }) => insideSlope(x, minVal, maxVal),
});

/** `x` between `minVal` and `maxVal`, else the nearer of the two; the slope at both is 0, that of `clamp` 1. */
export function hardtanh<X extends Tensor>(x: X, options: HardtanhOptions = {}): X {
  const { minVal = -1, maxVal = 1 } = options;
  return op(x, { minVal, maxVal });
}

/** {@link hardtanh} as a layer. */
export class Hardtanh extends Module implements Layer<Tensor, Tensor> {
  readonly minVal: number;
  readonly maxVal: number;

  constructor({ minVal = -1, maxVal = 1 }: HardtanhOptions = {}) {
    super();
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return hardtanh(x, this);
  }
}
