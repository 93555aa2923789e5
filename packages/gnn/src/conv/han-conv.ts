import {
  checkNotNegative,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialize,
  initialized,
  type Layer,
  leakyRelu,
  Linear,
  Module,
  OptionError,
  type Parameter,
  relu,
  type Rng,
  softmax,
  tidyLeaves,
} from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  type Rank,
  reshape,
  slice,
  stack,
  sum,
  tanh,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import { Messages } from "../propagate/messages.ts";
import { segmentSoftmax } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { glorot, redraw } from "../redraw.ts";
import { EdgeAttention } from "./edge-attention.ts";
import { checkMetadata, type HeteroInput, type Metadata, relationEdges } from "../hetero/hetero-input.ts";
import { relationName, type RelationType } from "../hetero/relation-name.ts";
import { channelsByType } from "./hgt-conv.ts";

/** Options for {@link HANConv}. */
export interface HANConvOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** How many attentions. Default: 1. */
  readonly heads?: number;
  /** The factor of negative scores. Default: 0.2. */
  readonly negativeSlope?: number;
  /** Which part of the attention weights is dropped in training. Default: 0. */
  readonly dropout?: number;
}

/**
 * Heterogeneous attention: within each relation as {@link GATConv} without self-loops, then ReLU; the relations that reach a type of node
 * are weighted by `softmax(q · mean tanh(W z + b))`.
 *
 * Wang et al., 2019. https://arxiv.org/abs/1903.07293
 *
 * A type of node that nothing reaches is left out; PyG gives `None`.
 */
export class HANConv extends Module implements Layer<HeteroInput, Record<string, Tensor2D>> {
  readonly outChannels: number;
  readonly heads: number;
  readonly negativeSlope: number;
  readonly metadata: Metadata;
  readonly messages: Messages = new Messages();
  /** The attention weights, for explanations. */
  readonly attention: EdgeAttention;
  /** `[1, out]` */
  readonly q: Parameter<Rank.R2>;
  readonly kLin: Linear;
  readonly proj: Readonly<Record<string, Linear>>;
  /** `[1, head, out / head]` by relation */
  readonly linSrc: Readonly<Record<string, Parameter<Rank.R3>>>;
  /** `[1, head, out / head]` by relation */
  readonly linDst: Readonly<Record<string, Parameter<Rank.R3>>>;

  /** @param inChannels the features of each type of node, or of all */
  constructor(
    inChannels: number | Readonly<Record<string, number>>,
    outChannels: number,
    metadata: Metadata,
    options: HANConvOptions,
  ) {
    super();
    checkRng("HANConv", options);
    checkOptions("HANConv", options, ["rng", "heads", "negativeSlope", "dropout"]);
    checkMetadata("HANConv", metadata);
    const { rng, heads = 1, negativeSlope = 0.2, dropout = 0 } = options;
    const sizes = channelsByType(inChannels, metadata.nodeTypes);
    checkSizes("HANConv", { ...sizes, outChannels, heads });
    checkProbabilities("HANConv", { dropout });
    checkNotNegative("HANConv", { negativeSlope });
    if (outChannels % heads !== 0)
      throw new OptionError("HANConv", "heads", heads, `a divisor of ${outChannels}`);
    this.outChannels = outChannels;
    this.heads = heads;
    this.negativeSlope = negativeSlope;
    this.metadata = metadata;
    this.attention = new EdgeAttention(dropout, rng);
    this.kLin = new Linear(outChannels, outChannels, { rng });
    this.q = initialized<Rank.R2>([1, outChannels], init.zeros());
    this.proj = Object.fromEntries(
      Object.entries(sizes).map(([type, size]) => [type, new Linear(size, outChannels, { rng })]),
    );
    const vectors = () =>
      Object.fromEntries(
        metadata.edgeTypes.map((type) => [
          relationName(type),
          initialized<Rank.R3>([1, heads, outChannels / heads], init.zeros()),
        ]),
      );
    this.linSrc = vectors();
    this.linDst = vectors();
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const lin of Object.values(this.proj)) redraw(lin, rng);
    for (const vectors of [this.linSrc, this.linDst])
      for (const vector of Object.values(vectors)) initialize(new Holder(vector), "vector", glorot, rng);
    redraw(this.kLin, rng);
    initialize<HANConv>(this, "q", glorot, rng);
  }

  /** @returns `[node, out]` of each type of node that something reaches */
  forward(input: HeteroInput): Record<string, Tensor2D> {
    const { metadata, proj } = this;
    const present = metadata.edgeTypes.flatMap((type) => {
      const edges = relationEdges("HANConv", input, type);
      return edges === null ? [] : [{ type, edges }];
    });
    const types = Object.keys(input.x).filter((type) => metadata.nodeTypes.includes(type));
    for (const type of types)
      checkShape("HANConv", `x.${type}`, input.x[type] as Tensor2D, [
        "node",
        (proj[type] as Linear).inFeatures,
      ]);
    return tidyLeaves(() => {
      const mapped = Object.fromEntries(
        types.map((type) => [type, (proj[type] as Linear).forward(input.x[type] as Tensor2D)]),
      );
      const received = types.map((type) => [
        type,
        present
          .filter((part) => part.type[2] === type)
          .map(({ type: relation, edges }) => this.#attend(mapped, relation, edges)),
      ]) as [string, Tensor2D[]][];
      return Object.fromEntries(
        received.flatMap(([type, parts]) => (parts.length === 0 ? [] : [[type, this.#weigh(parts)]])),
      );
    });
  }

  #attend(
    mapped: Readonly<Record<string, Tensor2D>>,
    type: RelationType,
    edges: NonNullable<ReturnType<typeof relationEdges>>,
  ): Tensor2D {
    const name = relationName(type);
    const [source, target] = [mapped[type[0]] as Tensor2D, mapped[type[2]] as Tensor2D];
    const size = target.shape[0];
    const scores = add(
      gatherRows(this.#score(source, this.linSrc[name] as Tensor3D), edges.source),
      gatherRows(this.#score(target, this.linDst[name] as Tensor3D), edges.target),
    ) as Tensor2D; // [edge, head]
    const slanted = leakyRelu(scores, { negativeSlope: this.negativeSlope });
    const weights = this.attention.apply(segmentSoftmax(slanted, messageGroups(edges), size), edges);
    return relu(sendSum(source, weights, edges, size, this.messages)); // [target, out]
  }

  #score(x: Tensor2D, vector: Tensor3D): Tensor2D {
    const { heads, outChannels } = this;
    return sum(mul(reshape<Rank.R3>(x, [x.shape[0], heads, outChannels / heads]), vector), 2);
  }

  /** The weighted sum of what several relations give. */
  #weigh(parts: readonly Tensor2D[]): Tensor2D {
    const scores = parts.map((part) => sum(mul(this.q, mean(tanh(this.kLin.forward(part)), 0, true)))); // a number each
    const shares = softmax(stack(scores) as Tensor1D, 0); // [relation]
    const weighted = parts.map((part, i) => mul(part, slice(shares, [i], [1])) as Tensor2D);
    return weighted.reduce((total, part) => add(total, part));
  }
}

/** A parameter that is an entry of a record, so that it can be drawn as a field of a module. */
class Holder extends Module {
  readonly vector: Parameter<Rank.R3>;

  constructor(vector: Parameter<Rank.R3>) {
    super();
    this.vector = vector;
  }
}
