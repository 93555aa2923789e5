import type { Tensor } from "@tensorflow/tfjs-core";

/** The input of a layer with two inputs. */
export interface Pair<X1 extends Tensor = Tensor, X2 extends Tensor = X1> {
  readonly x1: X1;
  readonly x2: X2;
}
