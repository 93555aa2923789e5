import {
  add,
  mul,
  range,
  type Rank,
  reshape,
  scalar,
  type Tensor1D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";

/**
 * Where in the flat `[batch, position, channel]` the numbers are that indices name within their channel.
 *
 * @param indices `[batch, any, channel]` int32, from 0 to `positions − 1`
 * @returns int32, one address for each index
 */
export function flatAddresses(indices: Tensor3D, positions: number): Tensor1D {
  const [batch, , channels] = indices.shape;
  const example = positions * channels;
  const starts = reshape(range(0, batch * example, example, "int32"), [batch, 1, 1]);
  const channel = reshape(range(0, channels, 1, "int32"), [1, 1, channels]);
  const inExample = mul(indices, scalar(channels, "int32")); //      [batch, any, channel]
  return reshape<Rank.R1>(add(add(inExample, starts), channel), [indices.size]);
}
