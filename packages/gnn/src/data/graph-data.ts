import { checkHostTensor } from "./check-host-tensor.ts";
import { checkArguments, type HostTensor, IndexError, ShapeError } from "@pellucid/core-train";
import type { HostEdges } from "../convert/host-edges.ts";

/**
 * A graph on the host, as datasets and samplers have it: the fields of a {@link Graph} as `{ data, shape }`. Fields whose names begin with `edge` have
 * a row for each edge, others with as many rows as `x` one for each node.
 */
export type GraphData = {
  /** `[node, feature]` */
  readonly x: HostTensor<Float32Array>;
  /** `[2, edge]`: the sources, then the targets. */
  readonly edgeIndex: HostTensor<Int32Array>;
  /** `[edge]` */
  readonly edgeWeight?: HostTensor<Float32Array>;
  /** `[edge, feature]` */
  readonly edgeAttr?: HostTensor<Float32Array>;
  /** Labels. */
  readonly y?: HostTensor;
  /** `[node, coordinate]` */
  readonly pos?: HostTensor<Float32Array>;
  /** Ones for the nodes to train on, `[node]`. */
  readonly trainMask?: HostTensor<Uint8Array>;
  /** `[node]` */
  readonly valMask?: HostTensor<Uint8Array>;
  /** `[node]` */
  readonly testMask?: HostTensor<Uint8Array>;
};

/** The edges of a graph on the host, with its weights. */
export function hostEdges(graph: GraphData): HostEdges {
  checkArguments("hostEdges", { "{ x, edgeIndex }": { graph } });
  const { x, edgeIndex, edgeWeight } = graph;
  checkHostTensor("hostEdges", "x", x);
  checkHostTensor("hostEdges", "edgeIndex", edgeIndex);
  const [two, count = 0] = edgeIndex.shape;
  if (edgeIndex.shape.length !== 2 || two !== 2)
    throw new ShapeError(`hostEdges: edgeIndex is [${edgeIndex.shape.join(", ")}], expected [2, edge].`);
  return {
    numNodes: x.shape[0] ?? 0,
    sources: edgeIndex.data.subarray(0, count),
    targets: edgeIndex.data.subarray(count),
    ...(edgeWeight === undefined ? {} : { weights: edgeWeight.data }),
  };
}

/** `[2, edge]` of the sources and targets. */
export function edgeIndexOfHost(sources: Int32Array, targets: Int32Array): HostTensor<Int32Array> {
  const data = new Int32Array(2 * sources.length);
  data.set(sources);
  data.set(targets, sources.length);
  return { data, shape: [2, sources.length] };
}

/** Some rows of `{ data, shape }`, in new memory. */
export function takeRows<T extends HostTensor>({ data, shape }: T, rows: Int32Array): T {
  const [count = 0, ...rest] = shape;
  const width = rest.reduce((size, n) => size * n, 1);
  const taken = new (data.constructor as new (length: number) => typeof data)(rows.length * width);
  for (const [i, row] of rows.entries()) {
    if (!(row >= 0 && row < count)) throw new IndexError(`takeRows: row ${row}, expected 0 to ${count - 1}.`);
    for (let j = 0; j < width; j++) taken[i * width + j] = data[row * width + j] ?? NaN;
  }
  return { data: taken, shape: [rows.length, ...rest] } as unknown as T;
}

/** The fields of some nodes and edges of a graph; `sources` and `targets` are the new numbers of the edges' ends. */
export function takeGraph(
  graph: GraphData,
  part: Pick<HostEdges, "sources" | "targets"> & { readonly nodes: Int32Array; readonly edges: Int32Array },
): GraphData {
  const nodes = graph.x.shape[0];
  const fields = Object.entries(graph as unknown as Record<string, HostTensor | undefined>).flatMap(
    ([name, value]): [string, HostTensor][] => {
      if (value === undefined || name === "edgeIndex") return [];
      if (name.startsWith("edge")) return [[name, takeRows(value, part.edges)]];
      return [
        [
          name,
          value.shape[0] === nodes ? takeRows(value, part.nodes) : { ...value, data: value.data.slice() },
        ],
      ];
    },
  );
  return {
    ...(Object.fromEntries(fields) as unknown as GraphData),
    edgeIndex: edgeIndexOfHost(part.sources, part.targets),
  };
}
