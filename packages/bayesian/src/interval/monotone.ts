import { type Layer, Module, type relu, type sigmoid, type tanh } from "@pellucid/core-train";
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Interval } from "./interval.ts";

/** A function of each number that never falls, {@link relu}, {@link tanh} or {@link sigmoid}, as a layer of intervals: that of each bound. */
export class Monotone extends Module implements Layer<Interval, Interval> {
  readonly #f: typeof relu | typeof tanh | typeof sigmoid;

  constructor(f: typeof relu | typeof tanh | typeof sigmoid) {
    super();
    this.#f = f;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>({ lower, upper }: Interval<X>): Interval<X> {
    return tidy(() => ({ lower: this.#f(lower), upper: this.#f(upper) }));
  }
}
