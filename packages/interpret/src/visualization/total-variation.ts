import { abs, checkShape } from "@pellucid/core-train";
import { add, slice, sub, sum, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** How rough an image is: the sum of absolute differences between neighbours, down and across. @returns `[batch]` */
export function totalVariation(image: Tensor4D): Tensor1D {
  checkShape("totalVariation", "image", image, ["batch", "height", "width", "channel"]);
  return tidy(() => {
    const [, height, width] = image.shape;
    const part = (top: number, left: number, rows: number, columns: number) =>
      slice(image, [0, top, left, 0], [-1, rows, columns, -1]);
    const down = sub(part(1, 0, height - 1, width), part(0, 0, height - 1, width));
    const across = sub(part(0, 1, height, width - 1), part(0, 0, height, width - 1));
    return add<Tensor1D>(sum(abs(down), [1, 2, 3]), sum(abs(across), [1, 2, 3]));
  });
}
