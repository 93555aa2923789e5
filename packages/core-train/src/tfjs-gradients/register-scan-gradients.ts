import {
  concat,
  Cumprod,
  Cumsum,
  cumsum,
  onesLike,
  Prod,
  registerGradient,
  reshape,
  reverse,
  type Tensor,
  util,
} from "@tensorflow/tfjs-core";
import { sliceAlong } from "../op/slice-along.ts";
import { productInPairs } from "./product-in-pairs.ts";
import { registerComposedGradient } from "./register-composed-gradient.ts";
import { runningProduct } from "./running-product.ts";
import { sizeAlong } from "../op/size-along.ts";

interface Scan {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

interface Reduction {
  readonly axis: number | readonly number[];
  readonly keepDims: boolean;
}

/**
 * Gives running and whole products gradients, right where there are zeros; tfjs has none that run. That of `cumsum` is
 * right along any axis; tfjs' own is transposed.
 */
export function registerScanGradients(): void {
  registerGradient({
    kernelName: Cumsum,
    inputsToSave: ["x"],
    gradFunc: (dy, _, attributes) => {
      const { axis, exclusive, reverse: backward } = attributes as object as Scan;
      const gradients = dy as Tensor;
      // Not backward by the kernel's own option: on a WebGPU backend without our kernels it takes the length of the first
      // tensor that it saw for that of all.
      const turned = () => reverse(cumsum(reverse(gradients, axis), axis, exclusive), axis);
      return { x: () => (backward ? cumsum(gradients, axis, exclusive) : turned()) };
    },
  });
  registerComposedGradient<{ x: Tensor }, Scan>({
    kernelName: Cumprod,
    inputs: ["x"],
    compose: ({ x }, { axis: from, exclusive, reverse: backward }) => {
      const [axis = 0] = util.parseAxisParam(from, x.shape);
      const ahead = backward ? reverse(x, axis) : x;
      const y = runningProduct(exclusive ? shifted(ahead, axis) : ahead, axis);
      return backward ? reverse(y, axis) : y;
    },
  });
  registerComposedGradient<{ x: Tensor }, Reduction>({
    kernelName: Prod,
    inputs: ["x"],
    compose: ({ x }, { axis, keepDims }) => {
      const axes = util.parseAxisParam(axis as number, x.shape);
      const y = axes.reduce<Tensor>((product, along) => productInPairs(product, along), x);
      return keepDims
        ? y
        : reshape(
            y,
            x.shape.filter((_, i) => !axes.includes(i)),
          );
    },
  });
}

/** Without the last, and with a one first. */
function shifted(x: Tensor, axis: number): Tensor {
  const length = sizeAlong(x, axis);
  return concat([onesLike(sliceAlong(x, axis, 0, 1)), sliceAlong(x, axis, 0, length - 1)], axis);
}
