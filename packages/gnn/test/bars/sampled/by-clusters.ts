import { clusterSampler, graphBatches, hostEdges, partitionGraph } from "@pellucid/gnn";
import { cast, div, sum, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { convolved, gcn } from "./convolved.ts";
import type { Make } from "./method.ts";
import { maskOf, weightedLoss } from "./weighted.ts";

export const byClusters: Make = (rng) => {
  const { own, model, logits } = convolved(gcn, rng);
  const { parts } = partitionGraph(hostEdges(own.data), 10, { rng });
  const sampler = clusterSampler({ ...own.data, trainMask: maskOf(own) }, parts);
  const loader = graphBatches(sampler, { size: 5, shuffle: true, rng });
  return {
    model,
    logits,
    async epoch(step) {
      for await (const batch of loader)
        await step(() => {
          const mask = cast(batch.trainMask as Tensor1D, "float32");
          const loss = weightedLoss(model.forward(batch as never), batch.y as Tensor, mask);
          return div(loss, sum(mask));
        });
    },
  };
};
