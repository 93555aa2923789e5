import { adam, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import {
  denseDiffPool,
  GCNConv,
  hostEdges,
  Network,
  springLayout,
  stochasticBlockModel,
  toDense,
  toGraph,
} from "@pellucid/gnn";
import { curves, network, scrubber } from "@pellucid/interpret/draw";
import { add, argMax, dispose, expandDims, tidy } from "@tensorflow/tfjs-core";

export interface Options {
  /** Into how many clusters the nodes may fall. */
  readonly clusters: number;
  readonly steps: number;
  readonly seed: number;
}

export const options: Options = { clusters: 4, steps: 120, seed: 0 };

/** DiffPool's two auxiliary losses alone: a graph convolution assigns each node to clusters so that nodes of one cluster are joined, and each node is of one. */
export async function program({ clusters, steps, seed }: Options) {
  const blocks = [0, 1, 2, 3].map((a) => [0, 1, 2, 3].map((b) => (a === b ? 0.6 : 0.02)));
  const data = stochasticBlockModel([9, 9, 9, 9], blocks, { rng: new Rng(2), features: 8, separation: 0.7 });
  const { sources, targets, numNodes } = hostEdges(data);
  const pairs = Array.from(sources, (u, e) => [u, targets[e] as number] as const).filter(([u, v]) => u < v);
  const drawn = new Network();
  drawn.addNodesFrom(Array(numNodes).keys());
  drawn.addEdgesFrom(pairs);
  const positions = [...springLayout(drawn, { seed: 1, iterations: 120 }).values()];
  const graph = toGraph(data);
  const { x, adj, mask } = toDense(graph);
  const conv = new GCNConv(8, clusters, { rng: new Rng(seed) });
  const optimizer = new Optimizer(adam({ learningRate: 0.05 }), trainable(conv));
  const pooled = () => denseDiffPool({ x, adj, s: expandDims(conv.forward(graph), 0) }, { normalize: false });
  const every = Math.max(1, Math.round(steps / 8));
  const [pictures, names, losses]: [HTMLElement[], string[], number[]] = [[], [], []];
  let purity = 0;
  for (let step = 0; step <= steps; step++) {
    if (step % every === 0 || step === steps) {
      const found = tidy(() => argMax(conv.forward(graph), 1));
      const assigned = [...(await found.data())];
      found.dispose();
      purity = purityOf(assigned, [...data.y.data], clusters);
      names.push(`step ${step}`);
      pictures.push(
        network(
          { positions, edges: pairs },
          {
            title: `The cluster of each node after ${step} steps`,
            classes: assigned,
            nodeLabels: assigned.map(String),
          },
        ),
      );
    }
    if (step === steps) break;
    losses.push(
      await trainStep(conv, optimizer, () => {
        const { linkLoss, entropyLoss } = pooled();
        return add(linkLoss, entropyLoss);
      }),
    );
  }
  dispose([x, adj, mask, ...Object.values(graph)]);
  optimizer.dispose();
  conv.dispose();
  const player = scrubber(pictures, { title: "Step", names, first: names.length - 1 });
  const falling = curves(
    { "link loss and entropy": losses },
    { title: "Loss", xLabel: "step", yLabel: "loss", x: losses.map((_, step) => step) },
  );
  return { pictures: [player, falling], purity, losses };
}

/** The share of nodes that are of the most frequent block of their cluster. */
function purityOf(assigned: readonly number[], blocks: readonly number[], clusters: number): number {
  let right = 0;
  for (let cluster = 0; cluster < clusters; cluster++) {
    const counts = new Map<number, number>();
    for (const [v, of] of assigned.entries())
      if (of === cluster) counts.set(blocks[v] as number, (counts.get(blocks[v] as number) ?? 0) + 1);
    right += Math.max(0, ...counts.values());
  }
  return right / assigned.length;
}
