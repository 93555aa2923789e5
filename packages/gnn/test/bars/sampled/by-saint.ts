import { graphBatches, saintSampler } from "@pellucid/gnn";
import { cast, mul, type Tensor, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import { cora } from "../cora.ts";
import type { Make } from "./method.ts";
import { maskOf, normalized, Weighted, weightedLoss, whole } from "./weighted.ts";

export const bySaint =
  (method: "node" | "edge" | "walk", budget: number): Make =>
  (rng) => {
    const own = cora();
    const { numNodes, ...edges } = normalized(own);
    const model = new Weighted(rng);
    const { x, layers } = whole(own);
    const edgeIndex = {
      data: Int32Array.of(...edges.sources, ...edges.targets),
      shape: [2, edges.sources.length],
    };
    const edgeWeight = { data: edges.weights, shape: [edges.weights.length] };
    const data = { ...own.data, edgeIndex, edgeWeight, trainMask: maskOf(own) };
    const sampler = saintSampler(data, { rng, method, budget, steps: 2 });
    const loader = graphBatches(sampler, { size: 1, rng });
    const scale = numNodes / own.train.length;
    return {
      model,
      logits: () => model.forward(x, layers),
      async epoch(step) {
        for await (const batch of loader)
          await step(() => {
            const layer = {
              edgeIndex: batch.edgeIndex as Tensor2D,
              edgeWeight: mul(batch.edgeWeight as Tensor1D, batch.edgeNorm) as Tensor1D,
              targets: batch.x.shape[0] as number,
            };
            const norm = mul(mul(cast(batch.trainMask as Tensor, "float32"), batch.nodeNorm), scale);
            const output = model.forward(batch.x as Tensor2D, [layer, layer]);
            return weightedLoss(output, batch.y as Tensor, norm as Tensor1D);
          });
      },
    };
  };
