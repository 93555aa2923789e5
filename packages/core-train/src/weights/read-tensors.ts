import { clone, dispose, keep, type Tensor } from "@tensorflow/tfjs-core";
import type { HostData } from "../host-tensor.ts";

/** Copies of the numbers of tensors, all from the time of the call, whatever happens to the tensors meanwhile. */
export async function readTensors(tensors: readonly Tensor[]): Promise<readonly HostData[]> {
  const held = tensors.map((tensor) => keep(clone(tensor)));
  try {
    const values = await Promise.all(held.map((tensor) => tensor.data()));
    return values.map((data) => data.slice());
  } finally {
    dispose(held);
  }
}
