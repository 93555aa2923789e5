import { checkOptions } from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";
import { namesIn, readFromFolder, readSource } from "../download/read-source.ts";
import type { SourceOptions } from "../download/source-options.ts";
import { pickledMatrix } from "../formats/pickled-array.ts";
import { PickledObject, readPickle } from "../formats/read-pickle.ts";
import { maskOf, type NodeGraph, sortedEdges } from "./node-graph.ts";

const hosts = ["https://raw.githubusercontent.com/kimiyoung/planetoid/master/data/"];
const parts = ["x", "tx", "allx", "y", "ty", "ally", "graph", "test.index"] as const;

/**
 * A citation graph with the public split of Planetoid: the original files `ind.cora.x` and so on, or those of a folder that has `cora.content` and `cora.edges` as tables. Cora: 2,708 papers of 7
 * classes, 1,433 words, 10,556 edges; 140 papers to train on, 500 to validate and 1,000 to test on. As in PyG, nodes of the test set without features get zeros.
 *
 * The files are not checked against published checksums, so they are never kept in the cache.
 *
 * Yang, Cohen and Salakhutdinov, 2016. https://arxiv.org/abs/1603.08861
 *
 * @throws DatasetError where the files are not available or not of the format
 */
export async function planetoid(
  name: "cora" | "citeseer" | "pubmed",
  options: SourceOptions = {},
): Promise<NodeGraph> {
  checkOptions("planetoid", options, [
    "folder",
    "url",
    "cache",
    "verify",
    "onProgress",
    "signal",
    "timeout",
    "headers",
  ]);
  if (!["cora", "citeseer", "pubmed"].includes(name))
    throw new RangeError(
      `planetoid: name is ${JSON.stringify(name)}, expected "cora", "citeseer" or "pubmed".`,
    );
  const { folder } = options;
  if (folder !== undefined && (await namesIn(folder)).includes(`${name}.content`))
    return readTables(folder, name);
  const read = (part: string) =>
    readSource({ name: `ind.${name}.${part}`, dataset: "planetoid", size: Infinity, sha256: "" }, hosts, {
      ...options,
      verify: false,
    });
  const files = await Promise.all(parts.map(read));
  return assemble(
    name,
    Object.fromEntries(parts.map((part, i) => [part, files[i] as Uint8Array])) as Record<
      (typeof parts)[number],
      Uint8Array
    >,
  );
}

function assemble(name: string, files: Readonly<Record<(typeof parts)[number], Uint8Array>>): NodeGraph {
  const matrix = (part: "tx" | "allx" | "y" | "ty" | "ally") =>
    pickledMatrix(readPickle(files[part], `ind.${name}.${part}`), `ind.${name}.${part}`);
  const order = new TextDecoder().decode(files["test.index"]).trim().split(/\s+/).map(Number);
  const [allx, tx, ally, ty] = [matrix("allx"), matrix("tx"), matrix("ally"), matrix("ty")];
  const known = allx.shape[0];
  if (order.length !== tx.shape[0] || order.some((node) => !(Number.isInteger(node) && node >= known)))
    throw new DatasetError(
      "format",
      `ind.${name}.test.index: found ${order.length} nodes, expected the ${tx.shape[0]} of ind.${name}.tx, from ${known} on.`,
    );
  const count = Math.max(...order) + 1;
  const features = allx.shape[1];
  const x = new Float32Array(count * features);
  x.set(allx.data);
  const y = new Int32Array(count);
  y.set(classesOf(ally));
  const testClasses = classesOf(ty);
  for (const [i, node] of order.entries()) {
    x.set(tx.data.subarray(i * features, (i + 1) * features), node * features);
    y[node] = testClasses[i] ?? NaN;
  }
  const train = matrix("y").shape[0];
  return {
    x: { data: x, shape: [count, features] },
    edgeIndex: sortedEdges(pairsOf(name, readPickle(files.graph, `ind.${name}.graph`), count), count),
    y: { data: y, shape: [count] },
    trainMask: maskOf(Array(train).keys(), count),
    valMask: maskOf(
      Array.from({ length: 500 }, (_, i) => train + i),
      count,
    ),
    testMask: maskOf(order, count),
  };
}

/** The column of the largest number of each row. */
function classesOf({
  data,
  shape: [rows, columns],
}: {
  readonly data: Float32Array;
  readonly shape: readonly [number, number];
}): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    const own = data.subarray(row * columns, (row + 1) * columns);
    return own.indexOf(own.reduce((most, value) => Math.max(most, value), -Infinity));
  });
}

function* pairsOf(name: string, graph: unknown, count: number): Generator<readonly [number, number]> {
  const lists = graph instanceof PickledObject ? graph.items : graph;
  if (!(lists instanceof Map))
    throw new DatasetError("format", `ind.${name}.graph: expected a dictionary of neighbors.`);
  for (const [node, neighbors] of lists as Map<unknown, unknown>)
    for (const neighbor of Array.isArray(neighbors) ? (neighbors as unknown[]) : [null]) {
      if (!isNode(node, count) || !isNode(neighbor, count))
        throw new DatasetError(
          "format",
          `ind.${name}.graph: found the edge ${String(node)}, ${String(neighbor)}, expected nodes from 0 to ${count - 1}.`,
        );
      yield [node, neighbor];
    }
}

function isNode(node: unknown, count: number): node is number {
  return typeof node === "number" && Number.isInteger(node) && node >= 0 && node < count;
}

/** `NAME.content` has node, class, split and the words of a paper in a line, `NAME.edges` source and target. */
async function readTables(folder: string, name: string): Promise<NodeGraph> {
  const lines = async (file: string) =>
    new TextDecoder()
      .decode(await readFromFolder(folder, [file]))
      .split(/\r?\n/)
      .filter((line) => line !== "");
  const rows = (await lines(`${name}.content`)).map((line, i) => {
    const [node, label, split, words = ""] = line.split("\t");
    if (Number(node) !== i || !Number.isInteger(Number(label)) || split === undefined)
      throw new DatasetError(
        "format",
        `${name}.content: line ${i + 1} is ${line.slice(0, 60)}, expected node ${i}, class, split and words.`,
      );
    return { label: Number(label), split, words: words.split(" ").filter(Boolean).map(Number) };
  });
  const count = rows.length;
  const features = { cora: 1433, citeseer: 3703, pubmed: 500 }[name] ?? 0;
  const x = new Float32Array(count * features);
  for (const [v, { words }] of rows.entries())
    for (const word of words) {
      if (!(Number.isInteger(word) && word >= 0 && word < features))
        throw new DatasetError(
          "format",
          `${name}.content: line ${v + 1} has the word ${word}, expected 0 to ${features - 1}.`,
        );
      x[v * features + word] = 1;
    }
  const pairs = (await lines(`${name}.edges`)).map((line, i) => {
    const [source, target] = line.split("\t").map(Number) as [number, number];
    if (!isNode(source, count) || !isNode(target, count))
      throw new DatasetError(
        "format",
        `${name}.edges: line ${i + 1} is ${line.slice(0, 60)}, expected two nodes from 0 to ${count - 1}.`,
      );
    return [source, target] as const;
  });
  const withSplit = (split: string) =>
    maskOf(
      [...rows.keys()].filter((v) => rows[v]?.split === split),
      count,
    );
  return {
    x: { data: x, shape: [count, features] },
    edgeIndex: sortedEdges(pairs, count),
    y: { data: Int32Array.from(rows, ({ label }) => label), shape: [count] },
    trainMask: withSplit("train"),
    valMask: withSplit("val"),
    testMask: withSplit("test"),
  };
}
