import type { Sampler } from "./sampler.ts";

/** Some items in random order, as `torch.utils.data.SubsetRandomSampler`. */
export function subsetRandomSampler(indices: ArrayLike<number>): Sampler {
  const { length } = indices;
  return { length, draw: (rng) => rng.randperm(length).map((i) => indices[i] ?? NaN) };
}
