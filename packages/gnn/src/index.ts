// graphs as data
export { type Edges, type Graph } from "./graph/graph.ts";
export { type GraphFields, graphOf } from "./graph/graph-of.ts";
export { GraphError } from "./graph/graph-error.ts";
export { batchGraphs, type BatchFields } from "./graph/batch-graphs.ts";
export { unbatchGraphs } from "./graph/unbatch-graphs.ts";
export { collateGraphs, type HostGraph, type HostGraphBatch } from "./graph/collate-graphs.ts";
export { degree, type DegreeOptions } from "./graph/degree.ts";
export {
  addRemainingSelfLoops,
  addSelfLoops,
  type EdgeReduction,
  removeSelfLoops,
  type SelfLoopOptions,
} from "./graph/self-loops.ts";
export { coalesce, type CoalesceOptions, toUndirected } from "./graph/coalesce.ts";
export { type CsrOptions, type CsrTensors, toCsr } from "./graph/to-csr.ts";
export { EdgeList, edgesOf } from "./graph/edge-list.ts";
export { type Csr } from "./graph/group-edges.ts";
export { edgeIndexOf } from "./graph/edge-index.ts";

// message passing
export {
  type Aggregate,
  type MessageInputs,
  propagate,
  type Propagated,
  type PropagateOptions,
  type Reduction,
} from "./propagate/propagate.ts";
export { type MessageRecord, Messages } from "./propagate/messages.ts";
export { maskEdges } from "./propagate/mask-edges.ts";
export {
  scatter,
  type ScatterOptions,
  scatterSoftmax,
  type ScatterSoftmaxOptions,
} from "./propagate/scatter.ts";
export { gatherRows } from "./propagate/gather-rows.ts";

// networks: graphs built node by node, with networkx's vocabulary and numbers
export {
  type NetworkDegreeOptions,
  type EdgeEntry,
  Network,
  type NetworkOptions,
  type NodeEntry,
} from "./networks/network.ts";
export { type Attributes } from "./networks/attributes.ts";
export { type NodeName } from "./networks/node-name.ts";
export { graphOfNetwork, type GraphOfNetworkOptions, networkOfGraph } from "./networks/graph-of-network.ts";
export { NetworkError } from "./networks/network-error.ts";
export { adjacencyMatrix, type MatrixOptions } from "./networks/adjacency-matrix.ts";
export { incidenceMatrix, type IncidenceOptions } from "./networks/incidence-matrix.ts";
export { laplacianMatrix, normalizedLaplacianMatrix } from "./networks/laplacian-matrix.ts";
export { clustering } from "./networks/clustering.ts";
export { pageRank, type PageRankOptions } from "./networks/page-rank.ts";
export { type Layout } from "./networks/layout.ts";
export { type LayoutOptions } from "./networks/layout-options.ts";
export { circularLayout } from "./networks/circular-layout.ts";
export { spectralLayout } from "./networks/spectral-layout.ts";
export { springLayout, type SpringLayoutOptions } from "./networks/spring-layout.ts";

// edges on the host, and what they are converted to
export { type HostEdges } from "./convert/host-edges.ts";
export { edgesOfLists, neighborLists, type NeighborLists } from "./convert/neighbor-lists.ts";
export { denseAdjacency, edgesOfAdjacency } from "./convert/dense-adjacency.ts";
export { edgesOfIncidence, incidence } from "./convert/incidence.ts";
export { radiusGraph, type RadiusGraphOptions } from "./convert/radius-graph.ts";
export { type Subgraph, subgraph } from "./convert/subgraph.ts";
export { kHopSubgraph, type KHopOptions } from "./convert/k-hop-subgraph.ts";
export {
  weisfeilerLemanColors,
  weisfeilerLemanHash,
  weisfeilerLemanTest,
} from "./convert/weisfeiler-lehman.ts";

// datasets
export { hostEdges, type GraphData } from "./data/graph-data.ts";
export { graphDataOf, toGraph } from "./data/to-graph.ts";
export { zachary, type ZacharyOptions } from "./data/zachary.ts";
export { stochasticBlockModel, type StochasticBlockModelOptions } from "./data/stochastic-block-model.ts";
export { erdosRenyi, type ErdosRenyiOptions } from "./data/erdos-renyi.ts";
export { barabasiAlbert } from "./data/barabasi-albert.ts";
export { type BaShapes, baShapes, type BaShapesOptions } from "./data/ba-shapes.ts";
export { treeNeighborsMatch } from "./data/tree-neighbors-match.ts";

// sampling: parts of graphs that are too large for one step
export { graphBatches, GraphBatches, type SampledBatch } from "./sample/graph-batches.ts";
export { type GraphSampler } from "./sample/graph-sampler.ts";
export {
  neighborSampler,
  type NeighborSamplerOptions,
  type SampledGraph,
} from "./sample/neighbor-sampler.ts";
export {
  type SampledNeighbors,
  sampleNeighbors,
  type SampleNeighborsOptions,
} from "./sample/sample-neighbors.ts";
export {
  heteroNeighborSampler,
  type HeteroNeighborSamplerOptions,
  type SampledHeteroGraph,
} from "./sample/hetero-neighbor-sampler.ts";
export {
  visitedNeighbors,
  type VisitedNeighbors,
  type VisitedNeighborsOptions,
} from "./sample/visited-neighbors.ts";
export { type SampledLayer, sampleLayers, type SampleLayersOptions } from "./sample/sample-layers.ts";
export { clusterSampler } from "./sample/cluster-sampler.ts";
export { type Partition, partitionGraph, type PartitionOptions } from "./sample/partition-graph.ts";
export { type SaintGraph, saintSampler, type SaintSamplerOptions } from "./sample/saint-sampler.ts";
export { type SaintNormalization, saintNormalization } from "./sample/saint-normalization.ts";
export { randomWalks, type RandomWalksOptions } from "./sample/random-walks.ts";
export { type WalkBatch, walkSampler, type WalkSamplerOptions } from "./sample/walk-sampler.ts";
export { type AliasTable, aliasTable } from "./sample/alias-table.ts";
// aggregations
export { Aggregation, type Grouped } from "./aggr/aggregation.ts";
export { type AggregationName } from "./aggr/aggregation-of.ts";
export {
  MaxAggregation,
  MeanAggregation,
  MinAggregation,
  MulAggregation,
  SumAggregation,
} from "./aggr/basic-aggregations.ts";
export { StdAggregation, VarAggregation, type VarAggregationOptions } from "./aggr/var-aggregation.ts";
export { SoftmaxAggregation, type SoftmaxAggregationOptions } from "./aggr/softmax-aggregation.ts";
export { PowerMeanAggregation, type PowerMeanAggregationOptions } from "./aggr/power-mean-aggregation.ts";
export {
  MedianAggregation,
  type MedianAggregationOptions,
  QuantileAggregation,
  type QuantileAggregationOptions,
  type QuantileInterpolation,
} from "./aggr/quantile-aggregation.ts";
export { LSTMAggregation, type LSTMAggregationOptions } from "./aggr/lstm-aggregation.ts";
export { Set2Set, type Set2SetOptions } from "./aggr/set2set.ts";
export { AttentionalAggregation, type RowNetwork } from "./aggr/attentional-aggregation.ts";
export { MultiAggregation, type MultiAggregationOptions } from "./aggr/multi-aggregation.ts";
export {
  type DegreeScaler,
  DegreeScalerAggregation,
  type DegreeScalerAggregationOptions,
} from "./aggr/degree-scaler-aggregation.ts";

// convolutions
export {
  type BipartiteGraph,
  type ChannelPair,
  type ConvGraph,
  MessagePassing,
} from "./conv/message-passing.ts";
export { type AttentionRecord, EdgeAttention } from "./conv/edge-attention.ts";
export { GCNConv, type GCNConvOptions } from "./conv/gcn-conv.ts";
export { ChebConv, type ChebConvOptions, type ChebGraph } from "./conv/cheb-conv.ts";
export { ClusterGCNConv, type ClusterGCNConvOptions } from "./conv/cluster-gcn-conv.ts";
export { SAGEConv, type SAGEConvOptions } from "./conv/sage-conv.ts";
export { GATConv, type GATConvOptions } from "./conv/gat-conv.ts";
export { GATv2Conv, type GATv2ConvOptions } from "./conv/gatv2-conv.ts";
export { GINConv, type GINConvOptions, GINEConv, type GINEConvOptions } from "./conv/gin-conv.ts";
export { NNConv, type NNConvOptions } from "./conv/nn-conv.ts";
export { GatedGraphConv, type GatedGraphConvOptions } from "./conv/gated-graph-conv.ts";
export { GraphConv, type GraphConvOptions } from "./conv/graph-conv.ts";
export { SGConv, type SGConvOptions } from "./conv/sg-conv.ts";
export { APPNP, type APPNPOptions } from "./conv/appnp.ts";
export { LGConv, type LGConvOptions } from "./conv/lg-conv.ts";
export { ARMAConv, type ARMAConvOptions } from "./conv/arma-conv.ts";
export { GCN2Conv, type GCN2ConvOptions, type Gcn2Graph } from "./conv/gcn2-conv.ts";
export { GENConv, type GENConvOptions } from "./conv/gen-conv.ts";
export { TransformerConv, type TransformerConvOptions } from "./conv/transformer-conv.ts";
export { PNAConv, type PNAConvOptions } from "./conv/pna-conv.ts";
export { TAGConv, type TAGConvOptions } from "./conv/tag-conv.ts";
export { EdgeConv, type EdgeConvOptions } from "./conv/edge-conv.ts";
export { CFConv, type CFConvOptions, type PointGraph } from "./conv/cf-conv.ts";
export { RGCNConv, type RGCNConvOptions, type RelationalGraph } from "./conv/rgcn-conv.ts";
export { HGTConv, type HGTConvOptions } from "./conv/hgt-conv.ts";
export { ScarselliConv, type ScarselliConvOptions } from "./conv/scarselli-conv.ts";
export { HANConv, type HANConvOptions } from "./conv/han-conv.ts";
export { type HeteroInput, type Metadata } from "./hetero/hetero-input.ts";
export { relationName, type RelationType } from "./hetero/relation-name.ts";

// norms
export { type NormInput } from "./norm/norm-input.ts";
export { GraphNorm, type GraphNormOptions } from "./norm/graph-norm.ts";
export { GraphSizeNorm } from "./norm/graph-size-norm.ts";
export { MeanSubtractionNorm } from "./norm/mean-subtraction-norm.ts";
export { PairNorm, type PairNormOptions } from "./norm/pair-norm.ts";
export { GraphLayerNorm, type GraphLayerNormOptions } from "./norm/graph-layer-norm.ts";
export { GraphInstanceNorm, type GraphInstanceNormOptions } from "./norm/graph-instance-norm.ts";
export { MessageNorm, type MessageNormInput, type MessageNormOptions } from "./norm/message-norm.ts";
export { DiffGroupNorm, type DiffGroupNormOptions } from "./norm/diff-group-norm.ts";

// transforms: features, splits, rewiring
export { normalizeFeatures } from "./transform/normalize-features.ts";
export { randomNodeSplit, type RandomNodeSplitOptions } from "./transform/random-node-split.ts";
export {
  type LinkGraph,
  randomLinkSplit,
  type RandomLinkSplitOptions,
} from "./transform/random-link-split.ts";
export { negativeSampling, type NegativeSamplingOptions } from "./transform/negative-sampling.ts";
export { laplacianEigen, laplacianEncoding, randomWalkEncoding } from "./transform/positional-encodings.ts";
export { type SymmetricEigen } from "./transform/symmetric-eigen.ts";
export {
  type Diffusion,
  gdc,
  type GdcOptions,
  type Sparsification,
  type TransitionNormalization,
} from "./transform/gdc.ts";

// pooling: graphs of fewer nodes, or one row for each graph
export { globalAddPool, globalMaxPool, globalMeanPool, type NodesOfGraphs } from "./pool/graph-pools.ts";
export { globalSortPool } from "./pool/global-sort-pool.ts";
export { type Selection, type SelectOptions, SelectTopK } from "./pool/select-top-k.ts";
export { type PooledGraph } from "./pool/filter-graph.ts";
export { TopKPooling, type TopKPoolingOptions } from "./pool/top-k-pooling.ts";
export { SAGPooling, type SAGPoolingOptions } from "./pool/sag-pooling.ts";
export { ASAPooling, type ASAPoolingOptions, type ClusteredGraph } from "./pool/asa-pooling.ts";
export { LEConv, type LEConvOptions } from "./pool/le-conv.ts";
export { GraphUNet, type GraphUNetOptions } from "./pool/graph-u-net.ts";
export { type EdgePooledGraph, EdgePooling, type EdgePoolingOptions } from "./pool/edge-pooling.ts";
export {
  type DenseAssignment,
  denseDiffPool,
  type DiffPooled,
  type DiffPoolOptions,
} from "./pool/dense-diff-pool.ts";
export { type DenseGraphs, toDense, type ToDenseOptions } from "./pool/to-dense.ts";
export { type DenseInput } from "./dense/dense-input.ts";
export { DenseGATConv, type DenseGATConvOptions } from "./dense/dense-gat-conv.ts";
export { DenseGCNConv, type DenseGCNConvOptions } from "./dense/dense-gcn-conv.ts";
export { DenseGINConv, type DenseGINConvOptions } from "./dense/dense-gin-conv.ts";
export { DenseGraphConv, type DenseGraphConvOptions } from "./dense/dense-graph-conv.ts";
export { DenseSAGEConv, type DenseSAGEConvOptions } from "./dense/dense-sage-conv.ts";

// typed graphs
export { checkHeteroGraph, type HeteroGraph } from "./hetero/hetero-graph.ts";
export { type HeteroData } from "./hetero/hetero-data.ts";
export { batchHeteroGraphs, type HeteroBatchFields } from "./hetero/batch-hetero-graphs.ts";
export { type HomogeneousGraph, toHomogeneous } from "./hetero/to-homogeneous.ts";
export {
  HeteroConv,
  type HeteroConvOptions,
  type RelationConv,
  type RelationGraph,
} from "./hetero/hetero-conv.ts";
// models
export { BasicGnn, type BasicGnnOptions, type ModelGraph } from "./models/basic-gnn.ts";
export { Gcn, type GcnOptions } from "./models/gcn.ts";
export { Gat, type GatOptions } from "./models/gat.ts";
export { GraphSage, type GraphSageOptions } from "./models/graph-sage.ts";
export { Gin, type GinOptions } from "./models/gin.ts";
export { Pna, type PnaOptions } from "./models/pna.ts";
export { EdgeCnn, type EdgeCnnOptions } from "./models/edge-cnn.ts";
export { DeepGcn, type DeepGcnOptions } from "./models/deep-gcn.ts";
export {
  type DeepGCNBlock,
  DeepGCNLayer,
  type DeepGCNLayerOptions,
  type NodeMap,
} from "./models/deep-gcn-layer.ts";
export {
  JumpingKnowledge,
  type JumpingKnowledgeMode,
  type JumpingKnowledgeOptions,
} from "./models/jumping-knowledge.ts";
export { type Activation, MLP, type MLPOptions } from "./models/mlp.ts";
export { type NormName } from "./models/norm-of.ts";
export {
  Gae,
  type GaeOptions,
  innerProductDecoder,
  type NodeEncoder,
  type NodeGaussian,
  reconstructionLoss,
  Vgae,
} from "./models/gae.ts";
export { LightGcn, type LightGcnInput, type LightGcnOptions } from "./models/light-gcn.ts";
export { type Molecules, SchNet, type SchNetOptions } from "./models/sch-net.ts";
export { GaussianSmearing } from "./models/gaussian-smearing.ts";
export { ShiftedSoftplus } from "./models/shifted-softplus.ts";
export { type InteractionBlock } from "./models/interaction-block.ts";
export { Node2Vec, type Node2VecOptions, type WalkSample } from "./models/node2vec.ts";
