import type { Tensor3D } from "@tensorflow/tfjs-core";

/** What a head says of each of its anchors, before anything is left out. */
export interface Decoded {
  /** `[batch, anchor, 4]`: `x1, y1, x2, y2` */
  readonly boxes: Tensor3D;
  /** `[batch, anchor, class]`: from 0 to 1 */
  readonly scores: Tensor3D;
}
