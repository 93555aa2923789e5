import { tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import type { HostTensor } from "../host-tensor.ts";

/** Gives variables their values: all of them or, when a backend has no room for one, none. */
export function assignAll(values: readonly (readonly [variable: Variable, value: HostTensor])[]): void {
  tidy(() => {
    const next = values.map(([{ dtype }, { data, shape }]) => tensor(data, [...shape], dtype));
    for (const [i, [variable]] of values.entries()) variable.assign(next[i] as Variable);
  });
}
