import type { HostTensor } from "../host-tensor.ts";

/** A batch on the host: records and lists of `{ data, shape }` and of lists of strings. */
export type HostBatch =
  | HostTensor
  | readonly string[]
  | readonly HostBatch[]
  | { readonly [name: string]: HostBatch };

/** Whether something is `{ data, shape }`. */
export function isHostTensor(value: unknown): value is HostTensor {
  return (
    typeof value === "object" &&
    value !== null &&
    "data" in value &&
    ArrayBuffer.isView(value.data) &&
    "shape" in value &&
    Array.isArray(value.shape)
  );
}
