import {
  checkOptions,
  type HostTensor,
  Module,
  OptionError,
  trace,
  type Trace,
  type TraceOptions,
} from "@pellucid/core-train";
import { ExportError } from "../export-error.ts";
import { formsOf, hasForm } from "./forms/forms.ts";
import type { Message } from "./message.ts";
import type { Initializer } from "./onnx-graph.ts";
import { modelProto, tensorProto } from "./onnx-proto.ts";
import { writeGraph } from "./write-graph.ts";

/** Options for {@link toOnnx}. */
export interface OnnxOptions extends Pick<TraceOptions, "axes" | "fixed"> {
  /** The version of ONNX's operators, 17 to 20. Default: 17, which runtimes from 2022 on read. */
  readonly opset?: 17 | 18 | 19 | 20;
  /**
   * The layout of images and sequences at the inputs and outputs: as here, `[batch, height, width, channel]`, or as in PyTorch,
   * `[batch, channel, height, width]`. Default: `"channels-last"`.
   */
  readonly layout?: "channels-last" | "channels-first";
  /** The dtype of integers at the inputs and outputs; PyTorch's exporter writes int64. Default: `"int32"`. */
  readonly integers?: "int32" | "int64";
  /** Texts that are stored in the file. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A model in two files: for weights of 2 GB or more, and for pages that load them separately. */
export interface OnnxFiles {
  /** The graph, `model.onnx`. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** The weights, which belong in the same folder under the name that `model` has for them. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * Writes a model as an ONNX file, which onnxruntime and others run without this library.
 *
 * ```ts
 * const bytes = await toOnnx(model, [images]);
 * await writeFile("model.onnx", bytes);
 * ```
 *
 * The batch is free, and height, width and time where the model allows it: see `trace`. Weights have the model's paths as names. In evaluation
 * mode; what is drawn at random is the same in every run.
 *
 * @param inputs the arguments of `forward`, of any size that the model takes
 * @throws {ExportError} If an op has no form in ONNX; the error names it and its module.
 * @throws {TraceError} If what the model computes depends on numbers that it reads on the host.
 */
export async function toOnnx<Inputs extends readonly unknown[]>(
  model: Module & { forward(...inputs: Inputs): unknown },
  inputs: NoInfer<Inputs>,
  options: OnnxOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const written = await write("toOnnx", model, inputs, options);
  const tensors = written.initializers.map(({ name, dtype, shape, bytes }) =>
    tensorProto(name, dtype, shape, bytes),
  );
  return written.finish(tensors).finish();
}

/**
 * {@link toOnnx} with the weights in a file of their own.
 *
 * @param location the name of that file, in the folder of the model: `"model.onnx.data"`
 */
export async function toOnnxFiles<Inputs extends readonly unknown[]>(
  model: Module & { forward(...inputs: Inputs): unknown },
  inputs: NoInfer<Inputs>,
  location: string,
  options: OnnxOptions = {},
): Promise<OnnxFiles> {
  if (typeof location !== "string" || location === "" || /[\\/]/.test(location))
    throw new OptionError(
      "toOnnxFiles",
      "location",
      location,
      'the name of a file without folders: "model.onnx.data"',
    );
  const written = await write("toOnnxFiles", model, inputs, options);
  const outside = written.initializers.filter(({ bytes }) => bytes.length >= smallest);
  const data = new Uint8Array(outside.reduce((size, { bytes }) => aligned(size) + bytes.length, 0));
  let at = 0;
  const tensors = written.initializers.map(({ name, dtype, shape, bytes }) => {
    if (bytes.length < smallest) return tensorProto(name, dtype, shape, bytes);
    const offset = aligned(at);
    data.set(bytes, offset);
    at = offset + bytes.length;
    return tensorProto(name, dtype, shape, { location, offset, length: bytes.length });
  });
  return { model: written.finish(tensors).finish(), data };
}

/** Shorter tensors stay in the model: shapes are needed before the weights are loaded. */
const smallest = 1024;

const aligned = (offset: number): number => Math.ceil(offset / 64) * 64;

interface Written {
  readonly initializers: readonly Initializer[];
  readonly finish: (tensors: readonly Message[]) => Message;
}

async function write<Inputs extends readonly unknown[]>(
  caller: string,
  model: Module & { forward(...inputs: Inputs): unknown },
  inputs: NoInfer<Inputs>,
  options: OnnxOptions,
): Promise<Written> {
  checkOptions(caller, options, ["axes", "fixed", "opset", "layout", "integers", "metadata"]);
  const {
    axes,
    fixed = [],
    opset = 17,
    layout = "channels-last",
    integers = "int32",
    metadata = {},
  } = options;
  if (!(model instanceof Module)) throw new OptionError(caller, "model", typeof model, "a module");
  if (![17, 18, 19, 20].includes(opset)) throw new OptionError(caller, "opset", opset, "17, 18, 19 or 20");
  if (!["channels-last", "channels-first"].includes(layout))
    throw new OptionError(caller, "layout", layout, '"channels-last" or "channels-first"');
  if (!["int32", "int64"].includes(integers))
    throw new OptionError(caller, "integers", integers, '"int32" or "int64"');
  const traced = trace(model, inputs, {
    ...(axes === undefined ? {} : { axes }),
    fixed,
    known: hasForm,
  });
  const [numbers, forms, kept] = await Promise.all([
    readNumbers(traced),
    formsOf(traced.nodes),
    traced.nodes.some(({ op }) => op === "NonMaxSuppressionV3")
      ? import("./kept-axes.ts").then(({ keptAxes }) => keptAxes(traced))
      : new Map<string, number>(),
  ]);
  const name = model.constructor.name;
  const channelsFirst = layout === "channels-first";
  const { graph, proto } = writeGraph(traced, numbers, forms, {
    name,
    opset,
    channelsFirst,
    integers,
    kept,
  });
  const restrictions = Object.entries(traced.axes).flatMap(([axis, { limit, multiple }]) => [
    ...(limit === null ? [] : [[`limit.${axis}`, `${limit}`] as const]),
    ...(multiple === 1 ? [] : [[`multiple.${axis}`, `${multiple}`] as const]),
  ]);
  return {
    initializers: graph.initializers,
    finish: (tensors) =>
      modelProto(proto(tensors), {
        opset,
        ir: opset < 19 ? 8 : 9,
        metadata: { model: name, layout, ...Object.fromEntries(restrictions), ...metadata },
      }),
  };
}

/** The numbers of all parameters and buffers of a trace. */
async function readNumbers({ values }: Trace): Promise<ReadonlyMap<string, HostTensor>> {
  const read = [...values.values()].flatMap((value) =>
    value.kind === "parameter" || value.kind === "buffer"
      ? [{ name: value.name, shape: value.sizes, data: value.tensor.data() }]
      : [],
  );
  const numbers = new Map<string, HostTensor>();
  for (const { name, shape, data } of read) {
    const found = await data;
    if (typeof found[0] === "string")
      throw new ExportError(`toOnnx: ${name} is text, which no model of ONNX takes.`);
    numbers.set(name, { shape, data: found.slice() });
  }
  return numbers;
}
