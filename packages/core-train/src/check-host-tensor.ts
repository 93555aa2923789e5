import { found } from "./check-tensor.ts";
import type { HostTensor } from "./host-tensor.ts";
import { StructError } from "./struct/struct-error.ts";

/** Throws a {@link StructError} unless `x` is values on the host with their shape. */
export function checkHostTensor(caller: string, name: string, x: unknown): void {
  const { data, shape } = Object(x) as Partial<HostTensor>;
  if (ArrayBuffer.isView(data) && Array.isArray(shape)) return;
  throw new StructError(
    `${caller}: ${name} is ${found(x)}, expected { data, shape }: a typed array and the sizes of its axes.`,
  );
}
