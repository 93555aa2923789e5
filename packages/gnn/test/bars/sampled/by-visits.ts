import { crossEntropy, Rng } from "@pellucid/core-train";
import { GraphConv, hostEdges, neighborLists, visitedNeighbors } from "@pellucid/gnn";
import { gather, slice, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { cora } from "../cora.ts";
import { type Conv, Two } from "./convolved.ts";
import { classes, features, type Make } from "./method.ts";
import { layered } from "./weighted.ts";

/** Neighbours that walks visit, with the shares of visits as weights, two hops of them. */
export const byVisits: Make = (rng) => {
  const own = cora();
  const model = new Two((from, to) => new GraphConv(from, to, { rng }) as Conv, rng);
  const lists = neighborLists(hostEdges(own.data));
  const x = tensor2d(own.data.x.data, [own.labels.length, features]);
  const labels = gather(tensor1d(own.labels, "int32"), tensor1d(own.train, "int32"));
  const visitsOf = (nodes: Int32Array, from: Rng) => visitedNeighbors(lists, nodes, 10, { rng: from });
  const all = Int32Array.from({ length: own.labels.length }, (_, v) => v);
  const final = visitsOf(all, new Rng(0));
  const graph = layered(final.sources, final.targets, final.weights, all.length);
  return {
    model,
    logits: () => model.forward({ x, ...graph }),
    async epoch(step) {
      const near = visitsOf(own.train, rng);
      const inner = Int32Array.from(new Set([...own.train, ...near.sources]));
      const far = visitsOf(inner, rng);
      const nodes = Int32Array.from(new Set([...inner, ...far.sources]));
      const row = new Map(Array.from(nodes, (v, i) => [v, i]));
      const sources = far.sources.map((v) => row.get(v) as number);
      await step(() =>
        crossEntropy(
          slice(
            model.forward({
              x: gather(x, tensor1d(nodes, "int32")),
              ...layered(sources, far.targets, far.weights, nodes.length),
            }),
            [0, 0],
            [own.train.length, classes],
          ),
          labels,
        ),
      );
    },
  };
};
