import {
  dispose,
  engine,
  fill,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
} from "@tensorflow/tfjs-core";

/**
 * Runs a kernel of the active backend, in memory that was left full of NaN, so that one that reads what it did not write
 * is found out.
 */
export function runKernel(name: string, inputs: NamedTensorMap, attributes: object): number[] {
  dispose([1, 10, 100, 1000, 10_000, 100_000].map((size) => fill([size], NaN)));
  const y = engine().runKernel<Tensor>(name, inputs, attributes as NamedAttrMap);
  const numbers = [...y.dataSync()];
  y.dispose();
  return numbers;
}
