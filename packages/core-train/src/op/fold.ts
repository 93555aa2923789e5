import {
  addN,
  pad,
  reshape,
  slice,
  type Tensor3D,
  type Tensor4D,
  tidy,
  unstack,
} from "@tensorflow/tfjs-core";
import { checkShape, ShapeError } from "../shape-error.ts";
import { type PerAxis, perAxis } from "./per-axis.ts";
import { spreadApart } from "./spread-apart.ts";
import { type UnfoldAxis, unfoldAxes, type UnfoldOptions } from "./unfold.ts";
import { checkOptions } from "../check-options.ts";

type Axes = readonly [height: number, width: number];

/**
 * Sums windows into an image, as `torch.nn.functional.fold`: the gradient of {@link unfold}.
 *
 * @param x `[batch, window, channel · kernel height · kernel width]`
 * @returns `[batch, ...outputSize, channel]`
 */
export function fold(
  x: Tensor3D,
  outputSize: PerAxis<Axes>,
  kernelSize: PerAxis<Axes>,
  options: UnfoldOptions = {},
): Tensor4D {
  checkOptions("fold", options, ["dilation", "padding", "stride"]);
  const [height = 1, width = 1] = perAxis("fold", "outputSize", outputSize, 2, 1);
  const [vertical, horizontal] = unfoldAxes("fold", [height, width], kernelSize, options);
  const positions = vertical.kernel * horizontal.kernel;
  checkShape("fold", "x", x, ["batch", vertical.windows * horizontal.windows, "feature"]);
  const [batch, , features] = x.shape;
  if (features % positions !== 0) {
    throw new ShapeError(
      `fold: x is [${x.shape.join(", ")}], expected a number of features divisible by the kernel's ${positions} positions.`,
    );
  }
  return tidy(() => {
    const channels = features / positions;
    const windows = reshape(x, [batch, vertical.windows, horizontal.windows, channels, positions]);
    const spread = unstack(windows, 4).map((seen, i) => {
      const down = Math.floor(i / horizontal.kernel) * vertical.dilation;
      const across = (i % horizontal.kernel) * horizontal.dilation;
      const apart = spreadApart(spreadApart(seen, 1, vertical.stride), 2, horizontal.stride);
      return pad(apart, [[0, 0], around(vertical, height, down), around(horizontal, width, across), [0, 0]]);
    });
    const begin = [0, vertical.padding, horizontal.padding, 0];
    return slice(addN(spread), begin, [batch, height, width, channels]) as Tensor4D;
  });
}

/** The number of zeros before and after the elements at one offset in the windows. */
function around({ padding, stride, windows }: UnfoldAxis, size: number, at: number): [number, number] {
  return [at, size + 2 * padding - at - (windows - 1) * stride - 1];
}
