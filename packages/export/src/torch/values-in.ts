import type { TracedCall, TracedNode, TracedStructure } from "@pellucid/core-train";
import { torchLayer } from "./torch-layers.ts";

/** The names of the values of a structure, in order. */
export function valuesIn(structure: TracedStructure): readonly string[] {
  if (structure.kind === "value") return [structure.name];
  if (structure.kind === "list") return structure.items.flatMap(valuesIn);
  return structure.kind === "record" ? Object.values(structure.fields).flatMap(valuesIn) : [];
}

/** The values that an op or a call makes. */
export function madeBy(item: TracedNode | TracedCall): readonly string[] {
  return item.kind === "node" ? item.outputs : valuesIn(item.output);
}

/** The values that an op or a call reads; of a recurrent layer without its first state, which PyTorch makes. */
export function usedBy(item: TracedNode | TracedCall): readonly string[] {
  if (item.kind === "node") return readBy(item).map(([, value]) => value);
  const values = item.inputs.flatMap(valuesIn);
  return isRecurrent(item) ? values.slice(0, 1) : values;
}

/** Whether a call is one of a recurrent layer of `torch.nn`. */
export function isRecurrent({ module }: TracedCall): boolean {
  return ["LSTM", "GRU", "RNN"].includes(module.constructor.name) && torchLayer(module) !== null;
}

/** What kernels of graphs read besides their edges: the edges once more, by row. */
const byRow: Readonly<Record<string, readonly string[]>> = {
  PellucidGatherSum: ["ptr", "column", "edge"],
  PellucidSegmentSoftmax: ["ptr", "edge"],
};

/** The inputs of an op by its names for them, but those that PyTorch does not need. */
export function readBy({ op, inputs }: TracedNode): readonly (readonly [name: string, value: string])[] {
  return Object.entries(inputs).filter(([name]) => byRow[op]?.includes(name) !== true);
}
