import { type Tensor, tensor as makeTensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { type HostTensor, permute } from "../host-tensor.ts";
import type { Module } from "../module/module.ts";
import { type Found, matchWeights, type WeightsMatch } from "./match-weights.ts";
import { parseSafetensors } from "./parse-safetensors.ts";
import { type StoredTensor, toHostTensor } from "./stored-tensor.ts";
import { WeightsError } from "./weights-error.ts";

/** A safetensors file, or what is in one, by PyTorch's names. */
export type Weights = Uint8Array | Readonly<Record<string, HostTensor | StoredTensor>>;

/** How to load weights that do not fit as they are. */
export interface LoadWeightsOptions {
  /** Whether names that are missing or unknown are an error; else they are only reported. Default: true. */
  readonly strict?: boolean;
  /** The model's name for a name in the file; `null` passes over the entry. Default: the same. */
  readonly rename?: (name: string) => string | null;
}

/** What {@link loadWeights} did. */
export interface WeightsReport {
  /** The model's entries that were loaded, by PyTorch's names. */
  readonly loaded: readonly string[];
  /** The model's entries that were not there and stayed as they are. */
  readonly missing: readonly string[];
  /** Entries that the model has no place for. */
  readonly unknown: readonly string[];
}

/**
 * Loads PyTorch's weights into a model, all of them or, when anything is wrong, none: then the model has not changed. Of
 * two names for one shared tensor either will do; with both, they must agree.
 *
 * ```ts
 * loadWeights(model, await (await fetch("resnet18.safetensors")).bytes());
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
  const { strict = true, rename = (name) => name } = options;
  const entries = ArrayBuffer.isView(weights) ? parseSafetensors(weights).tensors : weights;
  const match = matchWeights(model, entries, rename);
  const { matched, misfits, missing, unknown } = match;
  const lacks = missing.some(({ optional }) => !optional);
  if (misfits.length > 0 || (strict && (lacks || unknown.length > 0))) {
    throw new WeightsError(complaint(model, match));
  }
  tidy(() => {
    const next = matched.map(({ slot: { tensor }, found }) => [tensor, valueOf(tensor, found)] as const);
    for (const [variable, value] of next) variable.assign(value);
  });
  return { loaded: matched.map(({ slot }) => slot.name), missing: missing.map(({ name }) => name), unknown };
}

/** The one value that all entries for a tensor have. */
function valueOf({ dtype }: Variable, found: readonly Found[]): Tensor {
  const [first, ...others] = found.map(({ from, entry, slot: { axes } }) => {
    const host = "data" in entry ? entry : toHostTensor(entry, from);
    return { from, ...permute(host, axes) };
  }) as [{ from: string } & HostTensor, ...({ from: string } & HostTensor)[]];
  for (const { from, data } of others) {
    if (data.some((value, i) => !Object.is(value, first.data[i]))) {
      throw new WeightsError(
        `loadWeights: ${first.from} and ${from} are one tensor in the model, but the file has other numbers for each.`,
      );
    }
  }
  return makeTensor(first.data, [...first.shape], dtype);
}

function complaint(model: Module, { misfits, missing, unknown, prefix }: WeightsMatch): string {
  const lacking = missing.filter(({ optional }) => !optional).map(({ name }) => name);
  const lines = [`loadWeights: the weights do not fit ${model.constructor.name}, which has not changed.`];
  if (lacking.length > 0) lines.push(`missing: ${lacking.join(", ")}`);
  if (unknown.length > 0) lines.push(`unknown: ${unknown.join(", ")}`);
  if (misfits.length > 0) lines.push(`not fitting: ${misfits.join("; ")}`);
  if (prefix !== "") {
    const remedy = `{ rename: (name) => name.slice(${prefix.length}) }`;
    lines.push(`Every unknown name is one of the model's after "${prefix}": load with ${remedy}.`);
  } else if (lacking.length + unknown.length > 0) {
    lines.push("{ rename } maps or passes over names, { strict: false } loads only what fits.");
  }
  return lines.join("\n  ");
}
