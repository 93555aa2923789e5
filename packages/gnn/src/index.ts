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
