import type { Variable } from "@tensorflow/tfjs-core";
import { type HostTensor, permute } from "../host-tensor.ts";
import { checkOptions } from "../check-options.ts";
import type { Module } from "../module/module.ts";
import { type Found, matchWeights, type WeightsMatch } from "./match-weights.ts";
import { nearestName } from "../did-you-mean.ts";
import type { TorchSlot } from "./torch-slots.ts";
import { parseSafetensors } from "./parse-safetensors.ts";
import { type StoredTensor, toHostTensor } from "./stored-tensor.ts";
import { WeightsError } from "./weights-error.ts";

/** A safetensors file, or what is in one, by PyTorch's names. */
export type Weights = Uint8Array | ArrayBuffer | Readonly<Record<string, HostTensor | StoredTensor>>;

/** How to load weights that do not fit as they are. */
export interface LoadWeightsOptions {
  /** Whether names that are missing or unknown are an error; otherwise they are only reported. Default: true. */
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
  /** Entries that the model does not have. */
  readonly unknown: readonly string[];
}

/** What is to be assigned, in our layout, and what will be said of it. */
export interface WeightsPlan {
  readonly values: readonly (readonly [variable: Variable, value: HostTensor])[];
  readonly report: WeightsReport;
}

/** Finds the value of every parameter and buffer; all that can be wrong is found here, before anything changes. */
export function planWeights(model: Module, weights: Weights, options: LoadWeightsOptions = {}): WeightsPlan {
  checkOptions("loadWeights", options, ["strict", "rename"]);
  const { strict = true, rename = (name) => name } = options;
  const isFile = weights instanceof ArrayBuffer || ArrayBuffer.isView(weights);
  const entries = isFile ? parseSafetensors(weights).tensors : weights;
  const match = matchWeights(model, entries, rename);
  const { matched, misfits, missing, unknown } = match;
  const lacks = missing.some(({ optional }) => !optional);
  if (misfits.length > 0 || (strict && (lacks || unknown.length > 0))) {
    throw new WeightsError(complaint(model, match));
  }
  return {
    values: matched.map(({ slot, found }) => [slot.tensor, valueOf(found)]),
    report: {
      loaded: matched.map(({ slot }) => slot.name),
      missing: missing.map(({ name }) => name),
      unknown,
    },
  };
}

/** The one value that all entries for a tensor have. */
function valueOf(found: readonly Found[]): HostTensor {
  const [first, ...others] = found.map(({ from, entry, slot: { axes } }) => {
    const host = "data" in entry ? entry : toHostTensor(entry, from);
    return { from, value: permute(host, axes) };
  }) as [{ from: string; value: HostTensor }, ...{ from: string; value: HostTensor }[]];
  for (const { from, value } of others) {
    if (value.data.some((number, i) => !Object.is(number, first.value.data[i]))) {
      throw new WeightsError(
        `loadWeights: ${first.from} and ${from} are one tensor in the model, but the file has other numbers for each.`,
      );
    }
  }
  return first.value;
}

/** An unknown name, with the missing one that it is probably. */
function withNearest(unknown: string, missing: readonly TorchSlot[]): string {
  const nearest = nearestName(
    unknown,
    missing.map(({ name }) => name),
  );
  return nearest === undefined ? unknown : `${unknown} (did you mean ${nearest}?)`;
}

function complaint(model: Module, { misfits, missing, unknown, prefix }: WeightsMatch): string {
  const lacking = missing.filter(({ optional }) => !optional).map(({ name }) => name);
  const lines = [`loadWeights: the weights do not fit ${model.constructor.name}, which has not changed.`];
  if (lacking.length > 0) lines.push(`missing: ${lacking.join(", ")}`);
  if (unknown.length > 0)
    lines.push(`unknown: ${unknown.map((name) => withNearest(name, missing)).join(", ")}`);
  if (misfits.length > 0) lines.push(`not fitting: ${misfits.join("; ")}`);
  if (prefix !== "") {
    const remedy = `{ rename: (name) => name.slice(${prefix.length}) }`;
    lines.push(`Every unknown name is one of the model's after "${prefix}": load with ${remedy}.`);
  } else if (lacking.length + unknown.length > 0) {
    lines.push("{ rename } maps or passes over names, { strict: false } loads only what fits.");
  }
  return lines.join("\n  ");
}
