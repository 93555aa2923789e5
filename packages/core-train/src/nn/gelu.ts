import { checkChoice } from "../check-values.ts";
import { add, erf, exp, mul, sigmoid, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineElementwise } from "../op/define-elementwise.ts";

/** Options for {@link gelu}. */
export interface GELUOptions {
  /** Default: "none", the exact form with the error function; "tanh" is the approximation of the paper and of GPT-2. */
  readonly approximate?: "none" | "tanh";
}

const exact = defineElementwise({
  name: "PellucidGelu",
  value: (x) => mul(x, normalCdf(x)),
  derivative: (x) => add(normalCdf(x), mul(x, normalDensity(x))),
});

// (1 + tanh z) / 2 is sigmoid(2 z): one op less, vectorized in WebAssembly, and without cancellation
export const tanhGelu = defineElementwise({
  name: "PellucidGeluTanh",
  caller: "gelu",
  gradientName: "PellucidGeluTanhGradient",
  value: (x) => mul(x, sigmoid(inner(x))),
  derivative: (x) => {
    const share = sigmoid(inner(x));
    const dInner = mul(add(mul(square(x), 3 * cubic), 1), 2 * root); // the derivative of inner
    return add(share, mul(mul(mul(x, dInner), share), sub(1, share)));
  },
});

/**
 * `x · P(z ≤ x)` with `z` standard normal.
 *
 * Hendrycks and Gimpel, 2016. https://arxiv.org/abs/1606.08415
 */
export function gelu<X extends Tensor>(x: X, { approximate = "none" }: GELUOptions = {}): X {
  checkChoice("gelu", "approximate", approximate, ["none", "tanh"]);
  return approximate === "none" ? exact(x, {}) : tanhGelu(x, {});
}

/** {@link gelu} as a layer. */
export class GELU extends Module implements Layer<Tensor, Tensor> {
  readonly approximate: "none" | "tanh";

  constructor(options: GELUOptions = {}) {
    super();
    checkOptions("GELU", options, ["approximate"]);
    const { approximate = "none" } = options;
    checkChoice("GELU", "approximate", approximate, ["none", "tanh"]);
    this.approximate = approximate;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return gelu(x, this);
  }
}

function normalCdf(x: Tensor): Tensor {
  return mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
}

function normalDensity(x: Tensor): Tensor {
  return mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
}

const root = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

function inner(x: Tensor): Tensor {
  return mul(mul(x, add(mul(square(x), cubic), 1)), 2 * root);
}
