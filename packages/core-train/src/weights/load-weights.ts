import type { Module } from "../module/module.ts";
import { assignAll } from "./assign-all.ts";
import { type LoadWeightsOptions, planWeights, type Weights, type WeightsReport } from "./plan-weights.ts";
import { checkModule } from "../check-callable.ts";
import { checkRecord } from "../check-record.ts";

/**
 * Loads PyTorch's weights into a model, all of them or, when anything is wrong, none: then the model has not changed. Of
 * two names for one shared tensor either will do; with both, they must agree.
 *
 * ```ts
 * loadWeights(model, await (await fetch("resnet18.safetensors")).arrayBuffer());
 * ```
 *
 * PyTorch converts numbers to integers and back in silence; here a file's must be of the model's kind. 16-bit and 64-bit
 * ones are fine.
 *
 * @throws {WeightsError} entries that are missing, unknown, or of another shape or kind, all listed
 * @throws {SafetensorsError} a malformed file, or a number that 32 bits cannot hold
 */
export function loadWeights(
  model: Module,
  weights: Weights,
  options: LoadWeightsOptions = {},
): WeightsReport {
  checkModule("loadWeights", model);
  checkRecord("loadWeights", "the file", weights, []);
  const { values, report } = planWeights(model, weights, options);
  assignAll(values);
  return report;
}
