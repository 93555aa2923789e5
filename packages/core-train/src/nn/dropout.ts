import { clone, mul, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { isTraining } from "../module/training.ts";
import type { Rng } from "../rng/rng.ts";
import { checkRate, drawKept, type Dropped } from "./draw-kept.ts";

/** What dropout needs. */
export interface DropoutOptions {
  /** Draws what is kept, anew in each forward pass. */
  readonly rng: Rng;
}

/**
 * Sets each number to 0 with probability `p` and scales the others by `1 / (1 - p)`, so that the mean stays.
 *
 * Srivastava et al., 2014. https://jmlr.org/papers/v15/srivastava14a.html
 *
 * It draws what PyTorch draws, in the order of PyTorch's layout, and nothing where `p` is 0 or 1.
 *
 * @returns the shape of `x`
 */
export function dropout<X extends Tensor>(x: X, p: number, { rng }: DropoutOptions): X {
  return drop(x, "entries", checkRate("dropout", p), rng);
}

/** {@link dropout} in training, nothing in inference. */
export class Dropout extends Module implements Layer<Tensor, Tensor> {
  readonly p: number;
  readonly rng: Rng;

  /** @param p how likely a number is dropped; 0.5 in PyTorch, if not given */
  constructor(p: number, { rng }: DropoutOptions) {
    super();
    this.p = checkRate("Dropout", p);
    this.rng = rng;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return isTraining(this) ? drop(x, "entries", this.p, this.rng) : clone(x);
  }
}

/** Drops and scales; `p` is a probability. */
export function drop<X extends Tensor>(x: X, dropped: Dropped, p: number, rng: Rng): X {
  if (p === 0) return clone(x);
  if (p === 1) return mul(x, 0);
  const { data, shape } = drawKept(x.shape, dropped, p, rng);
  const scale = 1 / Math.fround(1 - p);
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) * scale;
  return tidy(() => mul(x, tensor(data, [...shape])));
}
