import {
  checkArguments,
  checkChoice,
  checkProbabilities,
  checkRng,
  checkSizes,
  Dropout,
  type Layer,
  Linear,
  Module,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { ConvGraph, MessagePassing } from "../conv/message-passing.ts";
import { JumpingKnowledge, type JumpingKnowledgeMode } from "./jumping-knowledge.ts";
import type { Activation } from "./mlp.ts";
import { checkNorm, type NodeNorm, type NormName, normOf } from "./norm-of.ts";

/** Options that all of {@link Gcn}, {@link GraphSage}, {@link Gin}, {@link Gat}, {@link Pna} and {@link EdgeCnn} have. */
export interface BasicGnnOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The features that come out. Default: those of hidden layers. */
  readonly outChannels?: number;
  /** Which part is dropped in training after each hidden layer. Default: 0. */
  readonly dropout?: number;
  /** Default: ReLU; null for none. */
  readonly act?: Activation | null;
  /** Whether the activation comes before the norm. Default: false. */
  readonly actFirst?: boolean;
  /** Default: null, for none. */
  readonly norm?: NormName | null;
  /** How all layers together make the result, rather than the last alone. Default: null, for the last alone and no linear map behind it. */
  readonly jk?: JumpingKnowledgeMode | "last" | null;
}

/** The names of {@link BasicGnnOptions}. */
export const BASIC_OPTIONS = ["rng", "outChannels", "dropout", "act", "actFirst", "norm", "jk"] as const;

/** What these models take. */
export interface ModelGraph extends ConvGraph {
  /** The graph of each node, int32 `[node]`, for norms of graphs. */
  readonly batch?: Tensor1D | undefined;
  /** How many graphs there are. */
  readonly numGraphs?: number | undefined;
}

/** Which layer a convolution is for. */
export interface ConvPosition {
  /** Whether it makes the features that come out. */
  readonly isOut: boolean;
}

/** Convolutions one after another, with norm, activation and dropout between them: PyG's `BasicGNN`. */
export abstract class BasicGnn extends Module implements Layer<ModelGraph, Tensor2D> {
  readonly inChannels: number;
  readonly hiddenChannels: number;
  readonly outChannels: number;
  readonly act: Activation | null;
  readonly actFirst: boolean;
  readonly jkMode: JumpingKnowledgeMode | "last" | null;
  readonly dropout: Dropout;
  readonly convs: readonly MessagePassing[];
  readonly norms: readonly NodeNorm[];
  readonly jk: JumpingKnowledge | null;
  readonly lin: Linear | null;

  /** @param makeConv makes the convolution of one layer */
  constructor(
    caller: string,
    inChannels: number,
    hiddenChannels: number,
    numLayers: number,
    options: BasicGnnOptions,
    makeConv: (inChannels: number, outChannels: number, position: ConvPosition) => MessagePassing,
  ) {
    super();
    checkArguments("BasicGnn", { text: { caller }, function: { makeConv } });
    checkRng(caller, options);
    const { rng, outChannels, dropout = 0, act = relu, actFirst = false, norm = null, jk = null } = options;
    checkSizes(caller, { inChannels, hiddenChannels, numLayers, outChannels: outChannels ?? 1 });
    checkProbabilities(caller, { dropout });
    checkChoice(caller, "jk", jk, [null, "last", "cat", "max", "lstm"]);
    checkNorm(caller, norm);
    this.inChannels = inChannels;
    this.hiddenChannels = hiddenChannels;
    this.outChannels = outChannels ?? hiddenChannels;
    this.act = act;
    this.actFirst = actFirst;
    this.jkMode = jk;
    this.dropout = new Dropout(dropout, { rng });
    this.convs = Array.from({ length: numLayers }, (_, i) => {
      const isOut = i === numLayers - 1 && outChannels !== undefined && jk === null;
      return makeConv(i === 0 ? inChannels : hiddenChannels, isOut ? outChannels : hiddenChannels, { isOut });
    });
    this.norms = Array.from({ length: numLayers }, (_, i) =>
      normOf(caller, i < numLayers - 1 || jk !== null ? norm : null, hiddenChannels),
    );
    this.jk =
      jk === null || jk === "last"
        ? null
        : new JumpingKnowledge(jk, { channels: hiddenChannels, numLayers, rng });
    const joined = jk === "cat" ? numLayers * hiddenChannels : hiddenChannels;
    this.lin = jk === null ? null : new Linear(joined, this.outChannels, { rng });
  }

  /** @returns `[node, out]` */
  forward(graph: ModelGraph): Tensor2D {
    const { convs, norms, jk, lin, act, actFirst, dropout } = this;
    return tidy(() => {
      const layers: Tensor2D[] = [];
      let x = graph.x;
      for (const [i, conv] of convs.entries()) {
        x = conv.forward(this.inputOf(graph, x));
        if (i === convs.length - 1 && this.jkMode === null) break;
        if (act !== null && actFirst) x = act(x);
        x = (norms[i] as NodeNorm).forward({ x, batch: graph.batch, numGraphs: graph.numGraphs });
        if (act !== null && !actFirst) x = act(x);
        x = dropout.forward(x);
        layers.push(x);
      }
      const last = jk === null ? x : jk.forward(layers);
      return lin === null ? last : lin.forward(last); // [node, out]
    });
  }

  /** What each convolution takes of the graph. */
  protected abstract inputOf(graph: ModelGraph, x: Tensor2D): ConvGraph;
}
