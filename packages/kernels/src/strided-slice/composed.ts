import {
  engine,
  reshape,
  slice_util,
  StridedSlice,
  type StridedSliceAttrs,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

/** tfjs' own forget the axes that are taken away when others have a stride: they read other numbers, or outside of the tensor. */
export const stridedSlice: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor }, StridedSliceAttrs>(StridedSlice, ({ x }, spec) => {
    if (spec.shrinkAxisMask === 0) return null;
    const { begin, end, strides, finalShape } = slice_util.sliceInfo(
      x.shape,
      spec.begin,
      spec.end,
      spec.strides,
      spec.beginMask,
      spec.endMask,
      spec.ellipsisMask,
      spec.newAxisMask,
      spec.shrinkAxisMask,
    );
    // An end of −1 would count from the end of the axis; it means before its start.
    const endMask = end.reduce((mask, position, axis) => (position < 0 ? mask | (1 << axis) : mask), 0);
    const masks = { beginMask: 0, endMask, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    const y = engine().runKernel(StridedSlice, { x }, { begin, end, strides, ...masks }) as Tensor;
    return reshape(y, finalShape);
  }),
];
