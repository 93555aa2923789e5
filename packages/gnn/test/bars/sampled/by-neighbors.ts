import { crossEntropy } from "@pellucid/core-train";
import { graphBatches, neighborSampler } from "@pellucid/gnn";
import { gather, type Tensor1D } from "@tensorflow/tfjs-core";
import { convolved, sage } from "./convolved.ts";
import type { Make } from "./method.ts";

export const byNeighbors: Make = (rng) => {
  const { own, model, logits } = convolved(sage, rng);
  const sampler = neighborSampler(own.data, [10, 10], { nodes: own.train });
  const loader = graphBatches(sampler, { size: 70, shuffle: true, rng });
  return {
    model,
    logits,
    async epoch(step) {
      for await (const batch of loader)
        await step(() =>
          crossEntropy(
            gather(model.forward(batch as never), batch.seeds),
            gather(batch.y as Tensor1D, batch.seeds),
          ),
        );
    },
  };
};
