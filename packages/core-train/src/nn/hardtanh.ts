import { OptionError } from "../option-error.ts";
import { checkFinite } from "../check-values.ts";
import { cast, greaterEqual, lessEqual, logicalNot, logicalOr, type Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { maximum } from "../op/maximum.ts";
import { minimum } from "../op/minimum.ts";

/** Options for {@link hardtanh}, which is the identity between the two. */
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
  derivative: (x, { minVal, maxVal }) =>
    cast(logicalNot(logicalOr(lessEqual(x, minVal), greaterEqual(x, maxVal))), "float32"),
});

/** `x` clamped between `minVal` and `maxVal`. The derivative at both is 0; that of `clamp` is 1. */
export function hardtanh<X extends Tensor>(x: X, options: HardtanhOptions = {}): X {
  const { minVal = -1, maxVal = 1 } = options;
  checkBounds("hardtanh", minVal, maxVal);
  return op(x, { minVal, maxVal });
}

/** {@link hardtanh} as a layer. */
export class Hardtanh extends Module implements Layer<Tensor, Tensor> {
  readonly minVal: number;
  readonly maxVal: number;

  constructor(options: HardtanhOptions = {}) {
    super();
    checkOptions("Hardtanh", options, ["minVal", "maxVal"]);
    const { minVal = -1, maxVal = 1 } = options;
    checkBounds("Hardtanh", minVal, maxVal);
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return hardtanh(x, this);
  }
}

/** @throws {OptionError} Unless `minVal` is below `maxVal`. */
function checkBounds(caller: string, minVal: number, maxVal: number): void {
  checkFinite(caller, { minVal, maxVal });
  if (minVal >= maxVal) throw new OptionError(caller, "maxVal", maxVal, `a number above minVal, ${minVal}`);
}
