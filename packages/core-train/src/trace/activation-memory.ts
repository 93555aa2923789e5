import { sizeOf } from "../host-tensor.ts";
import { type RecordedRun, valuesIn } from "./recorded-run.ts";

/** The memory of what a run computed, in bytes. */
export interface ActivationMemory {
  /** At once, if each tensor is freed after it was last used, as in inference. */
  readonly peak: number;
  /** If all are kept, as for gradients. */
  readonly kept: number;
}

/** The memory of inputs and of what depends on them, by their lifetimes. Parameters, buffers and constants are not counted, and a tensor of another shape of the same numbers once. */
export function activationMemory({ values, nodes, root }: RecordedRun): ActivationMemory {
  const sources = values.map((_, i) => i);
  const source = (value: number): number => sources[value] ?? value;
  for (const { op, inputs, outputs } of nodes) {
    const [from] = inputs;
    if (views.has(op) && from !== undefined) for (const to of outputs) sources[to] = source(from[1]);
  }
  const [births, deaths] = [new Map<number, number>(), new Map<number, number>()];
  const use = (value: number, at: number) => {
    const own = source(value);
    if (!births.has(own)) births.set(own, at);
    deaths.set(own, at);
  };
  values.forEach(({ kind }, i) => {
    if (kind === "input") use(i, 0);
  });
  nodes.forEach(({ inputs, outputs }, i) => {
    for (const [, value] of inputs) use(value, i + 1);
    for (const value of outputs) use(value, i + 1);
  });
  for (const value of valuesIn(root.output)) use(value, nodes.length + 1);
  const changes = new Float64Array(nodes.length + 3);
  let kept = 0;
  for (const [value, birth] of births) {
    const { depends, dtype, sizes } = values[value] ?? { depends: false, dtype: "bool", sizes: [] };
    if (!depends) continue;
    const bytes = sizeOf(sizes) * (dtype === "bool" ? 1 : 4);
    kept += bytes;
    changes[birth] = (changes[birth] ?? 0) + bytes;
    const end = (deaths.get(value) ?? birth) + 1;
    changes[end] = (changes[end] ?? 0) - bytes;
  }
  let [now, peak] = [0, 0];
  for (const change of changes) {
    now += change;
    peak = Math.max(peak, now);
  }
  return { peak, kept };
}

/** Ops whose result is the input in another shape. */
const views: ReadonlySet<string> = new Set(["Reshape", "Identity"]);
