import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  DtypeError,
  einsum,
  IndexError,
  init,
  initialize,
  initialized,
  OptionError,
  type Parameter,
  type Rng,
  matMul,
} from "@pellucid/core-train";
import {
  add,
  type Rank,
  reshape,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { aggregationOf, type AggregationName } from "../aggr/aggregation-of.ts";
import type { Aggregation } from "../aggr/aggregation.ts";
import { checkEdges } from "../graph/check-graph.ts";
import type { EdgeList } from "../graph/edge-list.ts";
import type { Edges } from "../graph/graph.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { groupsOf } from "../propagate/groups.ts";
import { pickEdges } from "../graph/self-loops.ts";
import { glorot } from "../redraw.ts";
import { aggregateSources } from "./aggregate-sources.ts";
import { zeroBias } from "./glorot-linear.ts";
import { type BipartiteGraph, type ChannelPair, endsOf, MessagePassing, pairOf } from "./message-passing.ts";
import { relationSums } from "./relation-sums.ts";

/** Options for {@link RGCNConv}. */
export interface RGCNConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many matrices the weights of all relations are made of. Default: each relation has its own. */
  readonly numBases?: number;
  /** Into how many blocks on the diagonal each weight falls. Default: none. */
  readonly numBlocks?: number;
  /** How the messages of one relation become one. Default: `"mean"`. */
  readonly aggr?: AggregationName | Aggregation;
  /** Whether a node's own features take part. Default: true. */
  readonly rootWeight?: boolean;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/** What {@link RGCNConv} takes. */
export interface RelationalGraph extends Edges {
  /** `[node, feature]`, or those of the sources and those of the targets; or the id of each node, int32 `[node]`, where the layer learns features. */
  readonly x: BipartiteGraph["x"] | Tensor1D;
  /** The relation of each edge, int32 `[edge]`. */
  readonly edgeType: Tensor1D;
}

/**
 * Relational graph convolution: `xᵢ W₀ + Σ over relations r of mean over j of xⱼ W_r + b`. A relation without edges adds nothing.
 *
 * Of ids of nodes in place of features, the rows of the weights with these ids are the features of each relation: as if they were one-hot.
 *
 * Schlichtkrull et al., 2018. https://arxiv.org/abs/1703.06103
 */
export class RGCNConv extends MessagePassing<RelationalGraph> {
  readonly inChannels: ChannelPair;
  readonly outChannels: number;
  readonly numRelations: number;
  readonly numBlocks: number | null;
  readonly aggrModule: Aggregation;
  /** `[relation, in, out]`, `[basis, in, out]` or `[relation, block, in / block, out / block]` */
  readonly weight: Parameter;
  /** `[relation, basis]` */
  readonly comp: Parameter<Rank.R2> | null;
  /** `[in, out]` */
  readonly root: Parameter<Rank.R2> | null;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;

  constructor(inChannels: ChannelPair, outChannels: number, numRelations: number, options: RGCNConvOptions) {
    super();
    checkRng("RGCNConv", options);
    checkOptions("RGCNConv", options, ["rng", "numBases", "numBlocks", "aggr", "rootWeight", "bias"]);
    const [source, target] = pairOf(inChannels);
    const { rng, numBases, numBlocks, aggr = "mean", rootWeight = true, bias = true } = options;
    checkSizes("RGCNConv", { inChannels: source, "inChannels[1]": target, outChannels, numRelations });
    checkSizes("RGCNConv", { numBases: numBases ?? 1, numBlocks: numBlocks ?? 1 });
    if (numBases !== undefined && numBlocks !== undefined)
      throw new OptionError("RGCNConv", "numBlocks", numBlocks, "none where numBases is given");
    if (numBlocks !== undefined && (source % numBlocks !== 0 || outChannels % numBlocks !== 0))
      throw new OptionError("RGCNConv", "numBlocks", numBlocks, `a divisor of ${source} and ${outChannels}`);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.numRelations = numRelations;
    this.numBlocks = numBlocks ?? null;
    this.aggrModule = aggregationOf("RGCNConv", aggr);
    const shape =
      numBlocks === undefined
        ? [numBases ?? numRelations, source, outChannels]
        : [numRelations, numBlocks, source / numBlocks, outChannels / numBlocks];
    this.weight = initialized(shape, init.zeros());
    this.comp = numBases === undefined ? null : initialized<Rank.R2>([numRelations, numBases], init.zeros());
    this.root = rootWeight ? initialized<Rank.R2>([target, outChannels], init.zeros()) : null;
    this.bias = zeroBias(outChannels, bias);
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const field of ["weight", "comp", "root"] as const)
      if (this[field] !== null) initialize<RGCNConv>(this, field, glorot, rng);
  }

  /**
   * @returns `[target, out]`
   * @throws {IndexError} For a relation that does not exist.
   */
  forward(graph: RelationalGraph): Tensor2D {
    const { inChannels, outChannels, numRelations, aggrModule, root, bias } = this;
    const caller = `RGCNConv(${pairOf(inChannels).join("/")}, ${outChannels}, ${numRelations})`;
    const { x } = graph;
    if (!Array.isArray(x) && (x as Tensor).rank === 1) return this.#ofIds(caller, graph, x as Tensor1D);
    const { source, target, edges, size } = endsOf(caller, graph as BipartiteGraph, inChannels);
    const parts = relationsOf(caller, edges, graph.edgeType, numRelations);
    return tidy(() => {
      const weights = this.#weights();
      const terms = parts.flatMap((part, relation) => {
        if (part.length === 0) return [];
        const sums = aggregateSources(source, null, part, size, aggrModule, this.messages); // [target, in]
        return [this.#map(sums, weights, relation)];
      });
      if (root !== null) terms.push(matMul(target, root));
      const total = terms.reduce((sum, term) => add(sum, term), zeros<Rank.R2>([size, outChannels]));
      return bias === null ? total : add(total, bias);
    });
  }

  #ofIds(caller: string, graph: RelationalGraph, x: Tensor1D): Tensor2D {
    const { outChannels, numRelations, aggrModule, root, bias, messages } = this;
    const [known, own] = pairOf(this.inChannels);
    if (this.numBlocks !== null)
      throw new OptionError(caller, "numBlocks", this.numBlocks, "none where x has the ids of nodes");
    const ids = groupsOf(caller, x, x.size, Math.min(known, own)).target;
    const size = ids.length;
    const edges = checkEdges(caller, graph, size);
    const parts = relationsOf(caller, edges, graph.edgeType, numRelations);
    return tidy(() => {
      const weights = reshape<Rank.R2>(this.#weights(), [numRelations * known, outChannels]);
      const sums = relationSums(weights, ids, parts, size, aggrModule, messages); // [node, out]
      const total = root === null ? sums : add<Tensor2D>(sums, gatherRows(root, ids));
      return bias === null ? total : add(total, bias);
    });
  }

  /** `[relation, in, out]`, or in blocks. */
  #weights(): Tensor {
    const { comp, weight, numRelations } = this;
    if (comp === null) return weight;
    const [bases = 1, ...rest] = weight.shape;
    return reshape(matMul(comp, reshape<Rank.R2>(weight, [bases, -1])), [numRelations, ...rest]);
  }

  #map(x: Tensor2D, weights: Tensor, relation: number): Tensor2D {
    const shape = weights.shape.slice(1);
    const own = reshape(slice(weights, [relation, ...shape.map(() => 0)], [1, ...shape]), shape);
    if (this.numBlocks === null) return matMul(x, own as Tensor2D);
    const blocks = reshape<Rank.R3>(x, [x.shape[0], this.numBlocks, -1]);
    return reshape<Rank.R2>(einsum("abc,bcd->abd", blocks, own as Tensor3D), [x.shape[0], this.outChannels]);
  }
}

/** The edges of each relation. */
function relationsOf(
  caller: string,
  edges: EdgeList,
  edgeType: Tensor1D,
  relations: number,
): readonly EdgeList[] {
  if (edgeType === undefined)
    throw new OptionError(caller, "edgeType", "undefined", "the relation of each edge, int32 [edge]");
  checkShape(caller, "edgeType", edgeType, [edges.length]);
  if (edgeType.dtype !== "int32")
    throw new DtypeError(`${caller}: edgeType is ${edgeType.dtype}, expected int32.`);
  const known = lists.get(edgeType.dataId);
  if (known?.edges === edges && known.parts.length === relations) return known.parts;
  const types = edgeType.dataSync<"int32">();
  const wrong = types.find((type) => type < 0 || type >= relations);
  if (wrong !== undefined)
    throw new IndexError(`${caller}: edgeType has the relation ${wrong}, expected 0 to ${relations - 1}.`);
  const own: number[][] = Array.from({ length: relations }, () => []);
  for (const [e, type] of types.entries()) own[type]?.push(e);
  const parts = own.map((from) => pickEdges(edges, Int32Array.from(from)));
  lists.set(edgeType.dataId, { edges, parts });
  return parts;
}

const lists = new WeakMap<object, { readonly edges: EdgeList; readonly parts: readonly EdgeList[] }>();
