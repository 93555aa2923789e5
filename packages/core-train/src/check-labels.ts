import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOnHost } from "./compile/check-on-host.ts";
import { LabelError } from "./loss/label-error.ts";
import { checkTensor } from "./check-tensor.ts";

/**
 * Throws a {@link LabelError} unless `target` holds integers from 0 to `classes - 1`, or the ignored one. Values are
 * checked where reading them is cheap.
 */
export function checkLabels(caller: string, target: Tensor, classes: number, ignoreIndex?: number): void {
  checkTensor(caller, "target", target, "int32");
  if (target.dtype !== "int32") {
    throw new LabelError(
      `${caller}: target is ${target.dtype} [${target.shape.join(", ")}], expected int32 labels. Make it with tensor(labels, shape, "int32").`,
    );
  }
  checkOnHost(target, (labels) => {
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i] ?? NaN;
      if ((label >= 0 && label < classes) || label === ignoreIndex) continue;
      const ignored = ignoreIndex === undefined ? "" : `, or ${ignoreIndex} for one to ignore`;
      throw new LabelError(
        `${caller}: target[${i}] is ${label}, expected a class from 0 to ${classes - 1}${ignored}.`,
      );
    }
  });
}
