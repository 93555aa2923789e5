import type { Tensor } from "@tensorflow/tfjs-core";
import type { Values } from "../draw/values.ts";

/** A picture and what is known of its places. */
export interface Pictured {
  /** `[height, width, color]` from 0 to 1 */
  readonly image: Tensor | Values;
  /** `[rows, columns]` */
  readonly map: Tensor | Values;
}
