import { type BackendName, useBackend } from "@pellucid/backends";
import { scatter } from "@pellucid/gnn";
import { ones, tensor1d } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { groupOf, groups, rowCount, width } from "./work.ts";

/** @param backend `"wasm sorted"` or `"wasm"` */
export async function prepare(backend: string): Promise<Step> {
  const [name, order] = backend.split(" ");
  await useBackend({ only: name as BackendName });
  const rows = ones([rowCount, width]);
  const index = tensor1d(
    Int32Array.from({ length: rowCount }, (_, row) => groupOf(row, order === "sorted")),
    "int32",
  );
  return async () => {
    const sums = scatter(rows, index, { size: groups });
    const [first = 0] = await sums.data();
    sums.dispose();
    return first;
  };
}
