import { clone, div, reshape, sum, type Tensor, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { adaptiveWindows } from "./adaptive-windows.ts";
import { applyAlong } from "./apply-along.ts";
import { sizeAlong } from "./size-along.ts";

/** The means over windows that divide each spatial axis of `[batch, ...size, channel]` into so many. */
export function adaptiveMean(x: Tensor, sizes: readonly number[]): Tensor {
  if (x.size === 0) return zeros([sizeAlong(x, 0), ...sizes, sizeAlong(x, -1)]);
  if (sizes.every((size) => size === 1)) {
    const axes = sizes.map((_, i) => i + 1);
    return div(
      sum(x, axes, true),
      axes.reduce((area, axis) => area * sizeAlong(x, axis), 1),
    );
  }
  return sizes.reduce((y, output, i) => {
    const axis = i + 1;
    const input = sizeAlong(y, axis);
    if (input === output) return y;
    if (input % output === 0) {
      const outer = sizeOf(y.shape.slice(0, axis)) * output;
      const windows = reshape(y, [outer, input / output, sizeOf(y.shape.slice(axis + 1))]);
      return reshape(div(sum(windows, 1), input / output), y.shape.with(axis, output));
    }
    const matrix = new Float32Array(output * input);
    for (const [row, { start, end }] of adaptiveWindows(input, output).entries()) {
      matrix.fill(1 / (end - start), row * input + start, row * input + end);
    }
    return applyAlong(y, axis, tensor2d(matrix, [output, input]));
  }, clone(x));
}
