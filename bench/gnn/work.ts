import { readFileSync } from "node:fs";
import { join } from "node:path";

// The work that every contestant does: an epoch on Cora, all of it at once, as PyG's examples have it; dropout, Adam with a weight decay, the
// mean cross-entropy of the 140 training nodes. And: the sums of a million rows of 64 in 100,000 groups.

export const folder = join(
  process.env["PELLUCID_DATA"] ?? join(import.meta.dirname, "../../../shared/data"),
  "planetoid",
);

const read = (name: string) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n");

export const [features, classes] = [1433, 7];

/** The public split: rows of words that sum to 1. */
export function cora() {
  const rows = read("cora.content").map((line) => line.split("\t"));
  const pairs = read("cora.edges").map((line) => line.split("\t").map(Number) as [number, number]);
  const x = new Float32Array(rows.length * features);
  for (const [i, [, , , words = ""]] of rows.entries()) {
    const ids = words.split(" ").filter(Boolean).map(Number);
    for (const id of ids) x[i * features + id] = 1 / ids.length;
  }
  return {
    x,
    nodes: rows.length,
    edgeIndex: Int32Array.from([...pairs.map(([j]) => j), ...pairs.map(([, i]) => i)]),
    labels: Int32Array.from(rows, ([, label]) => Number(label)),
    train: Int32Array.from(rows.flatMap(([, , split], i) => (split === "train" ? [i] : []))),
  };
}

export const [rowCount, width, groups] = [1_000_000, 64, 100_000];

/** Ten rows each: side by side, or far apart. */
export const groupOf = (row: number, isSorted: boolean) =>
  isSorted ? Math.floor(row / 10) : (row * 7919) % groups;

export const linkedNodes = 50_000;

/** A million edges, twenty to each node. */
export function links() {
  const edges = Int32Array.from({ length: 20 * linkedNodes }, (_, e) => e);
  return {
    numNodes: linkedNodes,
    sources: edges.map((e) => (e * 7919 + Math.floor(e / linkedNodes) * 104_729) % linkedNodes),
    targets: edges.map((e) => e % linkedNodes),
  };
}
