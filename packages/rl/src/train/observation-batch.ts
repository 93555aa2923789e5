import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";

/** Observations as a tensor, `[batch, observation]`. */
export function observationBatch(observations: readonly ArrayLike<number>[]): Tensor2D {
  const width = observations[0]?.length ?? 0;
  const data = new Float32Array(observations.length * width);
  observations.forEach((each, i) => data.set(each, i * width));
  return tensor2d(data, [observations.length, width]);
}
