import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { HostTensor } from "../host-tensor.ts";
import { requireBackend } from "../require-backend.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import { mapHostTensors } from "./map-host-tensors.ts";

/**
 * Makes a tensor of every `{ data, shape }` in a batch; bytes become integers. The rest stays as it is.
 *
 * @throws StructError where the batch holds a function, a `Map`, a `Set` or a promise
 */
export function toTensors<Tensors>(host: unknown): Tensors {
  requireBackend("batches");
  return tidyLeaves(() => mapHostTensors(host, toTensor, "batch") as Tensors);
}

function toTensor({ data, shape }: HostTensor): Tensor {
  return tensor(data, [...shape], data instanceof Float32Array ? "float32" : "int32");
}
