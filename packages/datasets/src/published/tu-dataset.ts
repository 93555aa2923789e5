import {
  checkArguments,
  checkOptions,
  type Dataset,
  type HostTensor,
  IndexError,
  OptionError,
} from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";
import { readFromFolder, readSource } from "../download/read-source.ts";
import type { SourceOptions } from "../download/source-options.ts";
import { readZip } from "../formats/read-zip.ts";

/** A graph with its class. */
export type LabeledGraph = {
  /** Attributes of nodes, if asked for, then their labels one-hot: `[node, feature]`. */
  readonly x: HostTensor<Float32Array>;
  /** `[2, edge]`: the sources, then the targets. */
  readonly edgeIndex: HostTensor<Int32Array>;
  /** Labels of edges, one-hot: `[edge, feature]`. */
  readonly edgeAttr?: HostTensor<Float32Array>;
  /** The class, from 0. */
  readonly y: number;
};

/** Graphs by their index. */
export class LabeledGraphs implements Dataset<LabeledGraph> {
  readonly length: number;
  readonly numClasses: number;
  readonly numFeatures: number;
  readonly #graphs: readonly LabeledGraph[];

  constructor(graphs: readonly LabeledGraph[], numClasses: number) {
    checkArguments("LabeledGraphs", { "{ x, edgeIndex, y }[]": { graphs } });
    this.#graphs = graphs;
    this.length = graphs.length;
    this.numClasses = numClasses;
    this.numFeatures = graphs[0]?.x.shape[1] ?? 0;
  }

  get(index: number): LabeledGraph {
    const graph = this.#graphs[index];
    if (graph === undefined)
      throw new IndexError(`LabeledGraphs: there is no graph ${index}, expected 0 to ${this.length - 1}.`);
    return graph;
  }
}

/** Options for {@link tuDataset}. */
export interface TuDatasetOptions extends SourceOptions {
  /** Whether attributes of nodes, numbers, come before their labels. Default: false. */
  readonly useNodeAttr?: boolean;
}

const hosts = ["https://www.chrsmrrs.com/graphkerneldatasets/"];

/**
 * A dataset for graph classification of TUDataset, such as `"MUTAG"` or `"PROTEINS"`: its zip archive, or a folder with the texts in it, `MUTAG_A.txt` and so on. As in PyG, labels are one-hot, loops are left out and
 * edges sorted; a dataset without labels and attributes has a feature of ones.
 *
 * The files are not checked against published checksums, so they are never kept in the cache.
 *
 * Morris et al., 2020. https://arxiv.org/abs/2007.08663
 *
 * @throws DatasetError where the files are not available or not of the format
 */
export async function tuDataset(name: string, options: TuDatasetOptions = {}): Promise<LabeledGraphs> {
  checkArguments("tuDataset", { text: { name } });
  checkOptions("tuDataset", options, [
    "useNodeAttr",
    "folder",
    "url",
    "cache",
    "verify",
    "onProgress",
    "signal",
    "timeout",
    "headers",
  ]);
  if (!/^[\w-]+$/.test(name))
    throw new OptionError("tuDataset", "name", JSON.stringify(name), 'one such as "MUTAG"');
  const { useNodeAttr = false, ...source } = options;
  const texts = await textsOf(name, source);
  const table = (part: string) => {
    const text = texts.get(part);
    return text === undefined ? null : numbersOf(`${name}_${part}.txt`, text);
  };
  const required = (part: string) => {
    const found = table(part);
    if (found === null) throw new DatasetError("missing", `${name} has no ${name}_${part}.txt.`);
    return found;
  };
  const [edges, indicator, labels] = [required("A"), required("graph_indicator"), required("graph_labels")];
  const count = indicator.length;
  const wrong = (part: string, row: number, found: unknown, expected: string) =>
    new DatasetError(
      "format",
      `${name}_${part}.txt: line ${row + 1} is ${String(found)}, expected ${expected}.`,
    );
  const graphOf = indicator.map(([graph], v) => {
    if (!(Number.isInteger(graph) && (graph as number) >= 1 && (graph as number) <= labels.length))
      throw wrong("graph_indicator", v, graph, `a graph from 1 to ${labels.length}`);
    return (graph as number) - 1;
  });
  const starts = new Int32Array(labels.length + 1);
  for (const [v, graph] of graphOf.entries()) {
    if (v > 0 && graph < (graphOf[v - 1] ?? NaN))
      throw wrong("graph_indicator", v, graph + 1, "ascending graphs");
    starts[graph + 1] = v + 1;
  }
  for (let g = 0; g < labels.length; g++) starts[g + 1] = Math.max(starts[g + 1] ?? NaN, starts[g] ?? NaN);
  const rowsOf = (part: string, rows: number) => {
    const found = table(part);
    if (found !== null && found.length !== rows)
      throw new DatasetError("format", `${name}_${part}.txt: found ${found.length} lines, expected ${rows}.`);
    return found;
  };
  const nodeLabels = oneHot(rowsOf("node_labels", count));
  const attributes = useNodeAttr ? rowsOf("node_attributes", count) : null;
  const edgeLabels = oneHot(rowsOf("edge_labels", edges.length));
  const byGraph = Array.from(labels, (): number[] => []);
  for (const [e, [u, v]] of edges.entries()) {
    const isNode = (id: number | undefined) =>
      Number.isInteger(id) && (id as number) >= 1 && (id as number) <= count;
    if (!isNode(u) || !isNode(v)) throw wrong("A", e, `${u}, ${v}`, `two nodes from 1 to ${count}`);
    if (graphOf[(u as number) - 1] !== graphOf[(v as number) - 1])
      throw wrong("A", e, `${u}, ${v}`, "two nodes of one graph");
    byGraph[graphOf[(u as number) - 1] ?? NaN]?.push(e);
  }
  const classes = [...new Set(labels.map(([label]) => label as number))].toSorted((a, b) => a - b);
  const graphs = labels.map(([label], g): LabeledGraph => {
    const [first, last] = [starts[g] ?? NaN, starts[g + 1] ?? NaN];
    const features = Array.from({ length: last - first }, (_, i) => [
      ...(attributes?.[first + i] ?? []),
      ...(nodeLabels?.[first + i] ?? []),
    ]);
    const width = (attributes?.[0]?.length ?? 0) + (nodeLabels?.[0]?.length ?? 0);
    const ends = (e: number) =>
      [(edges[e]?.[0] ?? NaN) - 1 - first, (edges[e]?.[1] ?? NaN) - 1 - first] as const;
    const kept = uniqueEdges(byGraph[g] as number[], ends);
    return {
      x: {
        data: width === 0 ? new Float32Array(last - first).fill(1) : Float32Array.from(features.flat()),
        shape: [last - first, Math.max(1, width)],
      },
      edgeIndex: {
        data: Int32Array.from([...kept.map((e) => ends(e)[0]), ...kept.map((e) => ends(e)[1])]),
        shape: [2, kept.length],
      },
      ...(edgeLabels === null
        ? {}
        : {
            edgeAttr: {
              data: Float32Array.from(kept.flatMap((e) => edgeLabels[e] as number[])),
              shape: [kept.length, edgeLabels[0]?.length ?? 0],
            },
          }),
      y: classes.indexOf(label as number),
    };
  });
  return new LabeledGraphs(graphs, classes.length);
}

/** The texts of a dataset by part: `A`, `graph_labels`, … */
async function textsOf(name: string, options: SourceOptions): Promise<ReadonlyMap<string, string>> {
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const parts = ["A", "graph_indicator", "graph_labels", "node_labels", "node_attributes", "edge_labels"];
  const { folder } = options;
  if (folder === undefined) {
    const zip = { name: `${name}.zip`, dataset: "tudataset", size: Infinity, sha256: "" };
    const files = await readZip(await readSource(zip, hosts, { ...options, verify: false }), {
      name: zip.name,
    });
    const named = [...files].flatMap(([path, bytes]) => {
      const part = parts.find((each) => path.endsWith(`${name}_${each}.txt`));
      return part === undefined ? [] : [[part, decode(bytes)] as const];
    });
    return new Map(named);
  }
  const found = new Map<string, string>();
  for (const part of parts)
    try {
      found.set(part, decode(await readFromFolder(folder, [`${name}_${part}.txt`])));
    } catch (error) {
      const isOptional = part.startsWith("node_") || part.startsWith("edge_");
      if (!(error instanceof DatasetError && error.code === "missing" && isOptional)) throw error;
    }
  return found;
}

function numbersOf(file: string, text: string): number[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line, i) => {
      const row = line.split(",").map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell)));
      if (row.every(Number.isFinite)) return row;
      throw new DatasetError("format", `${file}: line ${i + 1} is ${line.slice(0, 60)}, expected numbers.`);
    });
}

/** Each column of labels one-hot, from the smallest label on. */
function oneHot(rows: readonly number[][] | null): number[][] | null {
  if (rows === null) return null;
  const columns = rows[0]?.length ?? 0;
  const least = Array.from({ length: columns }, (_, c) =>
    rows.reduce((min, row) => Math.min(min, row[c] ?? NaN), Infinity),
  );
  const sizes = least.map(
    (min, c) => rows.reduce((max, row) => Math.max(max, row[c] ?? NaN), -Infinity) - min + 1,
  );
  return rows.map((row) =>
    sizes.flatMap((size, c) =>
      Array.from({ length: size }, (_, i) => Number(i + (least[c] ?? NaN) === row[c])),
    ),
  );
}

/** Edges without loops, sorted by their ends, the first of those with the same ends. */
function uniqueEdges(edges: readonly number[], ends: (e: number) => readonly [number, number]): number[] {
  const first = new Map<string, number>();
  for (const e of edges) {
    const [u, v] = ends(e);
    const key = `${u} ${v}`;
    if (u !== v && !first.has(key)) first.set(key, e);
  }
  return [...first.values()].toSorted((a, b) => ends(a)[0] - ends(b)[0] || ends(a)[1] - ends(b)[1]);
}
