import { trace, type TracedNode } from "@pellucid/core-train";
import { nodesOutside } from "./nodes-outside.ts";
import { TorchExportError } from "./torch-export-error.ts";
import type { AnyModel } from "./trace-for-torch.ts";

/**
 * The source comes from a trace in evaluation mode, in which layers of `torch.nn` such as dropout keep what they do in training. What else differs in
 * training, such as dropout by a function, would be lost without a word.
 *
 * @throws {TorchExportError} If the model does something else in training outside of the layers of `torch.nn`, by the path of the module.
 */
export function checkSameInTraining(model: AnyModel, inputs: readonly unknown[]): void {
  const nodes = (training: boolean): readonly TracedNode[] =>
    nodesOutside(trace(model, inputs as never, { training }).root);
  const [evaluated, trained] = [nodes(false), nodes(true)];
  const length = Math.max(evaluated.length, trained.length);
  for (let i = 0; i < length; i++) {
    const [at, other] = [evaluated[i], trained[i]];
    if (at !== undefined && other !== undefined && described(at) === described(other)) continue;
    const { path, type } = (other ?? at) as TracedNode;
    throw new TorchExportError(
      `toTorch: ${path === "" ? "the model" : path} (${type}) does something else in training than in evaluation, such as dropout by a function, which train.py would not do. Set its dropout to 0 or use a layer (Dropout), or write the files without a recipe.`,
    );
  }
}

/** The path, the op and its plain attributes. */
function described({ path, op, attributes }: TracedNode): string {
  const plain = Object.entries(attributes).filter(([, value]) => typeof value !== "object");
  return JSON.stringify([path, op, plain]);
}
