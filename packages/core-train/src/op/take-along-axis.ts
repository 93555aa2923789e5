import { add, gather, range, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { ShapeError } from "../shape-error.ts";
import { moveAxis } from "./move-axis.ts";
import { resolveAxis } from "./resolve-axis.ts";

/**
 * Along an axis, the numbers of `x` at `indices`, as `torch.take_along_dim`: `y[i][j] = x[i][indices[i][j]]` for the last
 * of two. Numbers that are taken twice get both gradients.
 *
 * @param indices int32, from 0 on, of the shape of `x` but for the length of `axis`
 * @returns of the shape of `indices`
 * @throws ShapeError when the shapes differ along another axis
 */
export function takeAlongAxis<T extends Tensor>(x: Tensor, indices: Tensor, axis: number): T {
  const along = resolveAxis("takeAlongAxis", axis, x.rank);
  const length = indices.shape[along] ?? 0;
  const wanted = x.shape.with(along, length);
  if (indices.rank !== x.rank || indices.shape.some((size, i) => size !== wanted[i])) {
    throw new ShapeError(
      `takeAlongAxis: indices is [${indices.shape.join(", ")}], expected [${x.shape.join(", ")}] but for the length of axis ${along}.`,
    );
  }
  return tidy(() => {
    const size = x.shape[along] as number;
    const rows = x.size / size;
    const last = moveAxis(x, along, x.rank - 1);
    const moved = moveAxis(indices, along, x.rank - 1);
    const starts = reshape(range(0, rows * size, size, "int32"), [rows, 1]);
    const positions = add(reshape(moved, [rows, length]), starts); //      [rest, length]
    const taken = gather(reshape(last, [x.size]), reshape(positions, [rows * length]));
    return moveAxis(reshape(taken, moved.shape), x.rank - 1, along);
  }) as T;
}
