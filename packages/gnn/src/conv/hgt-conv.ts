import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  gelu,
  init,
  initialize,
  initialized,
  type Layer,
  Linear,
  Module,
  OptionError,
  type Parameter,
  type Rng,
  sigmoid,
  tidyLeaves,
  matMul,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  concat,
  mul,
  type Rank,
  reshape,
  slice,
  split,
  sub,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { EdgeList } from "../graph/edge-list.ts";
import { edgeDot } from "../propagate/edge-dot.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import { Messages } from "../propagate/messages.ts";
import { segmentSoftmax } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { redraw } from "../redraw.ts";
import { checkMetadata, type HeteroInput, type Metadata, relationEdges } from "../hetero/hetero-input.ts";
import { relationName } from "../hetero/relation-name.ts";

/** Options for {@link HGTConv}. */
export interface HGTConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many attentions. Default: 1. */
  readonly heads?: number;
}

/** Linear maps by type of node. */
class LinearByType extends Module {
  readonly lins: Readonly<Record<string, Linear>>;

  constructor(inChannels: Readonly<Record<string, number>>, outChannels: number, rng: Rng) {
    super();
    this.lins = Object.fromEntries(
      Object.entries(inChannels).map(([type, size]) => [type, new Linear(size, outChannels, { rng })]),
    );
    this.resetParameters(rng);
  }

  resetParameters(rng: Rng): void {
    for (const lin of Object.values(this.lins)) redraw(lin, rng);
  }

  of(type: string): Linear {
    return this.lins[type] as Linear;
  }
}

/** One matrix for each relation and head. */
class RelationMatrices extends Module {
  /** `[head · relation, in, out]` */
  readonly weight: Parameter<Rank.R3>;

  constructor(dim: number, count: number, rng: Rng) {
    super();
    this.weight = initialized<Rank.R3>([count, dim, dim], init.zeros());
    this.resetParameters(rng); // as PyG's constructor
  }

  resetParameters(rng: Rng): void {
    const bound = Math.sqrt(6 / ((1 + Math.sqrt(5) ** 2) * sizeAlong(this.weight, 1)));
    initialize<RelationMatrices>(this, "weight", init.uniform(-bound, bound), rng);
  }
}

/**
 * Heterogeneous graph transformer: keys, queries and values by type of node, matrices by relation, one softmax over all that a node receives:
 * `σ(s) W gelu(Σ α v) + (1 - σ(s)) x`, with `α = softmax((q · K_r k) p_r / √d)`.
 *
 * Hu et al., 2020. https://arxiv.org/abs/2003.01332
 */
export class HGTConv extends Module implements Layer<HeteroInput, Record<string, Tensor2D>> {
  readonly outChannels: number;
  readonly heads: number;
  readonly metadata: Metadata;
  readonly messages: Messages = new Messages();
  readonly kqvLin: LinearByType;
  readonly outLin: LinearByType;
  readonly kRel: RelationMatrices;
  readonly vRel: RelationMatrices;
  /** `[1]` by type of node */
  readonly skip: Readonly<Record<string, Parameter<Rank.R1>>>;
  /** `[1, head]` by relation */
  readonly pRel: Readonly<Record<string, Parameter<Rank.R2>>>;

  /** @param inChannels the features of each type of node, or of all */
  constructor(
    inChannels: number | Readonly<Record<string, number>>,
    outChannels: number,
    metadata: Metadata,
    options: HGTConvOptions,
  ) {
    super();
    checkRng("HGTConv", options);
    checkOptions("HGTConv", options, ["rng", "heads"]);
    checkMetadata("HGTConv", metadata);
    const { rng, heads = 1 } = options;
    const { nodeTypes, edgeTypes } = metadata;
    const sizes = channelsByType(inChannels, nodeTypes);
    checkSizes("HGTConv", { ...sizes, outChannels, heads });
    if (outChannels % heads !== 0)
      throw new OptionError("HGTConv", "heads", heads, `a divisor of ${outChannels}`);
    this.outChannels = outChannels;
    this.heads = heads;
    this.metadata = metadata;
    const dim = outChannels / heads;
    this.kqvLin = new LinearByType(sizes, 3 * outChannels, rng);
    this.outLin = new LinearByType(channelsByType(outChannels, nodeTypes), outChannels, rng);
    this.kRel = new RelationMatrices(dim, heads * edgeTypes.length, rng);
    this.vRel = new RelationMatrices(dim, heads * edgeTypes.length, rng);
    const ones = <R extends Rank>(shape: number[]) => initialized<R>(shape, init.ones());
    this.skip = Object.fromEntries(nodeTypes.map((type) => [type, ones<Rank.R1>([1])]));
    this.pRel = Object.fromEntries(edgeTypes.map((type) => [relationName(type), ones<Rank.R2>([1, heads])]));
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const part of [this.kqvLin, this.outLin, this.kRel, this.vRel]) part.resetParameters(rng);
  }

  /** @returns `[node, out]` of each type of node that receives something */
  forward(input: HeteroInput): Record<string, Tensor2D> {
    const { outChannels: out, heads, metadata } = this;
    const present = metadata.edgeTypes.flatMap((type, index) => {
      const edges = relationEdges("HGTConv", input, type);
      return edges === null ? [] : [{ type, index, edges }];
    });
    const types = Object.keys(input.x).filter((type) => metadata.nodeTypes.includes(type));
    for (const type of types)
      checkShape("HGTConv", `x.${type}`, input.x[type] as Tensor2D, [
        "node",
        this.kqvLin.of(type).inFeatures,
      ]);
    const offsets = offsetsBy(types.map((type) => (input.x[type] as Tensor2D).shape[0]));
    return tidyLeaves(() => {
      const parts = Object.fromEntries(
        types.map((type) => [
          type,
          split(this.kqvLin.of(type).forward(input.x[type] as Tensor2D), 3, 1) as Tensor2D[],
        ]),
      );
      const part = (type: string, which: 0 | 1 | 2) => (parts[type] as Tensor2D[])[which] as Tensor2D;
      const query = concat(
        types.map((type) => part(type, 1)),
        0,
      ); // [all nodes, out]
      const key = concat(
        present.map(({ type, index }) => this.#map(part(type[0], 0), this.kRel, index)),
        0,
      );
      const value = concat(
        present.map(({ type, index }) => this.#map(part(type[0], 2), this.vRel, index)),
        0,
      );
      const { edges, relation } = join(
        present.map(({ type, edges: own }) => ({
          edges: own,
          sources: (input.x[type[0]] as Tensor2D).shape[0],
          targetOffset: offsets[types.indexOf(type[2])] as number,
        })),
      );
      const size = query.shape[0];
      const factors = gatherRows(
        concat(
          present.map(({ type }) => this.pRel[relationName(type)] as Tensor2D),
          0,
        ),
        relation,
      );
      const scores = mul(
        mul(edgeDot(query, key, edges, heads), factors),
        1 / Math.sqrt(out / heads),
      ) as Tensor2D;
      const weights = segmentSoftmax(scores, messageGroups(edges), size);
      const received = sendSum(value, weights, edges, size, this.messages); // [all nodes, out]
      const targets = types.filter((type) => metadata.edgeTypes.some((edge) => edge[2] === type));
      return Object.fromEntries(
        targets.map((type) => {
          const x = input.x[type] as Tensor2D;
          const own = slice(received, [offsets[types.indexOf(type)] as number, 0], [x.shape[0], out]);
          const mapped = this.outLin.of(type).forward(gelu(own));
          if (x.shape[1] !== out) return [type, mapped];
          const share = sigmoid(this.skip[type] as Parameter<Rank.R1>);
          return [type, add(mul(mapped, share), mul(x, sub(1, share))) as Tensor2D];
        }),
      );
    });
  }

  /** Each head times the matrix of a relation: `[node, out]` -> `[node, out]`. */
  #map(x: Tensor2D, { weight }: RelationMatrices, relation: number): Tensor2D {
    const { heads, outChannels, metadata } = this;
    const dim = outChannels / heads;
    const parts = Array.from({ length: heads }, (_, head) => {
      const at = head * metadata.edgeTypes.length + relation;
      const matrix = reshape<Rank.R2>(slice(weight as Tensor3D, [at, 0, 0], [1, dim, dim]), [dim, dim]);
      return matMul(slice(x, [0, head * dim], [x.shape[0], dim]), matrix) as Tensor2D;
    });
    return concat(parts, 1);
  }
}

/** The same number of features for each type, unless they are given by type. */
export function channelsByType(
  channels: number | Readonly<Record<string, number>>,
  types: readonly string[],
): Readonly<Record<string, number>> {
  return typeof channels === "number" ? Object.fromEntries(types.map((type) => [type, channels])) : channels;
}

function offsetsBy(sizes: readonly number[]): readonly number[] {
  return sizes.map((_, i) => sizes.slice(0, i).reduce((total, n) => total + n, 0));
}

/** The edges of all relations as one list, whose sources are the rows of all relations one after another. */
function join(
  parts: readonly { readonly edges: EdgeList; readonly sources: number; readonly targetOffset: number }[],
): { readonly edges: EdgeList; readonly relation: Int32Array } {
  let offset = 0;
  const lists = parts.map(({ edges, sources, targetOffset }) => {
    const start = offset;
    offset += sources;
    return {
      source: edges.source.map((id) => id + start),
      target: edges.target.map((id) => id + targetOffset),
    };
  });
  const all = (end: "source" | "target") => Int32Array.from(lists.flatMap((list) => [...list[end]]));
  return {
    edges: new EdgeList(all("source"), all("target")),
    relation: Int32Array.from(parts.flatMap(({ edges }, i) => new Array<number>(edges.length).fill(i))),
  };
}
