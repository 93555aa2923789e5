import { readFile } from "node:fs/promises";
import type { Module } from "../module/module.ts";
import { loadWeights } from "../weights/load-weights.ts";
import type { LoadWeightsOptions, WeightsReport } from "../weights/plan-weights.ts";

/** {@link loadWeights} from a file. */
export async function readWeights(
  path: string,
  model: Module,
  options?: LoadWeightsOptions,
): Promise<WeightsReport> {
  return loadWeights(model, await readFile(path), options);
}
