import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { type HostTensor, sizeOf } from "../host-tensor.ts";
import type { Module } from "../module/module.ts";
import { matchNames, type NamesMatch } from "./match-names.ts";
import type { StoredTensor } from "./stored-tensor.ts";
import type { TorchSlot } from "./torch-slots.ts";
import { checkRecord } from "../check-record.ts";

/** An entry of a file that the model has too. */
export interface Found {
  /** Its name in the file. */
  readonly from: string;
  readonly entry: HostTensor | StoredTensor;
  readonly slot: TorchSlot;
}

/** Which entry of a file goes where in a model. */
export interface WeightsMatch extends Omit<NamesMatch, "targets" | "firsts"> {
  /** Tensors of the model, by their first slots, with all that the file has for each: several entries where slots share it. */
  readonly matched: readonly { readonly slot: TorchSlot; readonly found: readonly Found[] }[];
  /** Sentences about entries whose shape or dtype does not match. */
  readonly misfits: readonly string[];
}

/** Matches the entries of a file with a model's parameters and buffers, by PyTorch's names. */
export function matchWeights(
  model: Module,
  entries: Readonly<Record<string, HostTensor | StoredTensor>>,
  rename: (name: string) => string | null,
): WeightsMatch {
  for (const [name, entry] of Object.entries(entries))
    checkRecord("loadWeights", name, entry, ["shape", "bytes" in Object(entry) ? "dtype" : "data"]);
  const { firsts, targets, ...names } = matchNames(model, Object.keys(entries), rename);
  const found = new Map<Variable, Found[]>();
  for (const [from, entry] of Object.entries(entries)) {
    const slot = targets.get(from);
    if (slot !== undefined)
      found.set(slot.tensor, [...(found.get(slot.tensor) ?? []), { from, entry, slot }]);
  }
  return {
    ...names,
    matched: firsts.flatMap((slot) => {
      const here = found.get(slot.tensor);
      return here === undefined ? [] : [{ slot, found: here }];
    }),
    misfits: [...found.values()].flat().flatMap(({ from, entry, slot }) => misfit(from, entry, slot)),
  };
}

function misfit(
  from: string,
  entry: HostTensor | StoredTensor,
  { tensor: variable, axes }: TorchSlot,
): readonly string[] {
  const { shape } = entry;
  const wanted = axes.map((_, axis) => variable.shape[axes.indexOf(axis)]);
  if (shape.length !== wanted.length || shape.some((size, axis) => size !== wanted[axis])) {
    return [`${from} is [${shape.join(", ")}], expected [${wanted.join(", ")}]`];
  }
  if ("data" in entry && entry.data.length !== sizeOf(shape)) {
    return [`${from} is [${shape.join(", ")}], but has ${entry.data.length} numbers`];
  }
  const kind = "data" in entry ? entry.data.constructor.name : entry.dtype;
  return takes(variable, kind) ? [] : [`${from} is ${kind}, expected ${variable.dtype}`];
}

/** Whether a tensor takes numbers of a kind: never integers for real ones or the other way round. */
function takes({ dtype }: Tensor, kind: string): boolean {
  const isReal = /^B?F/.test(kind); // F64, F32, F16, BF16, Float32Array
  const isTruth = kind === "BOOL" || kind === "Uint8Array";
  return dtype === "float32" ? isReal : dtype === "bool" ? isTruth : !isReal;
}
