import type { Trace } from "@pellucid/core-train";
import type { PythonTensor } from "./python-tensor.ts";
import { layerAxes, ordering } from "./layer-call.ts";
import { TorchExportError } from "./torch-export-error.ts";
import type { TorchLayer } from "./torch-layer.ts";
import { isRecurrent, valuesIn } from "./values-in.ts";
import { wrapLine } from "./wrap-line.ts";

/** The class of a model that is itself a layer of `torch.nn`, so that the names of its weights have no prefix. */
export function layerClass(
  { root, values }: Trace,
  layer: TorchLayer,
  given: readonly PythonTensor[],
): { readonly classes: string; readonly outputs: readonly (readonly number[])[] } {
  const [input, ...others] = given as [PythonTensor, ...PythonTensor[]];
  const [output = "", ...states] = valuesIn(root.output);
  if (others.length > 0 || (states.length > 0 && !isRecurrent(root)))
    throw new TorchExportError(
      `toTorch: ${root.type} is a layer with several inputs; give a module that has it as a field.`,
    );
  const { order, axes } = layerAxes(root, layer, input, values.get(output)?.shape.length ?? 0);
  const args = layer.args.map(({ name, positional, code }) => (positional ? code : `${name}=${code}`));
  const x = { ...input, code: "x" };
  const call = `super().forward(${ordering(x, order)})${isRecurrent(root) ? "[0]" : ""}`;
  const isSame = call === "super().forward(x)";
  const lines = [
    `class ${root.type}(${layer.callee}):`,
    "    def __init__(self):",
    ...wrapLine(`super().__init__(${args.join(", ")})`, 8),
    ...(isSame ? [] : ["", "    def forward(self, x):", ...wrapLine(`return ${call}`, 8)]),
  ];
  return { classes: lines.join("\n"), outputs: [axes] };
}
