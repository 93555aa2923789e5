import type { Variable } from "@tensorflow/tfjs-core";
import { type HostTensor, permute } from "../host-tensor.ts";
import { checkOptions } from "../check-options.ts";
import type { Module } from "../module/module.ts";
import { complaintAbout, isComplete } from "./complaint-about.ts";
import { type Found, matchWeights } from "./match-weights.ts";
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
  if (misfits.length > 0 || (strict && !isComplete(match))) {
    throw new WeightsError(complaintAbout(model, match));
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
