import type { Tensor } from "@tensorflow/tfjs-core";
import { checkTensor } from "./check-tensor.ts";
import { StructError } from "./struct/struct-error.ts";

/** A tensor of the wrong rank or size. */
export class ShapeError extends RangeError {
  override readonly name = "ShapeError";
}

/**
 * Throws a {@link ShapeError} unless `x` has the expected shape. In it a word stands for any size, and a leading `"..."` for any
 * number of axes.
 *
 * @param caller the layer or function, with its sizes: `Linear(4, 2)`
 * @param advice what to do, if it is not obvious
 * @throws {StructError} for what is not a tensor, or was disposed of
 */
export function checkShape(
  caller: string,
  name: string,
  x: Tensor,
  expected: readonly (number | string)[],
  advice = "",
): void {
  const wanted: unknown = expected;
  if (!Array.isArray(wanted))
    throw new StructError(`${caller}: what ${name} should have the shape of is not a tensor.`);
  checkTensor(caller, name, x, `[${expected.join(", ")}]`);
  const open = expected[0] === "...";
  const axes = open ? expected.slice(1) : expected;
  const found = open ? x.shape.slice(Math.max(0, x.rank - axes.length)) : x.shape;
  const fits =
    found.length === axes.length && axes.every((size, i) => typeof size === "string" || size === found[i]);
  if (fits) return;
  const hint = advice === "" ? "" : ` ${advice}`;
  throw new ShapeError(
    `${caller}: ${name} is [${x.shape.join(", ")}], expected [${expected.join(", ")}].${hint}`,
  );
}
