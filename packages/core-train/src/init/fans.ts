import { sizeOf } from "../host-tensor.ts";
import { ShapeError } from "../shape-error.ts";

/** How many inputs each output sees, and how many outputs each input reaches. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * Reads both off a weight's shape in PyTorch's order, `[out, in, …kernel]`.
 *
 * @throws ShapeError for fewer than two axes: a bias has no fans
 */
export function fans(shape: readonly number[]): Fans {
  const [outputs, inputs, ...kernel] = shape;
  if (outputs === undefined || inputs === undefined)
    throw new ShapeError(
      `fans: the shape is [${shape.join(", ")}], expected [out, in, …kernel]. Draw a bias with uniform or zeros.`,
    );
  const area = sizeOf(kernel);
  return { fanIn: inputs * area, fanOut: outputs * area };
}
