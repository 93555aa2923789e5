// The dataset of the workers in sampling.test.ts.
import { Rng } from "@pellucid/core-train";
import { neighborSampler, saintSampler, stochasticBlockModel } from "@pellucid/gnn";

export const graph = stochasticBlockModel(
  [20, 20, 20],
  [
    [0.3, 0.02, 0.02],
    [0.02, 0.3, 0.02],
    [0.02, 0.02, 0.3],
  ],
  {
    rng: new Rng(3),
  },
);

export const saint = saintSampler(graph, { rng: new Rng(1), method: "edge", budget: 12, steps: 5 });

export default neighborSampler(graph, [4, 3]);
