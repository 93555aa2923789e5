import type { Variable } from "@tensorflow/tfjs-core";
import type { Module } from "../module/module.ts";
import { ignoredNames, type TorchSlot, torchSlots } from "./torch-slots.ts";

/** Which names of a file are a model's. */
export interface NamesMatch {
  /** The model's tensors; of slots that share one, the first. */
  readonly firsts: readonly TorchSlot[];
  /** Where the entries of these names go. */
  readonly targets: ReadonlyMap<string, TorchSlot>;
  readonly missing: readonly TorchSlot[];
  readonly unknown: readonly string[];
  /** What was put before the model's names in all unknown ones: `module.` by `torch.nn.DataParallel`; or nothing. */
  readonly prefix: string;
}

/** Matches the names of a file with those of a model's parameters and buffers in PyTorch. */
export function matchNames(
  model: Module,
  names: readonly string[],
  rename: (name: string) => string | null,
): NamesMatch {
  const slots = torchSlots(model);
  const byName = new Map(slots.flatMap((slot) => [slot.name, ...slot.aliases].map((name) => [name, slot])));
  const ignored = ignoredNames(model);
  const targets = new Map<string, TorchSlot>();
  const found = new Set<Variable>();
  const unknown: string[] = [];
  for (const from of names) {
    const name = rename(from);
    const slot = name === null ? undefined : byName.get(name);
    if (slot !== undefined) {
      targets.set(from, slot);
      found.add(slot.tensor);
    } else if (name !== null && !ignored.has(name)) unknown.push(from);
  }
  const seen = new Set<Variable>();
  const firsts = slots.filter(({ tensor }) => seen.size < seen.add(tensor).size);
  return {
    firsts,
    targets,
    missing: firsts.filter(({ tensor }) => !found.has(tensor)),
    unknown,
    prefix: prefixOf(unknown, new Set(byName.keys())),
  };
}

function prefixOf(unknown: readonly string[], names: ReadonlySet<string>): string {
  const [first = ""] = unknown;
  const name = [...names].find((end) => first.endsWith(`.${end}`)) ?? first;
  const prefix = first.slice(0, -name.length);
  const fits = (other: string) => other.startsWith(prefix) && names.has(other.slice(prefix.length));
  return unknown.every(fits) ? prefix : "";
}
