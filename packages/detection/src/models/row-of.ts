import { reshape, slice, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";

/** The predictions of one image: `[anchor, column]`. To be called in a `tidy`. */
export function rowOf(x: Tensor3D, image: number): Tensor2D {
  return reshape(slice(x, [image, 0, 0], [1, -1, -1]), [x.shape[1], x.shape[2]]);
}
