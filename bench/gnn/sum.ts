import { type BackendName, useBackend } from "@pellucid/backends";
import { scatter } from "@pellucid/gnn";
import { ones, slice, tensor1d, tidy } from "@tensorflow/tfjs-core";
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
    const first = tidy(() => slice(scatter(rows, index, { size: groups }), [0, 0], [1, 1]));
    const [sum = 0] = await first.data();
    first.dispose();
    return sum;
  };
}
