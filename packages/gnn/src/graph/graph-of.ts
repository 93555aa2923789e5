import { checkRecord, DtypeError, ShapeError, StructError, tidyLeaves } from "@pellucid/core-train";
import {
  clone,
  Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { checkGraph } from "./check-graph.ts";
import { edgeIndexOf } from "./edge-index.ts";
import { EdgeList } from "./edge-list.ts";
import { GraphError } from "./graph-error.ts";
import type { Graph } from "./graph.ts";
import { nodeIds } from "./node-ids.ts";

type Rows = Tensor2D | readonly (readonly number[])[];
type Numbers = Tensor1D | readonly number[] | Float32Array | Int32Array;
type Flags = Tensor1D | readonly boolean[];

/** What {@link graphOf} makes a graph of: tensors, or numbers. */
export interface GraphFields {
  /** `[node, feature]` */
  readonly x: Rows;
  /** `[2, edge]`: the sources, then the targets. */
  readonly edgeIndex: Tensor2D | readonly [sources: ArrayLike<number>, targets: ArrayLike<number>];
  /** `[edge]` */
  readonly edgeWeight?: Numbers | undefined;
  /** `[edge, feature]` */
  readonly edgeAttr?: Rows | undefined;
  /** Labels. Numbers become float32; for classes pass an `Int32Array` or a tensor. */
  readonly y?: Tensor | Numbers | Rows | undefined;
  /** `[node, coordinate]` */
  readonly pos?: Rows | undefined;
  /** The graph of each node. */
  readonly batch?: Numbers | undefined;
  /** How many graphs there are. Default: as `batch` says. */
  readonly numGraphs?: number | undefined;
  /** `[node]` */
  readonly trainMask?: Flags | undefined;
  /** `[node]` */
  readonly valMask?: Flags | undefined;
  /** `[node]` */
  readonly testMask?: Flags | undefined;
}

/**
 * Makes a {@link Graph} and checks it. Tensors are copied, so the caller keeps its own; other fields than those of a graph stay as they are.
 *
 * ```ts
 * const graph = graphOf({ x: [[1], [2], [3]], edgeIndex: [[0, 1], [1, 2]] }); // 0 → 1 → 2
 * ```
 *
 * @throws {ShapeError} If the parts do not fit together.
 * @throws {DtypeError} If ids or features are of another dtype.
 * @throws {IndexError} If an id is not an integer or not that of a node.
 * @throws {GraphError} If a feature or weight is NaN.
 * @throws {StructError} If there are no `x` and `edgeIndex`, or they are `{ data, shape }`, of which {@link toGraph} makes a graph.
 */
export function graphOf<const More extends object = object>(
  fields: GraphFields & More,
): Graph & Omit<More, keyof GraphFields> {
  const caller = "graphOf";
  checkRecord(caller, "the graph", fields, ["x", "edgeIndex"]);
  const onHost = Object.entries(fields).find(([, value]) => isHostTensor(value));
  if (onHost !== undefined)
    throw new StructError(
      `${caller}: ${onHost[0]} is { data, shape } on the host, expected a tensor or numbers. Make the graph with toGraph(data).`,
    );
  const {
    x,
    edgeIndex,
    edgeWeight,
    edgeAttr,
    y,
    pos,
    batch,
    numGraphs,
    trainMask,
    valMask,
    testMask,
    ...more
  } = fields as GraphFields;
  return tidyLeaves(() => {
    const graph = {
      ...more,
      x: rows("x", x),
      edgeIndex: edgeIndex instanceof Tensor ? copy(edgeIndex) : listed(caller, edgeIndex),
      ...(edgeWeight !== undefined && { edgeWeight: numbers("edgeWeight", edgeWeight) }),
      ...(edgeAttr !== undefined && { edgeAttr: rows("edgeAttr", edgeAttr) }),
      ...(y !== undefined && { y: y instanceof Tensor ? copy(y) : labels(y) }),
      ...(pos !== undefined && { pos: rows("pos", pos) }),
      ...(batch !== undefined && {
        batch: batch instanceof Tensor ? copy(batch) : tensor1d(nodeIds(caller, "batch", batch), "int32"),
      }),
      ...(numGraphs !== undefined && { numGraphs }),
      ...(trainMask !== undefined && { trainMask: flags(trainMask) }),
      ...(valMask !== undefined && { valMask: flags(valMask) }),
      ...(testMask !== undefined && { testMask: flags(testMask) }),
    };
    checkGraph(caller, graph);
    checkNumbers(caller, graph);
    return graph as Graph & Omit<More, keyof GraphFields>;
  });
}

function isHostTensor(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !(value instanceof Tensor) &&
    "data" in value &&
    "shape" in value
  );
}

function copy<T extends Tensor>(x: T): T {
  return clone(x);
}

function listed(caller: string, ends: readonly [ArrayLike<number>, ArrayLike<number>]): Tensor2D {
  if (!Array.isArray(ends))
    throw new StructError(`${caller}: edgeIndex is ${typeof ends}, expected [sources, targets] or a tensor.`);
  const [sources, targets] = ends;
  if (sources?.length !== targets?.length) {
    throw new ShapeError(
      `${caller}: edgeIndex has ${sources?.length} sources and ${targets?.length} targets, expected as many.`,
    );
  }
  const source = nodeIds(caller, "edgeIndex", sources);
  return edgeIndexOf(new EdgeList(source, nodeIds(caller, "edgeIndex", targets)));
}

function rows(name: string, values: Rows): Tensor2D {
  if (values instanceof Tensor) return copy(values);
  const columns = values[0]?.length ?? 0;
  const odd = values.findIndex((row) => row.length !== columns);
  if (odd !== -1) {
    throw new ShapeError(
      `graphOf: row ${odd} of ${name} has ${values[odd]?.length} numbers, expected ${columns} as in row 0.`,
    );
  }
  return tensor2d(Float32Array.from(values.flat()), [values.length, columns]);
}

function numbers(name: string, values: Numbers): Tensor1D {
  if (!(values instanceof Tensor)) return tensor1d(Float32Array.from(values));
  if (values.dtype === "float32") return copy(values);
  throw new DtypeError(
    `graphOf: ${name} is ${values.dtype}, expected float32. Cast it: cast(${name}, "float32").`,
  );
}

function labels(values: Numbers | Rows): Tensor {
  if (values instanceof Int32Array) return tensor1d(values, "int32");
  return tensor(values as number[]);
}

function flags(values: Flags): Tensor1D {
  return values instanceof Tensor ? copy(values) : tensor1d([...values], "bool");
}

function checkNumbers(caller: string, graph: Graph): void {
  for (const name of ["x", "edgeWeight", "edgeAttr", "pos"] as const) {
    if (graph[name]?.dataSync().some(Number.isNaN) === true)
      throw new GraphError(`${caller}: ${name} has a NaN, expected numbers. Fill in what is missing first.`);
  }
}
