import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOnHost } from "../compile/check-on-host.ts";
import { IndexError } from "../index-error.ts";
import { ShapeError } from "../shape-error.ts";
import { resolveAxis } from "./resolve-axis.ts";
import { takeUnchecked } from "./take-unchecked.ts";

/**
 * Along an axis, the numbers of `x` at `indices`, as `torch.take_along_dim`: `y[i][j] = x[i][indices[i][j]]` for the last
 * of two. Numbers that are taken twice get both gradients.
 *
 * @param indices int32, from 0 on, of the shape of `x` but for the length of `axis`
 * @returns of the shape of `indices`
 * @throws ShapeError when the shapes differ along another axis
 * @throws IndexError for an index beyond the axis; not checked where reading the indices would wait for a GPU
 */
export function takeAlongAxis<T extends Tensor>(x: Tensor, indices: Tensor, axis: number): T {
  const along = resolveAxis("takeAlongAxis", axis, x);
  const wanted = x.shape.with(along, indices.shape[along] ?? 0);
  if (indices.rank !== x.rank || indices.shape.some((size, i) => size !== wanted[i])) {
    throw new ShapeError(
      `takeAlongAxis: indices is [${indices.shape.join(", ")}], expected [${x.shape.join(", ")}] but for the length of axis ${along}.`,
    );
  }
  checkIndices(indices, x.shape[along] ?? 0, along);
  return takeUnchecked(x, indices, along);
}

function checkIndices(indices: Tensor, size: number, axis: number): void {
  if (indices.dtype !== "int32")
    throw new IndexError(
      `takeAlongAxis: indices is ${indices.dtype}, expected int32. Make them with tensor(…, "int32").`,
    );
  checkOnHost(indices, (values) => {
    for (let i = 0; i < values.length; i++) {
      const index = values[i] ?? NaN;
      if (!(index >= 0 && index < size))
        throw new IndexError(
          `takeAlongAxis: indices[${i}] is ${index}, but axis ${axis} has ${size} entries: expected 0 to ${size - 1}.`,
        );
    }
  });
}
