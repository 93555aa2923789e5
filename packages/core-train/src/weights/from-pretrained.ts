import { checkArguments } from "../check-arguments.ts";
import { checkOptions } from "../check-options.ts";
import { withoutInit } from "../init/without-init.ts";
import type { Module } from "../module/module.ts";
import { Rng } from "../rng/rng.ts";
import { loadPretrained, type LoadPretrainedOptions } from "./load-pretrained.ts";
import { PretrainedError } from "./pretrained-error.ts";
import { folderOptions, openPretrained, type PretrainedSource } from "./pretrained-folder.ts";
import { parseObject } from "./read-pretrained.ts";

/** Makes a model of a parsed `config.json`. */
export type FromConfig<M extends Module = Module> = (config: object, options: { readonly rng: Rng }) => M;

/**
 * How to make models, by what their `config.json` says: the name of an architecture (`LlamaForCausalLM`), of a `model_type` (`llama`), or
 * of a field that no other config has (`ssm_cfg`). A package of models exports its table.
 */
export type Architectures<M extends Module = Module> = Readonly<Record<string, FromConfig<M>>>;

/** Options for {@link fromPretrained}. */
export interface FromPretrainedOptions extends LoadPretrainedOptions {
  /** Random generator for dropout. Default: one with the seed 0. */
  readonly rng?: Rng;
}

/**
 * Makes the model that a folder's `config.json` describes, and loads its weights.
 *
 * ```ts
 * const model = await fromPretrained("https://huggingface.co/openai-community/gpt2/resolve/main/", transformerArchitectures);
 * ```
 *
 * The families do not know each other: pass the tables of those that are wanted, `{ ...transformerArchitectures, ...mambaArchitectures }`.
 *
 * @returns a model of one of the tables' classes: `model instanceof Gpt` tells which
 * @throws {PretrainedError} a config that is missing, or of an architecture that is in no table, with a list of those that are
 * @throws what {@link loadPretrained} throws; the model is then disposed of
 */
export async function fromPretrained<A extends Architectures>(
  source: PretrainedSource,
  architectures: A,
  options: FromPretrainedOptions = {},
): Promise<ReturnType<A[keyof A]>> {
  checkArguments("fromPretrained", { record: { architectures } });
  checkOptions("fromPretrained", options, ["rng", "strict", "rename", ...folderOptions]);
  const { rng = new Rng(0), ...load } = options;
  const { strict: _, rename: __, ...how } = load;
  const { folder, file } = openPretrained("fromPretrained", source, how);
  if (file !== undefined)
    throw new PretrainedError(`fromPretrained: ${file} is a file, expected the folder with its config.json.`);
  const bytes = await folder.read("config.json", (read) => void parseObject("config.json", read));
  if (bytes === undefined) throw new PretrainedError(`${folder.name} has no config.json.`);
  const config = parseObject("config.json", bytes);
  const make = architectureOf(config, architectures);
  const model = withoutInit(() => make(config, { rng }));
  try {
    await loadPretrained(model, folder, load);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function architectureOf<A extends Architectures>(
  config: Readonly<Record<string, unknown>>,
  architectures: A,
): FromConfig<ReturnType<A[keyof A]>> {
  const { architectures: named, model_type: type } = config;
  const words = [...(Array.isArray(named) ? named : []), type].filter((word) => typeof word === "string");
  const names = words.length > 0 ? words : Object.keys(config);
  const known = names.find((name) => Object.hasOwn(architectures, name));
  const make = known === undefined ? undefined : architectures[known];
  if (make !== undefined) return make as FromConfig<ReturnType<A[keyof A]>>;
  throw new PretrainedError(
    `config.json is of ${words.join(", ") || "no named architecture"}, expected one of ${Object.keys(architectures).join(", ") || "none, for the table is empty"}.`,
  );
}
