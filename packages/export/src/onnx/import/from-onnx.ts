import { checkOptions, OptionError, type Struct } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { OnnxError } from "../read/onnx-error.ts";
import { readModel } from "../read/read-model.ts";
import type { ExternalData } from "../read/read-tensor.ts";
import { bordersOf } from "./border.ts";
import { checkGraph } from "./check-graph.ts";
import { OnnxModel } from "./onnx-model.ts";
import { withoutConstants } from "./without-constants.ts";
import { weightPlans } from "./weight-plan.ts";

/** A file's bytes. */
export type OnnxBytes = ArrayBuffer | Uint8Array;

/** A model with its weights in files of their own. */
export interface OnnxSource {
  /** `model.onnx` */
  readonly model: OnnxBytes;
  /** The one file of weights, or files by the names that the model has for them. */
  readonly externalData: OnnxBytes | Readonly<Record<string, OnnxBytes>>;
}

/** Options for {@link fromOnnx}. */
export interface FromOnnxOptions {
  /**
   * The layout of images and sequences at the inputs and outputs: `[batch, height, width, channel]`, as layers here have them, or the file's own,
   * which is PyTorch's `[batch, channel, height, width]` in most. Default: `"channels-last"`.
   */
  readonly layout?: "channels-last" | "file";
  /**
   * Whether a tensor of numbers is trained. Default: those that convolutions, matrix products, norms, recurrent layers, `PRelu` and look-ups have
   * as their weights, and vectors that are added or multiplied. Others are buffers, such as tables of positions that are added.
   */
  readonly trainable?: (name: string, shape: readonly number[]) => boolean;
}

const opsets = { first: 13, last: 20 };

/**
 * Imports an ONNX file as a model that runs, is trained and explained here, whatever wrote it: `toOnnx`, PyTorch, Keras.
 *
 * ```ts
 * const model = fromOnnx(await (await fetch("model.onnx")).arrayBuffer());
 * model.inputs; // [{ name: "input", dtype: "float32", shape: ["batch", 32, 32, 3] }]
 * const logits = model.forward(images);
 * ```
 *
 * Its parameters have the file's names: `stateOf(model)["weights.conv1.weight"]`, in a file of `saveWeights` `conv1.weight` in the layout of the ONNX file.
 * What convolutions, pools and norms of channels take or give is turned at the border: images are `[batch, height, width, channel]` here, sequences that
 * convolutions read `[batch, time, channel]`; all else keeps the file's order. Integers of 64 bits are of 32 here. In training mode batch norms
 * use the statistics of the batch and move their running ones; an exported dropout stays off.
 *
 * @param source the file, or with its files of weights `{ model, externalData }`
 * @throws {OnnxError} If the file is malformed or cut off, or has an opset other than 13 to 20, an op or an attribute that cannot be imported.
 */
export function fromOnnx<In extends Struct = Tensor, Out extends Struct = Tensor>(
  source: OnnxBytes | OnnxSource,
  options: FromOnnxOptions = {},
): OnnxModel<In, Out> {
  checkOptions("fromOnnx", options, ["layout", "trainable"]);
  const { layout = "channels-last", trainable = null } = options;
  if (!["channels-last", "file"].includes(layout))
    throw new OptionError("fromOnnx", "layout", layout, '"channels-last" or "file"');
  if (trainable !== null && typeof trainable !== "function")
    throw new OptionError("fromOnnx", "trainable", trainable, "a function of a name and a shape");
  const { model, external } = opened(source);
  const read = readModel(model, external);
  const file = { ...read, graph: withoutConstants(read.graph) };
  const { first, last } = opsets;
  if (!(file.opset >= first && file.opset <= last))
    throw new OnnxError(
      `fromOnnx: the file has opset ${file.opset}, expected ${first} to ${last}. Convert it with onnx.version_converter.`,
    );
  checkGraph(file.graph);
  const plans = weightPlans(file, trainable);
  const names = new Set(plans.map(({ tensor }) => tensor.name));
  if (names.size < plans.length) throw new OnnxError("fromOnnx: two weights have the same name.");
  return new OnnxModel<In, Out>(file, plans, bordersOf(file, layout));
}

function opened(source: unknown): { readonly model: Uint8Array; readonly external: ExternalData } {
  const whole = bytesOf(source);
  if (whole !== null) return { model: whole, external: () => null };
  const { model, externalData } = Object(source) as Partial<OnnxSource>;
  const file = bytesOf(model);
  if (file === null)
    throw new OnnxError(
      `fromOnnx: the source is ${source === null ? "null" : typeof source}, expected the bytes of a file, or { model, externalData }.`,
    );
  const only = bytesOf(externalData);
  if (only !== null) return { model: file, external: () => only };
  const files = new Map(Object.entries(Object(externalData) as Record<string, unknown>));
  return { model: file, external: (location) => bytesOf(files.get(location)) };
}

function bytesOf(source: unknown): Uint8Array | null {
  if (source instanceof Uint8Array)
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return source instanceof ArrayBuffer ? new Uint8Array(source) : null;
}
