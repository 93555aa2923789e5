import { Dropout, Module, relu, Rng } from "@pellucid/core-train";
import { type ConvGraph, GCNConv, SAGEConv } from "@pellucid/gnn";
import { tensor2d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { cora } from "../cora.ts";
import { classes, features, hidden } from "./method.ts";

export type Conv = Module & { forward(graph: ConvGraph): Tensor2D };
/** Makes a convolution from so many features to so many. */
export type Convs = (rng: Rng) => (from: number, to: number) => Conv;

/** Two convolutions with dropout before each. */
export class Two extends Module {
  readonly conv1: Conv;
  readonly conv2: Conv;
  readonly dropout: Dropout;

  constructor(make: (from: number, to: number) => Conv, rng: Rng) {
    super();
    this.conv1 = make(features, hidden);
    this.conv2 = make(hidden, classes);
    this.dropout = new Dropout(0.5, { rng });
  }

  forward(graph: ConvGraph): Tensor2D {
    const { conv1, conv2, dropout } = this;
    return tidy(() => {
      const h = relu(conv1.forward({ ...graph, x: dropout.forward(graph.x) }));
      return conv2.forward({ ...graph, x: dropout.forward(h) });
    });
  }
}

/** A model of two convolutions, and what it makes of the whole graph. */
export function convolved(make: Convs, rng: Rng) {
  const own = cora();
  const model = new Two(make(rng), rng);
  const x = tensor2d(own.data.x.data, [own.labels.length, features]);
  const edgeIndex = tensor2d(own.data.edgeIndex.data, [2, own.data.edgeIndex.data.length / 2], "int32");
  return { own, model, x, edgeIndex, logits: () => model.forward({ x, edgeIndex }) };
}

export const sage: Convs = (rng) => (from, to) => new SAGEConv(from, to, { rng }) as Conv;
export const gcn: Convs = (rng) => (from, to) => new GCNConv(from, to, { rng });
