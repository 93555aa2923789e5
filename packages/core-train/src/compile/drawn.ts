import { type Rank, type ShapeMap, type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { HostTensor } from "../host-tensor.ts";
import { recordingNow } from "./recording-now.ts";
import { checkFunction } from "../check-callable.ts";

/**
 * A tensor of random numbers: what `draw` gives. In a compiled step it is drawn anew each time, in the order of the step, so that the
 * generator ends up where it would without `compile`. Whatever draws in a step has to draw in here.
 *
 * ```ts
 * const noise = drawn(() => rng.randn([3, 4]));
 * ```
 *
 * @param draw gives as many numbers each time
 */
export function drawn<R extends Rank = Rank>(draw: () => HostTensor): Tensor<R> {
  checkFunction("drawn", "draw", draw);
  const recording = recordingNow();
  if (recording === null) return made<R>(draw());
  const y = made<R>(recording.draw(draw));
  const view = recording.calls.view(y);
  recording.calls.host(() => view().set(draw().data));
  return y;
}

const made = <R extends Rank>({ data, shape }: HostTensor): Tensor<R> =>
  tensor<R>(data, [...shape] as ShapeMap[R], data instanceof Float32Array ? "float32" : "int32");
