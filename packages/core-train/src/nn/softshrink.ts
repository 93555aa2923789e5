import { checkNotNegative } from "../check-values.ts";
import { notEqual, cast, sub, type Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { clamp } from "../op/clamp.ts";

/** Options for {@link softshrink}. */
export interface SoftshrinkOptions {
  /** PyTorch's `lambd`, 0 or more. Default: 0.5. */
  readonly lambd?: number;
}

const op = defineElementwise({
  name: "PellucidSoftshrink",
  value: (x, { lambd }: Required<SoftshrinkOptions>) => sub(x, clamp(x, -lambd, lambd)),
  derivative: (x, _, y) => cast(notEqual(y, 0), "float32"),
});

/** `x` moved towards 0 by `lambd`, and 0 if `|x|` is at most `lambd`: the proximal operator of the L1 norm. */
export function softshrink<X extends Tensor>(x: X, { lambd = 0.5 }: SoftshrinkOptions = {}): X {
  checkNotNegative("softshrink", { lambd });
  return op(x, { lambd });
}

/** {@link softshrink} as a layer. */
export class Softshrink extends Module implements Layer<Tensor, Tensor> {
  readonly lambd: number;

  constructor(options: SoftshrinkOptions = {}) {
    super();
    checkOptions("Softshrink", options, ["lambd"]);
    const { lambd = 0.5 } = options;
    checkNotNegative("Softshrink", { lambd });
    this.lambd = lambd;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return softshrink(x, this);
  }
}
