import { type Tensor, tensor, transpose } from "@tensorflow/tfjs-core";
import { type HostTensor, permute } from "../host-tensor.ts";
import { fastDraws } from "../rng/fast-draws.ts";

/**
 * Initial values in our order of axes: reordered by the backend where it is faster than the host, which is where its draws are.
 *
 * @param axes reorders the axes, as {@link permute}. Default: the order stays.
 */
export function initialTensor(values: HostTensor<Float32Array>, axes?: readonly number[]): Tensor {
  const { data, shape } = values;
  if (axes === undefined) return tensor(data, [...shape]);
  if (fastDraws(data.length) !== null) return transpose(tensor(data, [...shape]), [...axes]);
  const { data: ours, shape: sizes } = permute(values, axes);
  return tensor(ours, [...sizes]);
}
