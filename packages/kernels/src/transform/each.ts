import { concat, engine, type NamedAttrMap, slice, type Tensor, Transform } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

/** `image.transform` for batches, which tfjs' CPU backend transforms the first image of only: one call for each image. A batch of one is left to tfjs. */
export const transformEach: readonly ComposedKernel[] = [
  defineComposedKernel<{ image: Tensor; transforms: Tensor }, NamedAttrMap>(
    Transform,
    ({ image, transforms }, attributes) => {
      const [batch = 0] = image.shape;
      if (batch < 2) return null;
      const one = (x: Tensor, i: number) =>
        slice(x, [i, ...x.shape.slice(1).fill(0)], [1, ...x.shape.slice(1)]);
      const images = Array.from({ length: batch }, (_, i) => {
        const own = transforms.shape[0] === 1 ? transforms : one(transforms, i);
        return engine().runKernel(Transform, { image: one(image, i), transforms: own }, attributes) as Tensor;
      });
      return concat(images, 0);
    },
  ),
];
