import { type HostTensor, sizeOf } from "@pellucid/core-train";
import { hashed } from "@pellucid/testing";

/** The fixtures' weights by formula. */
export function given(state: Readonly<Record<string, HostTensor>>): Record<string, HostTensor> {
  const made = Object.entries(state).map(([name, { shape, data }], k): [string, HostTensor] => {
    if (!(data instanceof Float32Array)) return [name, { data: Int32Array.of(7), shape }];
    const scale = Math.sqrt(24 / sizeOf(shape.slice(1)));
    const value = (x: number): number => {
      if (shape.length > 1) return x * scale;
      if (name.endsWith("running_var")) return 1 + 0.4 * x;
      return name.endsWith("weight") ? 1 + 0.2 * x : 0.1 * x;
    };
    return [name, { data: Float32Array.from(hashed(sizeOf(shape), k), value), shape }];
  });
  return Object.fromEntries(made);
}
