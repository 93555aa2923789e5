import { type Rank, type ShapeMap, tensor, tidy, Variable, variable } from "@tensorflow/tfjs-core";
import type { HostTensor } from "../host-tensor.ts";
import { requireBackend } from "../require-backend.ts";
import { checkHostTensor } from "../check-host-tensor.ts";

/** A tensor that training changes. It has no name of its own: its name is the path to it. */
export type Parameter<R extends Rank = Rank> = Variable<R>;

/** Makes a parameter that starts at `values`. */
export function parameter<R extends Rank = Rank>(values: HostTensor): Parameter<R> {
  checkHostTensor("parameter", "values", values);
  return variableOf<R>(values, true);
}

const buffers = new WeakSet<Variable>();

/** State that is saved with a model but not trained, such as running statistics. */
export type Buffer<R extends Rank = Rank> = Variable<R>;

/** Makes a buffer that starts at `values`. */
export function stateBuffer<R extends Rank = Rank>(values: HostTensor): Buffer<R> {
  checkHostTensor("stateBuffer", "values", values);
  const made = variableOf<R>(values, false);
  buffers.add(made);
  return made;
}

/** Whether a variable is a buffer rather than a parameter. */
export function isBuffer(found: Variable): boolean {
  return buffers.has(found);
}

function variableOf<R extends Rank>({ data, shape }: HostTensor, trainable: boolean): Variable<R> {
  requireBackend("parameter");
  const dtype = data instanceof Float32Array ? "float32" : "int32";
  return tidy(() => variable<R>(tensor<R>(data, [...shape] as ShapeMap[R], dtype), trainable));
}
