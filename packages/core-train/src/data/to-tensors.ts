import { tensor, type TensorContainer, tidy } from "@tensorflow/tfjs-core";
import { isHostTensor } from "./host-batch.ts";

/** Makes a tensor of every `{ data, shape }` in a batch; bytes become integers. The rest stays as it is. */
export function toTensors<Tensors>(host: unknown): Tensors {
  return tidy(() => convert(host) as TensorContainer) as Tensors;
}

function convert(host: unknown): unknown {
  if (isHostTensor(host))
    return tensor(host.data, [...host.shape], host.data instanceof Float32Array ? "float32" : "int32");
  if (Array.isArray(host)) return host.map(convert);
  if (typeof host !== "object" || host === null || Object.getPrototypeOf(host) !== Object.prototype)
    return host;
  return Object.fromEntries(Object.entries(host).map(([name, value]) => [name, convert(value)]));
}
