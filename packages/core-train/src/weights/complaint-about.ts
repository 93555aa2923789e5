import { nearestName } from "../did-you-mean.ts";
import type { Module } from "../module/module.ts";
import type { NamesMatch } from "./match-names.ts";
import type { TorchSlot } from "./torch-slots.ts";

type Names = Pick<NamesMatch, "missing" | "unknown" | "prefix">;

/** Whether a file has all that a model needs, and nothing else. */
export function isComplete({ missing, unknown }: Names): boolean {
  return unknown.length === 0 && missing.every(({ optional }) => optional);
}

/** All that is wrong with weights for a model, and what to do. */
export function complaintAbout(
  model: Module,
  { misfits = [], missing, unknown, prefix }: Names & { readonly misfits?: readonly string[] },
): string {
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

/** An unknown name, with the missing one that it is probably. */
function withNearest(unknown: string, missing: readonly TorchSlot[]): string {
  const nearest = nearestName(
    unknown,
    missing.map(({ name }) => name),
  );
  return nearest === undefined ? unknown : `${unknown} (did you mean ${nearest}?)`;
}
