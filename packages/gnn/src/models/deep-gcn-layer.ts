import {
  checkChoice,
  checkOptions,
  checkProbabilities,
  checkRng,
  dropout,
  isTraining,
  type Layer,
  Module,
  type Rng,
} from "@pellucid/core-train";
import { add, concat, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { ConvGraph, MessagePassing } from "../conv/message-passing.ts";
import { redraw } from "../redraw.ts";

/** How a layer passes its input on: see {@link DeepGCNLayer}. */
export type DeepGCNBlock = "res+" | "res" | "dense" | "plain";

/** Options for {@link DeepGCNLayer}. */
export interface DeepGCNLayerOptions {
  /** Random generator for dropout. */
  readonly rng: Rng;
  /** Default: `"res+"`. */
  readonly block?: DeepGCNBlock;
  /** Which part is dropped in training. Default: 0. */
  readonly dropout?: number;
}

/** What maps the features of each node. */
export type NodeMap = Module & Layer<Tensor2D, Tensor2D>;

/**
 * A convolution with a skip connection, of which networks of a hundred layers are made:
 *
 *     res+   x + conv(dropout(act(norm(x))))
 *     res    dropout(x + act(norm(conv(x))))
 *     dense  dropout([x, act(norm(conv(x)))])
 *     plain  dropout(act(norm(conv(x))))
 *
 * Li et al., 2019. DeepGCNs: can GCNs go as deep as CNNs? https://arxiv.org/abs/1904.03751
 */
export class DeepGCNLayer<G extends ConvGraph = ConvGraph> extends Module implements Layer<G, Tensor2D> {
  readonly block: DeepGCNBlock;
  readonly dropout: number;
  readonly rng: Rng;
  readonly conv: MessagePassing<G>;
  readonly norm: NodeMap | null;
  readonly act: ((x: Tensor2D) => Tensor2D) | null;

  constructor(
    conv: MessagePassing<G>,
    norm: NodeMap | null,
    act: ((x: Tensor2D) => Tensor2D) | null,
    options: DeepGCNLayerOptions,
  ) {
    super();
    checkRng("DeepGCNLayer", options);
    checkOptions("DeepGCNLayer", options, ["rng", "block", "dropout"]);
    const { rng, block = "res+", dropout: p = 0 } = options;
    checkChoice("DeepGCNLayer", "block", block, ["res+", "res", "dense", "plain"]);
    checkProbabilities("DeepGCNLayer", { dropout: p });
    this.conv = conv;
    this.norm = norm;
    this.act = act;
    this.block = block;
    this.dropout = p;
    this.rng = rng;
  }

  /** Draws the weights of the convolution anew. */
  resetParameters(rng: Rng): void {
    redraw(this.conv, rng);
  }

  /** @returns `[node, out]` */
  forward(graph: G): Tensor2D {
    const { block, conv } = this;
    const { x } = graph;
    return tidy(() => {
      if (block === "res+") return add(x, conv.forward({ ...graph, x: this.#drop(this.#activate(x)) }));
      const out = this.#activate(conv.forward(graph));
      if (block === "res") return this.#drop(add(x, out));
      return this.#drop(block === "dense" ? concat([x, out], 1) : out);
    });
  }

  #activate(x: Tensor2D): Tensor2D {
    const normal = this.norm === null ? x : this.norm.forward(x);
    return this.act === null ? normal : this.act(normal);
  }

  #drop(x: Tensor2D): Tensor2D {
    return isTraining(this) ? dropout(x, this.dropout, { rng: this.rng }) : x;
  }
}
