import { crossEntropy, Dropout, type HostTensor, Linear, Module, relu, type Rng } from "@pellucid/core-train";
import { hostEdges, propagate } from "@pellucid/gnn";
import {
  mul,
  sum,
  type Tensor,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type { cora } from "../cora.ts";
import { classes, features, hidden } from "./method.ts";

type Split = ReturnType<typeof cora>;

/** From nodes below to nodes above, with a weight for each edge. */
export interface Layered {
  readonly edgeIndex: Tensor2D;
  readonly edgeWeight: Tensor1D;
  readonly targets: number;
}

/** A graph convolutional network whose normalization is given, so that a sampler can correct it. */
export class Weighted extends Module {
  readonly lin1: Linear;
  readonly lin2: Linear;
  readonly dropout: Dropout;

  constructor(rng: Rng) {
    super();
    this.lin1 = new Linear(features, hidden, { rng });
    this.lin2 = new Linear(hidden, classes, { rng });
    this.dropout = new Dropout(0.5, { rng });
  }

  /** @param layers from the input up */
  forward(x: Tensor2D, [first, second]: readonly [Layered, Layered]): Tensor2D {
    const { lin1, dropout } = this;
    return tidy(() => this.#second(send(lin1.forward(dropout.forward(x)), first), second));
  }

  /** {@link forward} of features that the first layer has summed already. */
  forwardSummed(x: Tensor2D, second: Layered): Tensor2D {
    return tidy(() => this.#second(this.lin1.forward(this.dropout.forward(x)), second));
  }

  #second(sums: Tensor2D, layer: Layered): Tensor2D {
    return send(this.lin2.forward(this.dropout.forward(relu(sums))), layer);
  }
}

function send(rows: Tensor2D, { targets, ...edges }: Layered): Tensor2D {
  return propagate({ ...edges, x: [rows, zeros([targets, 1])] }) as Tensor2D;
}

/** The edges with a loop of each node, and the weights of GCN's normalization: `1 / √(dᵢ dⱼ)`. */
export function normalized({ data }: Split) {
  const { sources, targets, numNodes } = hostEdges(data);
  const nodes = Int32Array.from({ length: numNodes }, (_, v) => v);
  const [from, to] = [Int32Array.of(...sources, ...nodes), Int32Array.of(...targets, ...nodes)];
  const degrees = new Float64Array(numNodes);
  for (const v of to) degrees[v] = (degrees[v] as number) + 1;
  const weights = Float32Array.from(
    from,
    (j, e) => 1 / Math.sqrt((degrees[j] as number) * (degrees[to[e] as number] as number)),
  );
  return { numNodes, sources: from, targets: to, weights };
}

export const layered = (
  sources: Int32Array,
  dests: Int32Array,
  weights: Float32Array,
  targets: number,
): Layered => ({
  edgeIndex: tensor2d([...sources, ...dests], [2, sources.length], "int32"),
  edgeWeight: tensor1d(weights),
  targets,
});

/** The whole graph as a `Weighted` model sees it. */
export function whole(own: Split) {
  const { sources, targets, weights, numNodes } = normalized(own);
  const layer = layered(sources, targets, weights, numNodes);
  return { x: tensor2d(own.data.x.data, [numNodes, features]), layers: [layer, layer] as const };
}

/** The loss of the training nodes of a graph, each weighted. */
export function weightedLoss(logits: Tensor2D, y: Tensor, weights: Tensor1D): Tensor {
  return sum(mul(crossEntropy(logits, y as Tensor1D, { reduction: "none" }), weights));
}

/** One for each training node. */
export const maskOf = ({ train, labels }: Split): HostTensor<Uint8Array> => {
  const mask = new Uint8Array(labels.length);
  for (const v of train) mask[v] = 1;
  return { data: mask, shape: [mask.length] };
};
