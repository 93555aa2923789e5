import type { OnnxModelFile, OnnxPort as FilePort } from "../read/read-model.ts";
import { OnnxError } from "../read/onnx-error.ts";
import { dtypeOf } from "../read/read-tensor.ts";
import { imageValues } from "./image-values.ts";
import type { OnnxPort } from "./onnx-model.ts";
import { lastChannels } from "./onnx-value.ts";

/** An input or output, and how its axes are turned. */
export interface Border {
  readonly port: OnnxPort;
  /** Axis `i` here is axis `axes[i]` of the file; `null` for the same order. */
  readonly axes: readonly number[] | null;
}

/** The inputs and outputs of a model, with images and sequences that have channels second in the file turned to channels last. */
export function bordersOf(
  { graph, metadata }: OnnxModelFile,
  layout: "channels-last" | "file",
): { readonly inputs: readonly Border[]; readonly outputs: readonly Border[] } {
  const images = imageValues(graph);
  const written = metadata.get("layout"); // by toOnnx
  const isTurned = ({ name, dtype, shape }: FilePort): boolean => {
    if (layout === "file" || shape === null || shape.length < 3 || dtypeOf(dtype) !== "float32") return false;
    if (written === "channels-last") return false;
    return written === "channels-first" || images.has(name);
  };
  const border = (port: FilePort): Border => {
    const { name, dtype, shape } = port;
    const held = dtypeOf(dtype);
    if (held === null)
      throw new OnnxError(`fromOnnx: ${name} has the dtype ${dtype}, which cannot be imported.`);
    const axes = isTurned(port) && shape !== null ? lastChannels(shape.length) : null;
    const sizes = shape?.map((size, axis) => (size === "" || size === -1 ? `size${axis}` : size)) ?? null;
    return {
      axes,
      port: {
        name,
        dtype: held === "int64" ? "int32" : held,
        shape: axes === null ? sizes : axes.map((axis) => sizes?.[axis] ?? `size${axis}`),
      },
    };
  };
  const weights = new Set(graph.initializers.map(({ name }) => name));
  return {
    inputs: graph.inputs.filter(({ name }) => !weights.has(name)).map(border),
    outputs: graph.outputs.map(border),
  };
}
