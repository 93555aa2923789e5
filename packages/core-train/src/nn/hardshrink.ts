import { checkNotNegative } from "../check-values.ts";
import { cast, lessEqual, logicalNot, type Tensor, where } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { abs } from "../op/abs.ts";

/** Options for {@link hardshrink}. */
export interface HardshrinkOptions {
  /** PyTorch's `lambd`, 0 or more. Default: 0.5. */
  readonly lambd?: number;
}

const op = defineElementwise({
  name: "PellucidHardshrink",
  value: (x, { lambd }: Required<HardshrinkOptions>) => where(lessEqual(abs(x), lambd), 0, x),
  derivative: (x, { lambd }) => cast(logicalNot(lessEqual(abs(x), lambd)), "float32"),
});

/** `x` if `|x|` is larger than `lambd`, otherwise 0. */
export function hardshrink<X extends Tensor>(x: X, { lambd = 0.5 }: HardshrinkOptions = {}): X {
  checkNotNegative("hardshrink", { lambd });
  return op(x, { lambd });
}

/** {@link hardshrink} as a layer. */
export class Hardshrink extends Module implements Layer<Tensor, Tensor> {
  readonly lambd: number;

  constructor(options: HardshrinkOptions = {}) {
    super();
    checkOptions("Hardshrink", options, ["lambd"]);
    const { lambd = 0.5 } = options;
    checkNotNegative("Hardshrink", { lambd });
    this.lambd = lambd;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return hardshrink(x, this);
  }
}
