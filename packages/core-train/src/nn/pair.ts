import type { Tensor } from "@tensorflow/tfjs-core";

/** What a layer of two inputs takes. */
export interface Pair<X1 extends Tensor = Tensor, X2 extends Tensor = X1> {
  readonly x1: X1;
  readonly x2: X2;
}
