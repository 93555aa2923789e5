import { gather, type Rank, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { flatAddresses } from "./flat-addresses.ts";

/** {@link takeAlongAxis} of indices that are known to be right: int32, of the shape of `x` but for the length of `axis`, and within it. */
export function takeUnchecked<T extends Tensor>(x: Tensor, indices: Tensor, axis: number): T {
  return tidy(() => {
    const [size, length] = [x.shape[axis] ?? 0, indices.shape[axis] ?? 0];
    const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
    const from = flatAddresses(reshape<Rank.R3>(indices, [outer, length, inner]), size); // [outer * length * inner]
    return reshape(gather(reshape(x, [x.size]), from), indices.shape);
  }) as T;
}
