import type { Trace, TracedCall, TracedNode, TracedSize, TracedValue } from "@pellucid/core-train";
import { usedBy } from "./values-in.ts";

type Item = TracedNode | TracedCall;
type Values = Trace["values"];

/** A sum that is divided by how many numbers it adds is a mean. */
export function joinMeans(
  items: readonly Item[],
  values: Values,
  outputs: readonly string[],
): readonly Item[] {
  const uses = new Map<string, number>();
  for (const name of [...items.flatMap(usedBy), ...outputs]) uses.set(name, (uses.get(name) ?? 0) + 1);
  const joined: Item[] = [];
  for (let i = 0; i < items.length; i++) {
    const [item, next] = [items[i] as Item, items[i + 1]];
    const mean = next === undefined ? null : meanOf(item, next, values);
    const isOnly = item.kind === "node" && uses.get(item.outputs[0] as string) === 1;
    joined.push(mean !== null && isOnly ? mean : item);
    if (mean !== null && isOnly) i++;
  }
  return joined;
}

function meanOf(sum: Item, next: Item, values: Values): TracedNode | null {
  if (sum.kind !== "node" || next.kind !== "node" || sum.op !== "Sum" || next.op !== "RealDiv") return null;
  const [total = ""] = sum.outputs;
  const divisor = values.get(next.inputs["b"] ?? "");
  const x = values.get(sum.inputs["x"] ?? "");
  if (next.inputs["a"] !== total || divisor === undefined || x === undefined) return null;
  const axes = [sum.attributes["axis"] as number | readonly number[]].flat();
  const count = axes.reduce((product, axis) => product * (x.sizes.at(axis) ?? Number.NaN), 1);
  const isFree = axes.some((axis) => typeof x.shape.at(axis) !== "number");
  return numberOf(divisor, isFree, values) === count ? { ...sum, op: "Mean", outputs: next.outputs } : null;
}

/** The number that a constant is in the run that was traced: one that depends on sizes if it has to. */
function numberOf(value: TracedValue, isFree: boolean, values: Values): number | null {
  if (value.kind !== "constant" || value.shape.length > 0) return null;
  const { content } = value;
  if (content.kind === "size") return sizeIn(content.size, values);
  return !isFree && content.kind === "fixed" ? (content.data[0] ?? null) : null;
}

function sizeIn(size: TracedSize, values: Values): number {
  if (typeof size === "number") return size;
  const product = size.of.reduce((n, { value, axis }) => n * (values.get(value)?.sizes[axis] ?? 0), 1);
  return Math.floor((size.times * product + size.add) / size.over);
}
