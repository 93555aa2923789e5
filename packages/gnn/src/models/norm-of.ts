import { BatchNorm1d, checkChoice, type Layer, Module } from "@pellucid/core-train";
import { clone, type Tensor2D } from "@tensorflow/tfjs-core";
import { GraphInstanceNorm } from "../norm/graph-instance-norm.ts";
import { GraphLayerNorm } from "../norm/graph-layer-norm.ts";
import { GraphNorm } from "../norm/graph-norm.ts";
import { GraphSizeNorm } from "../norm/graph-size-norm.ts";
import { MeanSubtractionNorm } from "../norm/mean-subtraction-norm.ts";
import type { NormInput } from "../norm/norm-input.ts";
import { PairNorm } from "../norm/pair-norm.ts";

/** A norm of the features of nodes. */
export type NodeNorm = Module & Layer<NormInput, Tensor2D>;

/** Batch norm over nodes, under the name that PyG's wrapper gives it. */
class NodeBatchNorm extends Module implements Layer<NormInput, Tensor2D> {
  readonly module: BatchNorm1d;

  constructor(channels: number) {
    super();
    this.module = new BatchNorm1d(channels);
  }

  forward({ x }: NormInput): Tensor2D {
    return this.module.forward(x);
  }
}

/** No norm. */
class NoNorm extends Module implements Layer<NormInput, Tensor2D> {
  forward({ x }: NormInput): Tensor2D {
    return clone(x);
  }
}

const named = {
  batch_norm: (channels: number) => new NodeBatchNorm(channels),
  graph_norm: (channels: number) => new GraphNorm(channels),
  graph_size_norm: () => new GraphSizeNorm(),
  instance_norm: (channels: number) => new GraphInstanceNorm(channels),
  layer_norm: (channels: number) => new GraphLayerNorm(channels),
  mean_subtraction_norm: () => new MeanSubtractionNorm(),
  pair_norm: () => new PairNorm(),
};

/** The name of a norm, with its defaults; `"layer_norm"` is that of each graph. */
export type NormName = keyof typeof named;

/** @throws {OptionError} Unless there is a norm of this name, or none. */
export function checkNorm(caller: string, norm: NormName | null): void {
  if (norm !== null) checkChoice(caller, "norm", norm, Object.keys(named) as [string]);
}

/** A norm by name, or none. */
export function normOf(caller: string, norm: NormName | null, channels: number): NodeNorm {
  if (norm === null) return new NoNorm();
  checkNorm(caller, norm);
  return named[norm](channels);
}
