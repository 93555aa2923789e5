import { useBackend } from "@pellucid/backends";
import { gather, ones, slice, tensor1d, tidy } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { groupOf, rowCount, width } from "./work.ts";

/** How long the memory takes to read all rows, group by group, and write them: what a sum of rows far apart has to read. */
export async function prepare(): Promise<Step> {
  await useBackend({ only: "wasm" });
  const rows = ones([rowCount, width]);
  const byGroup = Array.from({ length: rowCount }, (_, row) => row).toSorted(
    (a, b) => groupOf(a, false) - groupOf(b, false),
  );
  const order = tensor1d(Int32Array.from(byGroup), "int32");
  return async () => {
    const first = tidy(() => slice(gather(rows, order), [0, 0], [1, 1]));
    const [one = 0] = await first.data();
    first.dispose();
    return 10 * one;
  };
}
