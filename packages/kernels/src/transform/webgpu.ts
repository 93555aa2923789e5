import { engine, type NamedAttrMap, type Tensor, tile, Transform } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

/** tfjs' WebGPU backend knows no transform that all images share: beyond the first it reads outside of what it was given. */
export const transformShared: readonly ComposedKernel[] = [
  defineComposedKernel<{ image: Tensor; transforms: Tensor }, NamedAttrMap>(
    Transform,
    ({ image, transforms }, attributes) => {
      const [batch = 0] = image.shape;
      if (batch < 2 || transforms.shape[0] !== 1) return null;
      const own = tile(transforms, [batch, 1]);
      return engine().runKernel(Transform, { image, transforms: own }, attributes) as Tensor;
    },
  ),
];
