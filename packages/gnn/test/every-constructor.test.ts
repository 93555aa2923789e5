// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { Module, Rng, withoutInit } from "@pellucid/core-train";
import * as exported from "@pellucid/gnn";
import { edgeIndexOf, EdgeList, type Metadata } from "@pellucid/gnn";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const metadata: Metadata = { nodeTypes: ["a", "b"], edgeTypes: [["a", "to", "b"]] };
const edges = { edgeIndex: edgeIndexOf(new EdgeList(Int32Array.of(0, 1), Int32Array.of(1, 0))) };
const model = { rng, outChannels: 2, dropout: 0.1, act: null, actFirst: true, norm: "batch_norm", jk: "cat" };
const elements = Array.from({ length: 100 }, (_, i) => 1 + i);
const attention = {
  rng,
  heads: 2,
  concat: true,
  negativeSlope: 0.1,
  dropout: 0.1,
  addSelfLoops: true,
  edgeDim: 2,
  fillValue: "mean",
  bias: true,
  residual: true,
};
const pna = {
  rng,
  aggregators: ["mean"],
  scalers: ["identity"],
  degrees: [1, 2],
  edgeDim: 2,
  towers: 2,
  preLayers: 1,
  postLayers: 1,
  divideInput: true,
  trainNorm: true,
};

const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.SumAggregation],
  [exported.MeanAggregation],
  [exported.MaxAggregation],
  [exported.MinAggregation],
  [exported.MulAggregation],
  [exported.VarAggregation, { semiGrad: true }],
  [exported.StdAggregation, { semiGrad: true }],
  [exported.SoftmaxAggregation, { t: 0.5, learn: true, semiGrad: false, channels: 3 }],
  [exported.PowerMeanAggregation, { p: 2, learn: true, channels: 3, clampMin: 0.1, clampMax: 9 }],
  [exported.QuantileAggregation, 0.5, { interpolation: "linear", fillValue: 1 }],
  [exported.MedianAggregation, { fillValue: 1 }],
  [exported.LSTMAggregation, 3, 4, { rng }],
  [exported.Set2Set, 3, 2, { rng }],
  [exported.MultiAggregation, ["mean", "max"], { mode: "proj", inChannels: 3, outChannels: 2, rng }],
  [exported.DegreeScalerAggregation, ["mean"], ["identity"], [1, 2], { trainNorm: true }],
  [exported.GCNConv, 3, 4, { rng, improved: true, addSelfLoops: true, normalize: true, bias: true }],
  [exported.ChebConv, 3, 4, 2, { rng, normalization: "sym", bias: true }],
  [
    exported.SAGEConv,
    3,
    4,
    { rng, aggr: "lstm", normalize: true, rootWeight: true, project: true, bias: true },
  ],
  [exported.GATConv, 3, 4, attention],
  [exported.GATv2Conv, 3, 4, { ...attention, shareWeights: true }],
  [exported.GatedGraphConv, 4, 2, { rng, aggr: "add", bias: true }],
  [exported.GraphConv, 3, 4, { rng, aggr: "add", bias: true }],
  [exported.SGConv, 3, 4, { rng, K: 2, addSelfLoops: true, bias: true }],
  [exported.ClusterGCNConv, 3, 4, { rng, diagLambda: 0.5, addSelfLoops: true, bias: true }],
  [exported.APPNP, 2, 0.1, { rng, dropout: 0.1, addSelfLoops: true, normalize: true }],
  [exported.LGConv, { normalize: true }],
  [
    exported.ARMAConv,
    3,
    4,
    { rng, numStacks: 2, numLayers: 2, sharedWeights: false, act: null, dropout: 0.1, bias: true },
  ],
  [
    exported.GCN2Conv,
    3,
    0.1,
    { rng, theta: 0.5, layer: 1, sharedWeights: false, addSelfLoops: true, normalize: true },
  ],
  [
    exported.GENConv,
    3,
    4,
    {
      rng,
      aggr: "softmax",
      t: 1,
      learnT: true,
      p: 1,
      learnP: true,
      msgNorm: true,
      learnMsgScale: true,
      norm: "batch",
      numLayers: 2,
      expansion: 2,
      eps: 1e-7,
      bias: true,
      edgeDim: 2,
    },
  ],
  [
    exported.TransformerConv,
    3,
    4,
    { rng, heads: 2, concat: true, beta: true, dropout: 0.1, edgeDim: 2, bias: true, rootWeight: true },
  ],
  [exported.PNAConv, 4, 4, pna],
  [exported.TAGConv, 3, 4, { rng, K: 2, bias: true, normalize: true }],
  [exported.RGCNConv, 4, 4, 2, { rng, numBlocks: 2, aggr: "mean", rootWeight: true, bias: true }],
  [exported.HGTConv, 4, 4, metadata, { rng, heads: 2 }],
  [exported.HANConv, 4, 4, metadata, { rng, heads: 2, negativeSlope: 0.1, dropout: 0.1 }],
  [exported.ScarselliConv, 3, 2, { rng, contraction: 0.5, tolerance: 1e-5, maxIterations: 9 }],
  [exported.GraphNorm, 3, { eps: 1e-5 }],
  [exported.GraphSizeNorm],
  [exported.MeanSubtractionNorm],
  [exported.PairNorm, { scale: 1, scaleIndividually: true, eps: 1e-5 }],
  [exported.GraphLayerNorm, 3, { eps: 1e-5, affine: true }],
  [exported.GraphInstanceNorm, 3, { eps: 1e-5, momentum: 0.1, affine: true, trackRunningStats: true }],
  [exported.MessageNorm, { learnScale: true }],
  [
    exported.DiffGroupNorm,
    3,
    2,
    { rng, lamda: 0.1, eps: 1e-5, momentum: 0.1, affine: true, trackRunningStats: true },
  ],
  [exported.Gcn, 3, 4, 2, { ...model, improved: true, addSelfLoops: true, normalize: true, bias: true }],
  [
    exported.GraphSage,
    3,
    4,
    2,
    { ...model, aggr: "mean", normalize: true, rootWeight: true, project: true, bias: true },
  ],
  [exported.Gin, 3, 4, 2, { ...model, eps: 0.1, trainEps: true }],
  [exported.Gat, 3, 4, 2, { ...attention, ...model, v2: true, shareWeights: true }],
  [exported.EdgeCnn, 3, 4, 2, { ...model, aggr: "max" }],
  [exported.Pna, 4, 4, 2, { ...pna, ...model, outChannels: 4 }],
  [exported.DeepGcn, 3, 4, 2, 2, { rng, edgeDim: 2, dropout: 0.1 }],
  [exported.JumpingKnowledge, "lstm", { channels: 4, numLayers: 2, rng }],
  [
    exported.MLP,
    [3, 4, 2],
    { rng, dropout: 0.1, act: null, actFirst: true, norm: "batch_norm", plainLast: true, bias: true },
  ],
  [exported.ShiftedSoftplus],
  [
    exported.SchNet,
    4,
    3,
    2,
    5,
    {
      rng,
      cutoff: 2,
      maxNumNeighbors: 8,
      readout: "mean",
      dipole: elements,
      mean: 0.5,
      std: 2,
      atomref: elements,
    },
  ],
  [exported.DenseGCNConv, 3, 4, { rng, improved: true, addLoop: true, bias: true }],
  [exported.DenseSAGEConv, 3, 4, { rng, normalize: true, bias: true }],
  [exported.DenseGraphConv, 3, 4, { rng, aggr: "mean", bias: true }],
  [
    exported.DenseGATConv,
    3,
    4,
    { rng, heads: 2, concat: true, negativeSlope: 0.1, dropout: 0.1, addLoop: true, bias: true },
  ],
  [exported.LightGcn, 3, 4, 2, { rng, alpha: 0.3, normalize: true }],
  [
    exported.Node2Vec,
    edges,
    4,
    { rng, walkLength: 4, contextSize: 2, walksPerNode: 1, p: 1, q: 1, numNegativeSamples: 1, numNodes: 3 },
  ],
];

/** They take modules, which they dispose of with themselves, or are bases, or hold no weights of their own. */
const others: readonly unknown[] = [
  exported.Aggregation,
  exported.AttentionalAggregation,
  exported.BasicGnn,
  exported.DeepGCNLayer,
  exported.DenseGINConv,
  exported.EdgeAttention,
  exported.CFConv,
  exported.EdgeConv,
  exported.GaussianSmearing,
  exported.GINConv,
  exported.GINEConv,
  exported.NNConv,
  exported.Gae,
  exported.MessagePassing,
  exported.Messages,
  exported.Vgae,
  // pools and layers of typed graphs, which have tests of their own
  exported.ASAPooling,
  exported.EdgePooling,
  exported.GraphUNet,
  exported.HeteroConv,
  exported.LEConv,
  exported.SAGPooling,
  exported.SelectTopK,
  exported.TopKPooling,
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test("every layer and model of these folders has a row", () => {
  const classes = Object.values<unknown>(exported).filter(
    (value) => typeof value === "function" && value.prototype instanceof Module,
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value) && !others.includes(value))).toEqual([]);
});
