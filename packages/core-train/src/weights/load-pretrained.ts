import { checkOptions } from "../check-options.ts";
import type { Module } from "../module/module.ts";
import { complaintAbout, isComplete } from "./complaint-about.ts";
import { loadWeights } from "./load-weights.ts";
import { matchNames } from "./match-names.ts";
import type { LoadWeightsOptions, WeightsReport } from "./plan-weights.ts";
import {
  folderOptions,
  openPretrained,
  type PretrainedFolderOptions,
  type PretrainedSource,
} from "./pretrained-folder.ts";
import { readPretrained } from "./read-pretrained.ts";
import { WeightsError } from "./weights-error.ts";

/** Options for {@link loadPretrained}. */
export interface LoadPretrainedOptions extends LoadWeightsOptions, PretrainedFolderOptions {}

/**
 * Loads the weights that a hub or a folder has for a model, all of them or, when anything is wrong, none: `model.safetensors`, or the
 * files of `model.safetensors.index.json`, or the file that is named.
 *
 * ```ts
 * await loadPretrained(model, "https://huggingface.co/openai-community/gpt2/resolve/main/");
 * ```
 *
 * Names that files had once are those that layers declare as `aliases`; entries that no parameter needs, such as masks, those
 * they declare as `ignored`. A tied tensor may be there under one of its names. 8-bit and 16-bit numbers are widened. Of several files only those
 * are downloaded that have something of the model; names are compared before the first is.
 *
 * @throws {WeightsError} entries that are missing, unknown, or of another shape or kind, all listed
 * @throws {SafetensorsError} a malformed or cut file, or a number that 32 bits cannot hold
 * @throws {PretrainedError} no such file, a pickle, a file of another model
 * @throws {DownloadError} a host that does not have it, answers with a page, breaks off
 */
export async function loadPretrained(
  model: Module,
  source: PretrainedSource,
  options: LoadPretrainedOptions = {},
): Promise<WeightsReport> {
  checkOptions("loadPretrained", options, ["strict", "rename", ...folderOptions]);
  const { strict = true, rename = (name) => name, ...how } = options;
  const { folder, file } = openPretrained("loadPretrained", source, how);
  const tensors = await readPretrained(folder, file, (names) => {
    const match = matchNames(model, names, rename);
    if (strict && !isComplete(match)) throw new WeightsError(complaintAbout(model, match));
    return new Set(match.targets.keys());
  });
  return loadWeights(model, tensors, { strict, rename });
}
