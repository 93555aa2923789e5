import { checkRng } from "../check-values.ts";
import { clone, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { drawn } from "../compile/drawn.ts";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { isTraining } from "../module/training.ts";
import type { Rng } from "../rng/rng.ts";
import { checkRate, drawKept, type Dropped } from "./draw-kept.ts";
import { checkTensor } from "../check-tensor.ts";

/** Options for {@link dropout}. */
export interface DropoutOptions {
  /** Random generator for dropout. */
  readonly rng: Rng;
}

/**
 * Sets each element to 0 with probability `p` and scales the others by `1 / (1 - p)`, which preserves the mean.
 *
 * Srivastava et al., 2014. https://jmlr.org/papers/v15/srivastava14a.html
 *
 * It draws as PyTorch does, in the order of PyTorch's layout, and nothing if `p` is 0 or 1.
 *
 * @returns the shape of `x`
 */
export function dropout<X extends Tensor>(x: X, p: number, options: DropoutOptions): X {
  checkTensor("dropout", "x", x);
  checkRng("dropout", options);
  return drop(x, "entries", checkRate("dropout", p), options.rng);
}

/** {@link dropout} in training, the identity in inference. */
export class Dropout extends Module implements Layer<Tensor, Tensor> {
  readonly p: number;
  readonly rng: Rng;

  /** @param p the probability of zeroing an element; PyTorch's default is 0.5 */
  constructor(p: number, options: DropoutOptions) {
    super();
    checkRng("Dropout", options);
    checkOptions("Dropout", options, ["rng"]);
    this.p = checkRate("Dropout", p);
    this.rng = options.rng;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return isTraining(this) ? drop(x, "entries", this.p, this.rng) : clone(x);
  }
}

/** Dropout without checks. */
export function drop<X extends Tensor>(x: X, dropped: Dropped, p: number, rng: Rng): X {
  if (p === 0) return clone(x);
  if (p === 1) return mul(x, 0);
  const scale = 1 / Math.fround(1 - p);
  return tidy(() =>
    mul(
      x,
      drawn(() => drawKept(x.shape, dropped, p, rng, scale)),
    ),
  );
}
