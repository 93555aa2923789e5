import { matMul } from "@pellucid/core-train";
import { Network, propagate, springLayout, toGraph, zachary } from "@pellucid/gnn";
import { curves, network, scrubber } from "@pellucid/interpret/draw";
import {
  add,
  div,
  mul,
  ones,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";

export interface Options {
  /** How many layers pass messages. */
  readonly depth: number;
  /** How much of its own features each node keeps in each layer: a residual connection. */
  readonly keep: number;
  /** The node whose features are followed. */
  readonly node: number;
}

export const options: Options = { depth: 20, keep: 0, node: 0 };

/** Messages on Zachary's club: each node has a feature of its own, and takes the mean of its neighbors' features and its own. */
export async function program({ depth, keep, node }: Options) {
  const data = zachary();
  const graph = toGraph(data);
  const count = graph.x.shape[0];
  const states = tidy(() => {
    const degrees = add(propagate({ ...graph, x: ones([count, 1]) }), 1); // the node itself counts too
    const all: Tensor2D[] = [graph.x.clone()];
    for (let layer = 0; layer < depth; layer++) {
      const x = all.at(-1) as Tensor2D;
      const received = div(add(propagate({ ...graph, x }), x), degrees); //           [node, feature]
      all.push(add(mul(x, keep), mul(received, 1 - keep)) as Tensor2D);
    }
    return all;
  });
  const spread: number[] = [];
  const shares: Float32Array[] = [];
  for (const x of states) {
    const [similarity, own] = tidy(() => [similarityOf(x), slice(x, [0, node], [count, 1])]);
    spread.push(Number((await similarity.data())[0]));
    shares.push(Float32Array.from(await own.data()));
    similarity.dispose();
    own.dispose();
  }
  for (const tensor of [...states, ...Object.values(graph)]) tensor.dispose();
  const club = new Network();
  club.addNodesFrom(Array(count).keys());
  const ends = Array.from(
    { length: data.edgeIndex.data.length / 2 },
    (_, e) =>
      [
        data.edgeIndex.data[e] as number,
        data.edgeIndex.data[data.edgeIndex.data.length / 2 + e] as number,
      ] as const,
  );
  const edges = ends.filter(([u, v]) => u < v);
  club.addEdgesFrom(edges);
  const positions = [...springLayout(club, { seed: 7, iterations: 100 }).values()];
  const largest = Math.max(...shares.slice(1).map((share) => Math.max(...share)));
  const names = shares.map((_, layer) => (layer === 0 ? "before the first layer" : `after layer ${layer}`));
  const steps = shares.map((share, layer) =>
    network(
      { positions, edges },
      {
        title: `How much of node ${node} has come where, ${names[layer]}`,
        nodeAmounts: share,
        amountLabel: `share of node ${node}`,
        scale: { limit: largest },
        marked: [node],
      },
    ),
  );
  const player = scrubber(steps, { title: "Layer", names, first: Math.min(2, depth) });
  const smoothing = curves(
    { "mean similarity of two nodes": spread },
    { title: "Over-smoothing", xLabel: "layers", yLabel: "cosine similarity", x: spread.map((_, i) => i) },
  );
  return {
    pictures: [player, smoothing],
    spread,
    reached: shares.map((share) => share.filter((amount) => amount > 0).length),
  };
}

/** The mean cosine similarity of all pairs of rows. */
function similarityOf(x: Tensor2D): Tensor {
  const lengths = sqrt(sum(mul(x, x), 1, true)); //          [node, 1]
  const unit = div(x, lengths) as Tensor2D;
  const products = matMul(unit, transpose(unit)); //         [node, node]
  const count = x.shape[0];
  return div(sub(sum(products), count), count * (count - 1));
}
