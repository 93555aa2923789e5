import { type Layer, Module, softplus } from "@pellucid/core-train";
import { sub, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** `log(½ eˣ + ½)`: softplus that is 0 at 0, without a kink, so that forces are smooth. */
export class ShiftedSoftplus extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return tidy(() => sub(softplus(x), Math.LN2) as X);
  }
}
