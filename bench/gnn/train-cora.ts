import { type BackendName, useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  dropout,
  isTraining,
  Module,
  Optimizer,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { type ConvGraph, graphOf, type MessagePassing } from "@pellucid/gnn";
import { gather, type Tensor2D, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { cora, features } from "./work.ts";

/** Two convolutions with dropout before each and an activation between them. */
export class Net extends Module {
  readonly conv1: MessagePassing;
  readonly conv2: MessagePassing;
  readonly p: number;
  readonly act: (x: Tensor2D) => Tensor2D;
  readonly rng: Rng;

  constructor(
    conv1: MessagePassing,
    conv2: MessagePassing,
    p: number,
    act: (x: Tensor2D) => Tensor2D,
    rng: Rng,
  ) {
    super();
    this.conv1 = conv1;
    this.conv2 = conv2;
    this.p = p;
    this.act = act;
    this.rng = rng;
  }

  forward({ x, edgeIndex }: ConvGraph): Tensor2D {
    const drop = (h: Tensor2D) => (isTraining(this) ? dropout(h, this.p, this) : h);
    return tidy(() => {
      const h = this.act(this.conv1.forward({ x: drop(x), edgeIndex }));
      return this.conv2.forward({ x: drop(h), edgeIndex });
    });
  }
}

export async function prepareCora(
  backend: string,
  make: (rng: Rng) => Net,
  learningRate: number,
): Promise<Step> {
  await useBackend({ only: backend as BackendName });
  const { x, nodes, edgeIndex, labels, train } = cora();
  const graph = graphOf({
    x: tensor2d(x, [nodes, features]),
    edgeIndex: tensor2d(edgeIndex, [2, edgeIndex.length / 2], "int32"),
  });
  const chosen = tensor1d(train, "int32");
  const wanted = tensor1d(
    train.map((node) => labels[node] as number),
    "int32",
  );
  const model = make(new Rng(12345));
  const optimizer = new Optimizer(adam({ learningRate, weightDecay: 5e-4 }), trainable(model));
  return () => trainStep(model, optimizer, () => crossEntropy(gather(model.forward(graph), chosen), wanted));
}
