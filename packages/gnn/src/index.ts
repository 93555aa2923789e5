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
export { type Csr, EdgeList, edgesOf } from "./graph/edge-list.ts";
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
  type Attributes,
  type NetworkDegreeOptions,
  type EdgeEntry,
  Network,
  type NetworkOptions,
  type NodeEntry,
  type NodeName,
} from "./networks/network.ts";
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
export { type Subgraph, subgraph } from "./convert/subgraph.ts";
export { kHopSubgraph, type KHopOptions } from "./convert/k-hop-subgraph.ts";
export {
  weisfeilerLemanColors,
  weisfeilerLemanHash,
  weisfeilerLemanTest,
} from "./convert/weisfeiler-lehman.ts";

// datasets
export { hostEdges, type GraphData } from "./data/graph-data.ts";
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
