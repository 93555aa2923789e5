import { leaves, Module, type Struct } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { ForwardRegistry } from "./forward-registry.ts";
import { type PythonTensor, pythonTensor } from "./python-tensor.ts";
import { identity, pythonTree } from "./python-tree.ts";
import { supportFunctions } from "./support.ts";
import { TorchExportError } from "./torch-export-error.ts";
import { type AnyModel, traceForTorch } from "./trace-for-torch.ts";
import { wrapLine } from "./wrap-line.ts";

/** A loss that is a function of tensors. */
export type LossFunction = (output: never, target: Tensor) => Tensor;

/** A loss as a module, which a trace needs. */
class LossOf extends Module {
  readonly run: LossFunction;

  constructor(run: LossFunction) {
    super();
    this.run = run;
  }

  forward({ output, target }: { readonly output: Struct; readonly target: Tensor }): Tensor {
    return this.run(output as never, target);
  }
}

/** What a loss is written from: an output of the model with the axes that it has in Python, and as many targets. */
export interface LossSample {
  readonly output: Struct;
  readonly axes: readonly (readonly number[])[];
  readonly target: Tensor;
  readonly targetAxes: readonly number[];
}

/** Writes `loss_of` of `train.py` from a trace of the loss. */
export function writtenLoss(loss: LossFunction, { output, axes, target, targetAxes }: LossSample): string {
  const module = new LossOf(loss) as AnyModel;
  const traced = traceForTorch(module, [{ output, target }]);
  const given = [...axes, targetAxes].map((order, i): PythonTensor => {
    const name = traced.inputs[i] as string;
    return pythonTensor(name, order.length, [], { axes: order });
  });
  if (leaves({ output, target }).length !== traced.inputs.length)
    throw new TorchExportError(
      "toTorch: the loss has other inputs than the outputs of the model and the target.",
    );
  const registry = new ForwardRegistry(traced, pythonTree(module), new Set());
  const { params, lines, outputs } = registry.write(traced.root, given, true);
  const [result] = outputs;
  if (outputs.length !== 1 || result === undefined || String(result.axes) !== String(identity(0)))
    throw new TorchExportError(
      `toTorch: the loss gives ${outputs.length} tensors of ${outputs.map((y) => y.axes.length).join(" and ")} axes, expected one number.`,
    );
  if (registry.tables.size > 0)
    throw new TorchExportError("toTorch: the loss has a table of numbers; make it an input of the model.");
  return [
    ...[...registry.supports].flatMap((name) => [supportFunctions[name] as string, "", ""]),
    `def loss_of(${params.join(", ")}):`,
    ...lines.flatMap(({ code, comment }) => wrapLine(code, 4, comment)),
  ].join("\n");
}
