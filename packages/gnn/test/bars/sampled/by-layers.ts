import { crossEntropy } from "@pellucid/core-train";
import { neighborLists, type SampledLayer, sampleLayers } from "@pellucid/gnn";
import { gather, tensor1d } from "@tensorflow/tfjs-core";
import { cora } from "../cora.ts";
import type { Make } from "./method.ts";
import { type Layered, layered, normalized, Weighted, whole } from "./weighted.ts";

export const byLayers =
  (scheme: "fastGcn" | "ladies"): Make =>
  (rng) => {
    const own = cora();
    const edges = normalized(own);
    const lists = neighborLists(edges);
    const model = new Weighted(rng);
    const { x, layers } = whole(own);
    const labels = gather(tensor1d(own.labels, "int32"), tensor1d(own.train, "int32"));
    return {
      model,
      logits: () => model.forward(x, layers),
      async epoch(step) {
        const sampled = sampleLayers(lists, edges.weights, own.train, [400, 400], { rng, scheme });
        const [top, bottom] = sampled as [SampledLayer, SampledLayer];
        await step(() => {
          const [first, second] = [bottom, top].map((one) =>
            layered(one.sources, one.targets, one.weights, one.numTargets),
          ) as [Layered, Layered];
          const rows = gather(x, tensor1d(bottom.nodes, "int32"));
          return crossEntropy(model.forward(rows, [first, second]), labels);
        });
      },
    };
  };
