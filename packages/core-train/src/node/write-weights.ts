import type { Module } from "../module/module.ts";
import { saveWeights, type SaveWeightsOptions } from "../weights/save-weights.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

/** {@link saveWeights} into a file, which a crash leaves old or new but whole. */
export async function writeWeights(path: string, model: Module, options?: SaveWeightsOptions): Promise<void> {
  await writeFileAtomic(path, await saveWeights(model, options));
}
