import { gather, type Rank, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { ShapeError } from "../shape-error.ts";
import { flatAddresses } from "./flat-addresses.ts";
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
    const size = x.shape[along] ?? 0;
    const [outer, inner] = [sizeOf(x.shape.slice(0, along)), sizeOf(x.shape.slice(along + 1))];
    const from = flatAddresses(reshape<Rank.R3>(indices, [outer, length, inner]), size); // [outer * length * inner]
    return reshape(gather(reshape(x, [x.size]), from), indices.shape);
  }) as T;
}
