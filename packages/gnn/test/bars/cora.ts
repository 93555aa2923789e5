// Cora with Planetoid's split, from the files of `shared/data/planetoid` (or `$PELLUCID_DATA`).
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GraphData } from "@pellucid/gnn";

/** Where real data is. */
export const dataFolder =
  process.env["PELLUCID_DATA"] ?? join(import.meta.dirname, "../../../../../shared/data");
const folder = join(dataFolder, "planetoid");

export const hasCora = existsSync(join(folder, "cora.content"));

/** The graph on the host, its labels, and the nodes of each part of the split; rows of words sum to 1. */
export function cora() {
  const read = (name: string) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
  const rows = read("cora.content").map((line) => line.split("\t"));
  const pairs = read("cora.edges").map((line) => line.split("\t").map(Number) as [number, number]);
  const x = new Float32Array(rows.length * 1433);
  for (const [i, [, , , words = ""]] of rows.entries()) {
    const ids = words.split(" ").filter(Boolean).map(Number);
    for (const id of ids) x[i * 1433 + id] = 1 / ids.length;
  }
  const y = Int32Array.from(rows, ([, label]) => Number(label));
  const part = (name: string) =>
    Int32Array.from(rows.flatMap(([, , split], i) => (split === name ? [i] : [])));
  const data = {
    x: { data: x, shape: [rows.length, 1433] },
    edgeIndex: {
      data: Int32Array.from([...pairs.map(([j]) => j), ...pairs.map(([, i]) => i)]),
      shape: [2, pairs.length],
    },
    y: { data: y, shape: [rows.length] },
  } satisfies GraphData;
  return { data, labels: y, train: part("train"), val: part("val"), test: part("test") };
}
