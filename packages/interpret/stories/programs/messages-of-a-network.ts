import {
  adam,
  capture,
  crossEntropy,
  disposeLeaves,
  Optimizer,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { Gcn, type GCNConv, type Graph, Network, springLayout, toGraph, zachary } from "@pellucid/gnn";
import { network, scrubber } from "@pellucid/interpret/draw";
import { gather, tensor1d } from "@tensorflow/tfjs-core";

export interface Options {
  /** The node whose messages are shown. */
  readonly node: number;
  readonly epochs: number;
  readonly seed: number;
}

export const options: Options = { node: 8, epochs: 60, seed: 4 };

/** A trained graph network step by step: what a node is sent in each of two layers, and how its answer is the sum of it. */
export async function program({ node, epochs, seed }: Options) {
  const data = zachary();
  const graph = toGraph(data);
  const model = await trained(graph, epochs, seed);
  const [first, second] = model.convs as unknown as readonly [GCNConv, GCNConv];
  const last = await second.lin.weight.data(); //  [feature, side]
  const features = last.length / 2;
  const hidden = await dataOf(capture(first, () => model.forward(graph))); //  [node, feature], before the ReLU
  // what counts for side 1 in each layer: in the last its number less that of side 0, before it what the last makes of active features
  const passes = Array.from({ length: features }, (_, k) =>
    (hidden[node * features + k] ?? 0) > 0 ? (last[2 * k + 1] ?? NaN) - (last[2 * k] ?? NaN) : 0,
  );
  const sent = [
    await sentTo(node, passes, () => capture(first.messages, () => model.forward(graph))),
    await sentTo(node, [-1, 1], () => capture(second.messages, () => model.forward(graph))),
  ];
  const logits = await dataOf(model.forward(graph)); //  [node, side]
  const bias = (await second.bias?.data()) ?? [0, 0];
  const lead = Array.from({ length: 34 }, (_, v) => (logits[2 * v + 1] ?? NaN) - (logits[2 * v] ?? NaN));
  const offset = (bias[1] ?? 0) - (bias[0] ?? 0);
  disposeLeaves(graph);
  model.dispose();
  const half = data.edgeIndex.data.length / 2;
  const edges = Array.from(
    { length: half },
    (_, e) => [data.edgeIndex.data[e] as number, data.edgeIndex.data[half + e] as number] as const,
  ).filter(([u, v]) => u < v);
  const club = new Network();
  club.addNodesFrom(Array(34).keys());
  club.addEdgesFrom(edges);
  const positions = [...springLayout(club, { seed: 7, iterations: 100 }).values()];
  const names = ["first layer", "second layer", "the answers"];
  const pictures = names.map((name, i) => {
    const shares = sent[i];
    return network(
      { positions, edges },
      {
        title:
          shares === undefined
            ? "What the network says of each member"
            : `What node ${node} is sent: ${name}`,
        nodeAmounts: shares ?? lead,
        amountLabel: shares === undefined ? "side 1 less side 0" : "sent for side 1",
        edgeAmounts: edges.map(([u, v]) =>
          shares === undefined || (u !== node && v !== node) ? 0 : Math.abs(shares[u === node ? v : u] ?? 0),
        ),
        ...(shares !== undefined && { edgeLabel: "much is sent" }),
        scale: { signed: true },
        marked: [node],
      },
    );
  });
  const arrived = sent[1] as readonly number[];
  const total = arrived.reduce((sum, one) => sum + one, offset);
  return {
    pictures: [scrubber(pictures, { title: "Layer", names, first: 1 })],
    node,
    arrived,
    offset,
    lead: lead[node] ?? NaN,
    difference: Math.abs(total - (lead[node] ?? NaN)),
    right: lead.filter((value, v) => (value > 0 ? 1 : 0) === data.y.data[v]).length,
  };
}

/** A network of two graph convolutions that knows the sides of both leaders alone. */
async function trained(graph: Graph, epochs: number, seed: number): Promise<Gcn> {
  const model = new Gcn(34, 8, 2, { rng: new Rng(seed), outChannels: 2 });
  const optimizer = new Optimizer(adam({ learningRate: 0.02 }), trainable(model));
  const [leaders, sides] = [tensor1d([0, 33], "int32"), tensor1d([0, 1], "int32")];
  for (let epoch = 0; epoch < epochs; epoch++)
    await trainStep(model, optimizer, () => crossEntropy(gather(model.forward(graph), leaders), sides));
  disposeLeaves([leaders, sides]);
  optimizer.dispose();
  return model;
}

/** What each node sends to one, along a direction. */
async function sentTo(
  node: number,
  direction: readonly number[],
  observe: () => Awaited<ReturnType<GCNConv["messages"]["forward"]>>,
): Promise<readonly number[]> {
  const record = observe();
  const [messages, ends] = [await record.messages.data(), await record.edgeIndex.data()];
  disposeLeaves(record);
  const shares = new Array<number>(34).fill(0);
  const count = ends.length / 2;
  for (let e = 0; e < count; e++) {
    if (ends[count + e] !== node) continue;
    const from = ends[e] as number;
    for (const [k, weight] of direction.entries())
      shares[from] = (shares[from] ?? 0) + weight * (messages[e * direction.length + k] ?? NaN);
  }
  return shares;
}

async function dataOf(x: { data: () => Promise<ArrayLike<number>>; dispose: () => void }) {
  const values = await x.data();
  x.dispose();
  return values;
}
