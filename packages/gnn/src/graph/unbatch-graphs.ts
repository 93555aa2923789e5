import { checkArguments, tidyLeaves } from "@pellucid/core-train";
import { slice, Tensor } from "@tensorflow/tfjs-core";
import { batchOf, offsetsOf } from "./batch-graphs.ts";
import { checkGraph } from "./check-graph.ts";
import { edgeIndexOf } from "./edge-index.ts";
import { EdgeList } from "./edge-list.ts";
import { GraphError } from "./graph-error.ts";
import type { Graph } from "./graph.ts";

/**
 * Takes apart what {@link batchGraphs} joined: each tensor whose first axis is that of the nodes, the edges or the graphs is cut
 * there. Where two of these are equally many, a field of a graph (`x`, `edgeAttr`, …) goes by its meaning, `y` and others are taken
 * as one for each graph first, then for each node.
 *
 * @throws {GraphError} If an edge leads from one graph to another, or nodes of a graph are apart.
 */
export function unbatchGraphs(graph: Graph): Graph[] {
  checkArguments("unbatchGraphs", { "{ x, edgeIndex }": { graph } });
  const edges = checkGraph("unbatchGraphs", graph);
  const nodes = graph.x.shape[0];
  const batch = graph.batch?.dataSync<"int32">() ?? new Int32Array(nodes);
  const count = graph.numGraphs ?? Math.max(0, ...batch) + 1;
  const sizes = new Array<number>(count).fill(0);
  for (const [node, i] of batch.entries()) {
    if (node > 0 && i < (batch[node - 1] ?? NaN))
      throw new GraphError(
        "unbatchGraphs: batch is not sorted, expected the nodes of each graph side by side.",
      );
    sizes[i] = (sizes[i] ?? NaN) + 1;
  }
  const starts = offsetsOf(sizes);
  const of = batchOf(sizes);
  const own: number[][] = sizes.map(() => []);
  for (let e = 0; e < edges.length; e++) {
    const i = of[edges.source[e] ?? NaN] ?? NaN;
    if (i !== of[edges.target[e] ?? NaN])
      throw new GraphError(
        `unbatchGraphs: edge ${e} leads from graph ${i} to another, expected none that does.`,
      );
    own[i]?.push(e);
  }
  const sorted = own.flat().every((e, k) => e === k);
  if (!sorted)
    throw new GraphError("unbatchGraphs: edges of graphs are mixed, expected those of each side by side.");
  const edgeStarts = offsetsOf(own.map(({ length }) => length));
  const cut = (name: string, field: unknown, i: number): unknown => {
    if (!(field instanceof Tensor)) return field;
    const at = cutsOf(name, field, { nodes, edges: edges.length, graphs: count });
    const [begin, end] = at === "graphs" ? [i, i + 1] : ranges(at === "nodes" ? starts : edgeStarts, i);
    return slice(
      field,
      [begin, ...field.shape.slice(1).map(() => 0)],
      [end - begin, ...field.shape.slice(1)],
    );
  };
  return tidyLeaves(() =>
    sizes.map((_, i) => {
      const [node, first, last] = [starts[i] ?? NaN, edgeStarts[i], edgeStarts[i + 1]];
      const list = new EdgeList(
        edges.source.slice(first, last).map((id) => id - node),
        edges.target.slice(first, last).map((id) => id - node),
      );
      const fields = Object.entries(graph)
        .filter(([name, field]) => field !== undefined && !["batch", "ptr", "numGraphs"].includes(name))
        .map(([name, field]) => [name, name === "edgeIndex" ? edgeIndexOf(list) : cut(name, field, i)]);
      return Object.fromEntries(fields) as Graph;
    }),
  );
}

interface Counts {
  readonly nodes: number;
  readonly edges: number;
  readonly graphs: number;
}

const known: Readonly<Record<string, "nodes" | "edges">> = {
  x: "nodes",
  pos: "nodes",
  trainMask: "nodes",
  valMask: "nodes",
  testMask: "nodes",
  edgeAttr: "edges",
  edgeWeight: "edges",
};

function cutsOf(name: string, { shape }: Tensor, counts: Counts): keyof Counts {
  const [length] = shape;
  const at = known[name] ?? (["graphs", "nodes", "edges"] as const).find((kind) => counts[kind] === length);
  if (at !== undefined && counts[at] === length) return at;
  throw new GraphError(
    `unbatchGraphs: ${name} is [${shape.join(", ")}], expected a first axis of ${counts.nodes} nodes, ${counts.edges} edges or ${counts.graphs} graphs.`,
  );
}

function ranges(starts: Int32Array, i: number): [number, number] {
  return [starts[i] ?? NaN, starts[i + 1] ?? NaN];
}
