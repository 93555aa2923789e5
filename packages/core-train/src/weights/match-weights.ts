import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { type HostTensor, sizeOf } from "../host-tensor.ts";
import type { Module } from "../module/module.ts";
import type { StoredTensor } from "./stored-tensor.ts";
import { ignoredNames, type TorchSlot, torchSlots } from "./torch-slots.ts";

/** An entry of a file that the model has too. */
export interface Found {
  /** Its name in the file. */
  readonly from: string;
  readonly entry: HostTensor | StoredTensor;
  readonly slot: TorchSlot;
}

/** Which entry of a file goes where in a model. */
export interface WeightsMatch {
  /** Tensors of the model, by their first slots, with all that the file has for each: several entries where slots share it. */
  readonly matched: readonly { readonly slot: TorchSlot; readonly found: readonly Found[] }[];
  readonly missing: readonly TorchSlot[];
  readonly unknown: readonly string[];
  /** Sentences about entries whose shape or dtype does not match. */
  readonly misfits: readonly string[];
  /** What was put before the model's names in all unknown ones: `module.` by `torch.nn.DataParallel`; or nothing. */
  readonly prefix: string;
}

/** Matches the entries of a file with a model's parameters and buffers, by PyTorch's names. */
export function matchWeights(
  model: Module,
  entries: Readonly<Record<string, HostTensor | StoredTensor>>,
  rename: (name: string) => string | null,
): WeightsMatch {
  const slots = torchSlots(model);
  const byName = new Map(slots.flatMap((slot) => [slot.name, ...slot.aliases].map((name) => [name, slot])));
  const ignored = ignoredNames(model);
  const found = new Map<Variable, Found[]>();
  const unknown: string[] = [];
  const misfits: string[] = [];
  for (const [from, entry] of Object.entries(entries)) {
    const name = rename(from);
    const slot = name === null ? undefined : byName.get(name);
    if (slot !== undefined) {
      misfits.push(...misfit(from, entry, slot));
      found.set(slot.tensor, [...(found.get(slot.tensor) ?? []), { from, entry, slot }]);
    } else if (name !== null && !ignored.has(name)) unknown.push(from);
  }
  const seen = new Set<Variable>();
  const firsts = slots.filter(({ tensor }) => seen.size < seen.add(tensor).size);
  return {
    matched: firsts.flatMap((slot) => {
      const here = found.get(slot.tensor);
      return here === undefined ? [] : [{ slot, found: here }];
    }),
    missing: firsts.filter(({ tensor }) => !found.has(tensor)),
    unknown,
    misfits,
    prefix: prefixOf(unknown, new Set(byName.keys())),
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

function prefixOf(unknown: readonly string[], names: ReadonlySet<string>): string {
  const [first = ""] = unknown;
  const name = [...names].find((end) => first.endsWith(`.${end}`)) ?? first;
  const prefix = first.slice(0, -name.length);
  const fits = (other: string) => other.startsWith(prefix) && names.has(other.slice(prefix.length));
  return unknown.every(fits) ? prefix : "";
}
