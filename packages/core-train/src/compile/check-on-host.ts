import type { Tensor } from "@tensorflow/tfjs-core";
import { checkFunction } from "../check-callable.ts";
import { hostValues } from "../host-values.ts";
import { recordingNow } from "./recording-now.ts";

/**
 * Has `check` see the values of `x` where reading them is cheap. It throws where they are wrong. In a compiled step it sees the values of each step,
 * before anything has changed.
 *
 * @param check holds no tensor: it is called again in later steps
 */
export function checkOnHost(x: Tensor, check: (values: ArrayLike<number>) => void): void {
  checkFunction("checkOnHost", "check", check);
  const recording = recordingNow();
  if (recording === null) {
    const values = hostValues(x);
    if (values !== null) check(values);
    return;
  }
  const view = recording.calls.view(x);
  check(view());
  recording.calls.host(() => check(view()));
}
