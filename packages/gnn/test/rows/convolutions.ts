import { Linear, ReLU, type Rng, Sequential } from "@pellucid/core-train";
import {
  APPNP,
  ARMAConv,
  ChebConv,
  ClusterGCNConv,
  EdgeConv,
  EdgeList,
  edgeIndexOf,
  GATConv,
  GatedGraphConv,
  GATv2Conv,
  GCN2Conv,
  GCNConv,
  GENConv,
  GINConv,
  GINEConv,
  GraphConv,
  HANConv,
  HGTConv,
  LGConv,
  type Metadata,
  MultiAggregation,
  NNConv,
  PNAConv,
  RGCNConv,
  type RowNetwork,
  SAGEConv,
  SGConv,
  SoftmaxAggregation,
  TAGConv,
  TransformerConv,
} from "@pellucid/gnn";
import type { TestedLayer } from "@pellucid/testing";
import {
  add,
  concat,
  mul,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
} from "@tensorflow/tfjs-core";

/** A layer, and what it takes of a case's inputs. */
export interface ConvRow {
  readonly make: (rng: Rng) => TestedLayer;
  readonly input: (inputs: readonly Tensor[]) => unknown;
}

const listOf = (source: number[], target: number[]) =>
  new EdgeList(Int32Array.from(source), Int32Array.from(target));

/** Six nodes: 5 is isolated, 1 has a loop, 2 → 1 is there twice. */
export const edges = listOf([0, 1, 2, 3, 3, 4, 1, 2, 0, 2], [1, 0, 1, 2, 4, 3, 1, 3, 2, 1]);
const sorted = listOf([1, 0, 2, 1, 2, 3, 0, 4, 2, 3], [0, 1, 1, 1, 1, 2, 2, 3, 3, 4]);
const pairs = listOf([0, 1, 2, 5, 3], [1, 0, 1, 2, 3]);
const relations = {
  author__writes__paper: listOf([0, 1, 2, 2], [1, 0, 1, 3]),
  paper__cites__paper: listOf([0, 1, 3], [1, 2, 1]),
  paper__rev__author: listOf([1, 0, 3], [0, 1, 2]),
};
const types = () => tensor1d([0, 2, 0, 2, 2, 0, 2, 0, 2, 0], "int32");
const degrees = [1, 2, 2, 1];
const metadata: Metadata = {
  nodeTypes: ["author", "paper"],
  edgeTypes: [
    ["author", "writes", "paper"],
    ["paper", "cites", "paper"],
    ["paper", "rev", "author"],
  ],
};

const plain = (make: (rng: Rng) => unknown): ConvRow => ({
  make: make as ConvRow["make"],
  input: ([x]) => ({ x, edgeIndex: edgeIndexOf(edges) }),
});
const weighted = (make: (rng: Rng) => unknown): ConvRow => ({
  make: make as ConvRow["make"],
  input: ([x, w]) => ({ x, edgeIndex: edgeIndexOf(edges), edgeWeight: add(mul(w as Tensor1D, 0.5), 1) }),
});
const featured = (make: (rng: Rng) => unknown): ConvRow => ({
  make: make as ConvRow["make"],
  input: ([x, edgeAttr]) => ({ x, edgeIndex: edgeIndexOf(edges), edgeAttr }),
});
const pair = (make: (rng: Rng) => unknown): ConvRow => ({
  make: make as ConvRow["make"],
  input: ([source, target]) => ({ x: [source, target], edgeIndex: edgeIndexOf(pairs) }),
});
const hetero = (make: (rng: Rng) => { forward(input: never): Record<string, Tensor2D> }): ConvRow => ({
  make: (rng) => joining(make(rng)),
  input: ([author, paper]) => ({
    x: { author, paper },
    edgeIndex: Object.fromEntries(Object.entries(relations).map(([name, list]) => [name, edgeIndexOf(list)])),
  }),
});

/** The layer itself, whose results by type are one vector. */
function joining(layer: { forward(input: never): Record<string, Tensor2D> }): TestedLayer {
  const forward = layer.forward.bind(layer);
  const flat = (input: never): Tensor =>
    concat(
      Object.values(forward(input)).map((part) => reshape(part, [part.size])),
      0,
    );
  Object.defineProperty(layer, "forward", { value: flat, configurable: true, enumerable: false });
  return layer as unknown as TestedLayer;
}

const mlp = (first: number, hidden: number, last: number, rng: Rng) =>
  new Sequential(
    new Linear(first, hidden, { rng }),
    new ReLU(),
    new Linear(hidden, last, { rng }),
  ) as unknown as RowNetwork;

/** Rows by the titles of the fixture. */
export const convolutions: Readonly<Record<string, ConvRow>> = {
  GCNConv: plain((rng) => new GCNConv(3, 4, { rng })),
  "GCNConv, weighted": weighted((rng) => new GCNConv(3, 4, { rng })),
  "GCNConv, improved": weighted((rng) => new GCNConv(3, 4, { rng, improved: true, bias: false })),
  "GCNConv, no loops": weighted((rng) => new GCNConv(3, 4, { rng, addSelfLoops: false })),
  "GCNConv, not normalized": weighted((rng) => new GCNConv(3, 4, { rng, normalize: false })),
  ChebConv: plain((rng) => new ChebConv(3, 4, 3, { rng })),
  "ChebConv, weighted": weighted((rng) => new ChebConv(3, 4, 4, { rng })),
  "ChebConv, random walk": weighted(
    (rng) => new ChebConv(3, 4, 2, { rng, normalization: "rw", bias: false }),
  ),
  "ChebConv, not normalized": weighted((rng) => new ChebConv(3, 4, 3, { rng, normalization: null })),
  "ChebConv of one term": plain((rng) => new ChebConv(3, 4, 1, { rng })),
  SAGEConv: plain((rng) => new SAGEConv(3, 4, { rng })),
  "SAGEConv, max, projected": plain((rng) => new SAGEConv(3, 4, { rng, aggr: "max", project: true })),
  "SAGEConv, normalized": plain(
    (rng) => new SAGEConv(3, 4, { rng, normalize: true, rootWeight: false, bias: false }),
  ),
  "SAGEConv, softmax": plain(
    (rng) => new SAGEConv(3, 4, { rng, aggr: new SoftmaxAggregation({ learn: true }) }),
  ),
  "SAGEConv, several": plain(
    (rng) => new SAGEConv(3, 4, { rng, aggr: new MultiAggregation(["mean", "max", "std"]) }),
  ),
  "SAGEConv, lstm": {
    make: (rng) => new SAGEConv(3, 4, { rng, aggr: "lstm" }),
    input: ([x]) => ({ x, edgeIndex: edgeIndexOf(sorted) }),
  },
  "SAGEConv of a pair": pair((rng) => new SAGEConv([3, 2], 4, { rng })),
  GATConv: plain((rng) => new GATConv(3, 4, { rng })),
  "GATConv, heads": plain((rng) => new GATConv(3, 4, { rng, heads: 3 })),
  "GATConv, averaged": plain((rng) => new GATConv(3, 4, { rng, heads: 2, concat: false, residual: true })),
  "GATConv, edges": featured((rng) => new GATConv(3, 4, { rng, heads: 2, edgeDim: 2, fillValue: "max" })),
  "GATConv, edges, filled": featured(
    (rng) => new GATConv(3, 4, { rng, edgeDim: 2, fillValue: 0.5, negativeSlope: 0.1 }),
  ),
  "GATConv, dropout": plain((rng) => new GATConv(3, 4, { rng, heads: 2, dropout: 0.4 })),
  "GATConv of a pair": pair(
    (rng) => new GATConv([3, 2], 4, { rng, heads: 2, addSelfLoops: false, bias: false }),
  ),
  GATv2Conv: plain((rng) => new GATv2Conv(3, 4, { rng, heads: 2 })),
  "GATv2Conv, averaged": plain(
    (rng) => new GATv2Conv(3, 4, { rng, heads: 2, concat: false, residual: true }),
  ),
  "GATv2Conv, edges": featured((rng) => new GATv2Conv(3, 4, { rng, heads: 2, edgeDim: 2 })),
  "GATv2Conv, dropout": plain((rng) => new GATv2Conv(3, 4, { rng, heads: 2, dropout: 0.4 })),
  "GATv2Conv of a pair": pair((rng) => new GATv2Conv([3, 2], 4, { rng, addSelfLoops: false })),
  GINConv: plain((rng) => new GINConv(mlp(3, 5, 2, rng), { rng })),
  "GINConv, learned": plain((rng) => new GINConv(mlp(3, 5, 2, rng), { rng, eps: 0.3, trainEps: true })),
  GINEConv: featured((rng) => new GINEConv(mlp(3, 5, 2, rng), { rng, eps: 0.3, edgeDim: 2, trainEps: true })),
  "GINEConv, same features": featured((rng) => new GINEConv(mlp(3, 5, 2, rng), { rng })),
  NNConv: featured((rng) => new NNConv(3, 4, mlp(2, 5, 12, rng), { rng })),
  "NNConv, mean": featured(
    (rng) => new NNConv(3, 4, mlp(2, 5, 12, rng), { rng, aggr: "mean", rootWeight: false, bias: false }),
  ),
  GatedGraphConv: plain((rng) => new GatedGraphConv(4, 3, { rng })),
  "GatedGraphConv, weighted": weighted((rng) => new GatedGraphConv(3, 2, { rng, aggr: "mean", bias: false })),
  GraphConv: weighted((rng) => new GraphConv(3, 4, { rng })),
  "GraphConv, max": plain((rng) => new GraphConv(3, 4, { rng, aggr: "max", bias: false })),
  "GraphConv of a pair": pair((rng) => new GraphConv([3, 2], 4, { rng, aggr: "mean" })),
  SGConv: weighted((rng) => new SGConv(3, 4, { rng, K: 2 })),
  "SGConv, no loops": plain((rng) => new SGConv(3, 4, { rng, addSelfLoops: false, bias: false })),
  ClusterGCNConv: plain((rng) => new ClusterGCNConv(3, 4, { rng })),
  "ClusterGCNConv, diagonal": plain((rng) => new ClusterGCNConv(3, 4, { rng, diagLambda: 0.5, bias: false })),
  APPNP: weighted((rng) => new APPNP(4, 0.1, { rng })),
  "APPNP, dropout": plain((rng) => new APPNP(3, 0.2, { rng, dropout: 0.3 })),
  "APPNP, not normalized": plain((rng) => new APPNP(2, 0.3, { rng, normalize: false })),
  LGConv: weighted(() => new LGConv()),
  "LGConv, not normalized": plain(() => new LGConv({ normalize: false })),
  ARMAConv: weighted((rng) => new ARMAConv(3, 4, { rng, numStacks: 2, numLayers: 3 })),
  "ARMAConv, shared": plain(
    (rng) =>
      new ARMAConv(3, 3, { rng, numStacks: 2, numLayers: 2, sharedWeights: true, act: null, bias: false }),
  ),
  "ARMAConv, dropout": plain((rng) => new ARMAConv(3, 4, { rng, dropout: 0.4, numLayers: 2 })),
  GCN2Conv: {
    make: (rng) => new GCN2Conv(3, 0.2, { rng, theta: 0.5, layer: 2 }) as unknown as TestedLayer,
    input: ([x, x0]) => ({ x, x0, edgeIndex: edgeIndexOf(edges) }),
  },
  "GCN2Conv, two weights": {
    make: (rng) => new GCN2Conv(3, 0.2, { rng, sharedWeights: false }) as unknown as TestedLayer,
    input: ([x, x0, w]) => ({
      x,
      x0,
      edgeIndex: edgeIndexOf(edges),
      edgeWeight: add(mul(w as Tensor1D, 0.5), 1),
    }),
  },
  GENConv: plain((rng) => new GENConv(3, 4, { rng })),
  "GENConv, learned": featured(
    (rng) =>
      new GENConv(3, 4, {
        rng,
        t: 0.7,
        learnT: true,
        msgNorm: true,
        learnMsgScale: true,
        norm: "layer",
        numLayers: 3,
        expansion: 1,
        bias: true,
        edgeDim: 2,
      }),
  ),
  "GENConv, power": plain((rng) => new GENConv(3, 3, { rng, aggr: "power", p: 2, learnP: true, norm: null })),
  "GENConv, semi-gradient": plain(
    (rng) => new GENConv(3, 3, { rng, aggr: "softmax_sg", t: 0.5, norm: null, msgNorm: true }),
  ),
  TransformerConv: plain((rng) => new TransformerConv(3, 4, { rng, heads: 2 })),
  "TransformerConv, edges": featured(
    (rng) => new TransformerConv(3, 4, { rng, heads: 2, edgeDim: 2, beta: true }),
  ),
  "TransformerConv, averaged": plain(
    (rng) => new TransformerConv(3, 4, { rng, heads: 2, concat: false, beta: true, bias: false }),
  ),
  "TransformerConv, dropout": plain(
    (rng) => new TransformerConv(3, 4, { rng, heads: 2, dropout: 0.4, rootWeight: false }),
  ),
  "TransformerConv of a pair": pair((rng) => new TransformerConv([3, 2], 4, { rng })),
  PNAConv: plain(
    (rng) =>
      new PNAConv(3, 4, {
        rng,
        aggregators: ["mean", "max", "std"],
        scalers: ["identity", "amplification", "attenuation"],
        degrees,
      }),
  ),
  "PNAConv, towers": featured(
    (rng) =>
      new PNAConv(4, 4, {
        rng,
        aggregators: ["sum", "min"],
        scalers: ["identity", "linear"],
        degrees,
        edgeDim: 2,
        towers: 2,
        preLayers: 2,
        postLayers: 2,
        divideInput: true,
        trainNorm: true,
      }),
  ),
  TAGConv: weighted((rng) => new TAGConv(3, 4, { rng })),
  "TAGConv, not normalized": plain((rng) => new TAGConv(3, 4, { rng, K: 2, bias: false, normalize: false })),
  EdgeConv: plain((rng) => new EdgeConv(mlp(6, 5, 2, rng), { rng })),
  "EdgeConv, mean": plain((rng) => new EdgeConv(mlp(6, 5, 2, rng), { rng, aggr: "mean" })),
  RGCNConv: {
    make: (rng) => new RGCNConv(3, 4, 4, { rng }) as unknown as TestedLayer,
    input: ([x]) => ({ x, edgeIndex: edgeIndexOf(edges), edgeType: types() }),
  },
  "RGCNConv, bases": {
    make: (rng) => new RGCNConv(3, 4, 3, { rng, numBases: 2, aggr: "add" }) as unknown as TestedLayer,
    input: ([x]) => ({ x, edgeIndex: edgeIndexOf(edges), edgeType: types() }),
  },
  "RGCNConv, blocks": {
    make: (rng) =>
      new RGCNConv(4, 6, 3, { rng, numBlocks: 2, rootWeight: false, bias: false }) as unknown as TestedLayer,
    input: ([x]) => ({ x, edgeIndex: edgeIndexOf(edges), edgeType: types() }),
  },
  "RGCNConv of ids": {
    make: (rng) => new RGCNConv(5, 4, 3, { rng, numBases: 2 }) as unknown as TestedLayer,
    input: ([x]) => ({ x, edgeIndex: edgeIndexOf(edges), edgeType: types() }),
  },
  "RGCNConv of ids, largest": {
    make: (rng) => new RGCNConv(5, 4, 3, { rng, aggr: "max" }) as unknown as TestedLayer,
    input: ([x]) => ({ x, edgeIndex: edgeIndexOf(edges), edgeType: types() }),
  },
  HGTConv: hetero((rng) => new HGTConv({ author: 3, paper: 2 }, 4, metadata, { rng, heads: 2 })),
  "HGTConv, skips": hetero((rng) => new HGTConv(4, 4, metadata, { rng })),
  HANConv: hetero((rng) => new HANConv({ author: 3, paper: 2 }, 4, metadata, { rng, heads: 2 })),
};
