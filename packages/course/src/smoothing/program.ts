import {
  adam,
  crossEntropy,
  type Layer,
  Linear,
  Module,
  Optimizer,
  relu,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { APPNP, GCN2Conv, GCNConv, zachary } from "@pellucid/gnn";
import { argMax, eye, gather, tensor1d, tensor2d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

const { edgeIndex: edges, y } = zachary();
/** The side that each member took: 0 with the instructor, member 1, or 1 with the president, member 34. */
export const sides: readonly number[] = Array.from(y.data);
const friends = sides.map((_, node) =>
  Array.from(edges.data.subarray(0, edges.data.length / 2)).flatMap((source, e) =>
    edges.data[edges.data.length / 2 + e] === node ? [source] : [],
  ),
);
/** How many friends each member has, and one more: a message to itself. */
export const degrees: readonly number[] = friends.map((list) => list.length + 1);

const edgeIndex = (): Tensor2D => tensor2d(edges.data, [2, edges.data.length / 2], "int32");

/** −1 at member 1, 1 at member 34, 0 elsewhere. */
export const start: readonly number[] = sides.map((_, i) => (i === 0 ? -1 : i === 33 ? 1 : 0));

/** The values after some steps of the layer, each of which keeps a share of the start. */
export async function spread(steps: number, keep: number): Promise<number[]> {
  if (steps === 0) return [...start];
  const after = tidy(() => {
    const x = tensor2d([...start], [34, 1]);
    return new APPNP(steps, keep, { rng: new Rng(0) }).forward({ x, edgeIndex: edgeIndex() });
  });
  const values = Array.from(await after.data());
  after.dispose();
  return values;
}

/** What one member sends to another: `weight · value`. */
export interface Sent {
  readonly from: number;
  readonly weight: number;
  readonly value: number;
}

/** The messages that reach a member in one step, by hand: the weight is one over the root of both degrees. */
export function messagesTo(node: number, values: readonly number[], keep: number): Sent[] {
  return [node, ...(friends[node] ?? [])].map((from) => ({
    from,
    weight: (1 - keep) / Math.sqrt((degrees[from] ?? 1) * (degrees[node] ?? 1)),
    value: values[from] ?? 0,
  }));
}

export const sumOf = (messages: readonly Sent[]): number =>
  messages.reduce((sum, { weight, value }) => sum + weight * value, 0);

/** How many members have a value of the sign of their side; where nothing has arrived yet, at 0, there is none. */
export const rightSigns = (values: readonly number[]): number =>
  values.filter((value, i) => Math.sign(value) === (sides[i] === 1 ? 1 : -1)).length;

/** The share of the squared values that is the same for all but for their degrees: the limit of many steps. */
export function smoothness(values: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, v, i) => sum + v * (b[i] ?? 0), 0);
  const limit = degrees.map(Math.sqrt);
  return dot(values, limit) ** 2 / (dot(values, values) * dot(limit, limit));
}

/** A graph network of many layers, plain or with a share of the start in each. */
export class DeepNet extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly first: Linear;
  readonly convs: readonly (GCNConv | GCN2Conv)[];
  readonly last: Linear;

  constructor(depth: number, keepsStart: boolean, rng: Rng) {
    super();
    this.first = new Linear(34, 8, { rng });
    this.convs = Array.from({ length: depth }, (_, i) =>
      keepsStart ? new GCN2Conv(8, 0.2, { rng, theta: 0.5, layer: i + 1 }) : new GCNConv(8, 8, { rng }),
    );
    this.last = new Linear(8, 2, { rng });
  }

  /** @returns logits `[node, side]` */
  forward(x: Tensor2D): Tensor2D {
    return tidy(() => {
      const graph = { edgeIndex: edgeIndex(), x0: relu(this.first.forward(x)) }; // [node, 8]
      let h: Tensor2D = graph.x0;
      for (const conv of this.convs) h = relu(conv.forward({ ...graph, x: h }));
      return this.last.forward(h); // [node, side]
    });
  }
}

/** Trains on the sides of members 1 and 34 alone; how many of the 34 are right then. */
export async function trainedRight(depth: number, keepsStart: boolean, seed = 2): Promise<number> {
  const net = new DeepNet(depth, keepsStart, new Rng(seed));
  const optimizer = new Optimizer(adam({ learningRate: 0.01 }), trainable(net));
  const x = eye(34) as Tensor2D;
  const leaders = tensor1d([0, 33], "int32");
  const labels = tensor1d([0, 1], "int32");
  for (let i = 0; i < 60; i++)
    await trainStep(net, optimizer, () => crossEntropy(gather(net.forward(x), leaders), labels));
  const guesses = tidy(() => argMax(net.forward(x), 1));
  const found = await guesses.data();
  for (const used of [guesses, labels, leaders, x, optimizer, net]) used.dispose();
  return found.filter((side, i) => side === sides[i]).length;
}
