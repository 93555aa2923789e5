import { add, mul, sub, type Tensor } from "@tensorflow/tfjs-core";

/** `from + weight · (to − from)`, rounded as `torch.lerp` does: the nearer end is the one that is corrected. */
export function lerp(from: Tensor, to: Tensor, weight: number): Tensor {
  const way = sub(to, from);
  return weight < 0.5 ? add(from, mul(way, weight)) : sub(to, mul(way, 1 - weight));
}
