import type { Tensor } from "@tensorflow/tfjs-core";
import type { Values } from "../draw/values.ts";

/** A picture and a map of its positions. */
export interface Pictured {
  /** `[height, width, color]` from 0 to 1 */
  readonly image: Tensor | Values;
  /** `[rows, columns]` */
  readonly map: Tensor | Values;
}

/** The same on the host. */
export interface PicturedValues {
  readonly image: Values;
  readonly map: Values;
}
