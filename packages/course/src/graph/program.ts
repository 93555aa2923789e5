import {
  adam,
  crossEntropy,
  Module,
  Optimizer,
  Rng,
  softmax,
  tanh,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { GCNConv, Network, springLayout, zachary } from "@pellucid/gnn";
import { gather, tensor1d, tensor2d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

export type Pair = readonly [u: number, v: number];

/** The 34 members of the club, their 78 friendships, and the side that each took. */
export interface Club {
  readonly edges: readonly Pair[];
  readonly sides: Int32Array;
  /** Where each is drawn, from −1 to 1. */
  readonly positions: readonly (readonly [x: number, y: number])[];
}

/** Zachary's karate club, laid out by springs. */
export function club(): Club {
  const { edgeIndex, y: sides } = zachary();
  const half = edgeIndex.data.length / 2;
  const edges = Array.from({ length: half }, (_, e): Pair => [
    edgeIndex.data[e] ?? 0,
    edgeIndex.data[half + e] ?? 0,
  ]).filter(([u, v]) => u < v);
  const network = new Network();
  network.addNodesFrom(Array(34).keys());
  network.addEdgesFrom(edges);
  const laidOut = [...springLayout(network, { seed: 12, iterations: 50 }).values()];
  const spread = (axis: 0 | 1) => {
    const all = laidOut.map((position) => position[axis]);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return (value: number) => (2 * (value - least)) / (most - least) - 1;
  };
  const [across, down] = [spread(0), spread(1)];
  const positions = laidOut.map(([x, y]): [number, number] => [across(x), down(y)]);
  return { edges, sides: Int32Array.from(sides.data), positions };
}

/** Two graph convolutions: each node adds up messages of its neighbors, and of itself. */
export class ClubNet extends Module {
  readonly first: GCNConv;
  readonly second: GCNConv;

  constructor(rng: Rng) {
    super();
    this.first = new GCNConv(34, 8, { rng });
    this.second = new GCNConv(8, 2, { rng });
  }

  /** @returns logits `[node, side]` */
  forward(edges: readonly Pair[]): Tensor2D {
    return tidy(() => {
      const both = [...edges, ...edges.map(([u, v]): Pair => [v, u])];
      const edgeIndex = tensor2d([both.map(([u]) => u), both.map(([, v]) => v)], [2, both.length], "int32");
      const identity = tensor2d(
        Float32Array.from({ length: 34 * 34 }, (_, i) => (i % 35 === 0 ? 1 : 0)),
        [34, 34],
      );
      const hidden = tanh(this.first.forward({ x: identity, edgeIndex })); // [node, 8]
      return this.second.forward({ x: hidden, edgeIndex }); //                 [node, side]
    });
  }
}

/** Trains on the two leaders alone: nodes 0 and 33, one of each side. */
export async function train(
  edges: readonly Pair[],
  sides: ArrayLike<number>,
  steps: number,
): Promise<ClubNet> {
  const net = new ClubNet(new Rng(3));
  const optimizer = new Optimizer(adam({ learningRate: 0.02 }), trainable(net));
  const leaders = tensor1d([0, 33], "int32");
  const labels = tensor1d([sides[0] ?? 0, sides[33] ?? 1], "int32");
  for (let i = 0; i < steps; i++)
    await trainStep(net, optimizer, () =>
      crossEntropy(gather(net.forward(edges), leaders) as Tensor2D, labels),
    );
  optimizer.dispose();
  leaders.dispose();
  labels.dispose();
  return net;
}

/** The probability of side 1 for each node. */
export async function predict(net: ClubNet, edges: readonly Pair[]): Promise<Float32Array> {
  const p = tidy(() => softmax(net.forward(edges)));
  const values = await p.data();
  p.dispose();
  return Float32Array.from({ length: 34 }, (_, i) => values[2 * i + 1] ?? 0);
}

/** By how much the probability of the predicted side of a node falls when edges are cut together: negative if it rises. */
export async function fallWithout(
  net: ClubNet,
  edges: readonly Pair[],
  node: number,
  cut: readonly Pair[],
): Promise<number> {
  const left = edges.filter((edge) => !cut.includes(edge));
  const [whole, after] = [(await predict(net, edges))[node] ?? 0, (await predict(net, left))[node] ?? 0];
  return whole > 0.5 ? whole - after : after - whole;
}

/** The same for each of some edges alone: occlusion. */
export async function edgeEffects(
  net: ClubNet,
  edges: readonly Pair[],
  node: number,
  asked: readonly Pair[],
): Promise<number[]> {
  const effects: number[] = [];
  for (const edge of asked) effects.push(await fallWithout(net, edges, node, [edge]));
  return effects;
}

/** The distance of each node from `node`, in edges; infinite where no path leads. */
export function hops(edges: readonly Pair[], node: number): number[] {
  const distance = new Array<number>(34).fill(Infinity);
  distance[node] = 0;
  for (let hop = 1; hop < 34; hop++)
    for (const [u, v] of edges)
      for (const [a, b] of [
        [u, v],
        [v, u],
      ] as const)
        if (distance[a] === hop - 1 && (distance[b] ?? 0) > hop) distance[b] = hop;
  return distance;
}
