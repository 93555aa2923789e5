import { pad, PadV2, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";
import { sizeAlong } from "../size-along.ts";

interface Attributes {
  readonly paddings: readonly (readonly [number, number])[];
  readonly constantValue: number;
}

/** tfjs' own has a shader that does not compile from rank 5 on, without a word: here each axis is padded by itself. */
export const padV2: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor }, Attributes>(PadV2, ({ x }, { paddings, constantValue }) => {
    if (x.rank < 5 || x.size === 0) return null;
    return paddings.reduce<Tensor>((padded, [before, after], axis) => {
      if (before === 0 && after === 0) return padded;
      const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
      const { shape } = padded;
      const length = sizeAlong(shape, axis);
      const flat = reshape(padded, [size(shape.slice(0, axis)), length, size(shape.slice(axis + 1))]);
      const sides: [number, number][] = [
        [0, 0],
        [before, after],
        [0, 0],
      ];
      return reshape(pad(flat, sides, constantValue), shape.with(axis, length + before + after));
    }, x.clone());
  }),
];
