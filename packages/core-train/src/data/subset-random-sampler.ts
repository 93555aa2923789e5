import type { Sampler } from "./sampler.ts";
import { checkArguments } from "../check-arguments.ts";

/** Some items in random order, as `torch.utils.data.SubsetRandomSampler`. */
export function subsetRandomSampler(indices: ArrayLike<number>): Sampler {
  checkArguments("subsetRandomSampler", { numbers: { indices } });
  const { length } = indices;
  return { length, draw: (rng) => rng.randperm(length).map((i) => indices[i] ?? NaN) };
}
