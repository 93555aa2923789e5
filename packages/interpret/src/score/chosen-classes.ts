import { checkShape, oneHot, OptionError } from "@pellucid/core-train";
import { type Tensor, type Tensor2D, tensor1d } from "@tensorflow/tfjs-core";

/**
 * 1 at the class of each row of logits, and 0 elsewhere, `[batch, class]`. Of a batch that is several copies of the examples, row `i`
 * has the target `i mod targets.length`.
 */
export function chosenClasses(caller: string, logits: Tensor, target: number | readonly number[]): Tensor2D {
  checkShape(caller, "the model's output", logits, ["batch", "class"]);
  const targets = typeof target === "number" ? [target] : target;
  const [batch, classes] = logits.shape as [number, number];
  for (const one of targets) {
    if (Number.isInteger(one) && one >= 0 && one < classes) continue;
    throw new OptionError(caller, "target", one, `a class from 0 to ${classes - 1}`);
  }
  if (batch % targets.length !== 0) {
    throw new OptionError(
      caller,
      "target",
      `[${targets.join(", ")}]`,
      `one for all or one for each of the ${batch} examples`,
    );
  }
  const rows = Array.from({ length: batch }, (_, i) => targets[i % targets.length] ?? NaN);
  return oneHot(tensor1d(rows, "int32"), classes);
}
