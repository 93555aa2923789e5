import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShape, ShapeError } from "../shape-error.ts";
import type { ResolvedConvolution } from "./resolve-convolution.ts";

const axisNames = ["depth", "height", "width"];

/**
 * Throws a {@link ShapeError} unless `weight`, `[...kernel, in / groups, out]`, is a valid convolution weight for `x`,
 * `[batch, ...size, in]`.
 */
export function checkConvolution(
  caller: string,
  { x, weight, bias }: { x: Tensor; weight: Tensor; bias: Tensor | null },
  { padding, dilations, groups }: Omit<ResolvedConvolution, "strides">,
): void {
  const kernel = weight.shape.slice(0, -2);
  const [perGroup = 0, out = 0] = weight.shape.slice(-2);
  const spatial = kernel.length === 1 ? ["time"] : axisNames.slice(-kernel.length);
  checkShape(caller, "x", x, ["batch", ...spatial, perGroup * groups]);
  if (out % groups !== 0) {
    throw new ShapeError(`${caller}: weight has ${out} filters, expected a multiple of groups (${groups}).`);
  }
  if (bias !== null) checkShape(caller, "bias", bias, [out]);
  const sizes = x.shape.slice(1, -1).map((size, i) => size + (padding[i]?.[0] ?? 0) + (padding[i]?.[1] ?? 0));
  const spans = kernel.map((size, i) => (dilations[i] as number) * (size - 1) + 1);
  if (spans.some((span, i) => span > (sizes[i] as number))) {
    throw new ShapeError(
      `${caller}: x is [${x.shape.join(", ")}], with padding ${sizes.join(" x ")}, but the window spans ${spans.join(" x ")}. ` +
        "Pass a larger input, more padding or a smaller kernel.",
    );
  }
}
