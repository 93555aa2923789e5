import { Tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { checkModule } from "../check-callable.ts";
import { found as inWords } from "../check-tensor.ts";
import { sizeOf } from "../host-tensor.ts";
import { fieldsOf, withFields } from "../struct/fields-of.ts";
import { StructError } from "../struct/struct-error.ts";
import type { Structured } from "../struct/struct.ts";
import { activationMemory } from "../trace/activation-memory.ts";
import { textTable } from "../text-table.ts";
import { inputsOf } from "../trace/model-inputs.ts";
import { multiplyAdds } from "../trace/multiply-adds.ts";
import { recordRun } from "../trace/record-run.ts";
import { type RecordedCall, type RecordedRun, valuesIn } from "../trace/recorded-run.ts";
import type { Layer } from "./layer.ts";
import type { Module } from "./module.ts";
import { isBuffer } from "./parameter.ts";

/** One layer of a {@link Summary}. */
export interface SummaryRow {
  /** The layer's name in the model: `layer1.0.conv1`; empty for the model itself. */
  readonly path: string;
  /** Its class. */
  readonly layer: string;
  /** The shapes of its last output, one per tensor. Empty for a layer whose `forward` was not called. */
  readonly outputShapes: readonly (readonly number[])[];
  /**
   * What the model used of it: `"forward"`; `"parts"`, if only layers in it ran, as of a group of layers; `"weights"`, if only its parameters or buffers were read, as those
   * of an attention's projection or of a tied embedding; `"nothing"`.
   */
  readonly used: "forward" | "parts" | "weights" | "nothing";
  /** The size of its own trainable parameters, without the layers below. A shared one counts for the first layer. */
  readonly trainable: number;
  /** The size of its own frozen parameters. */
  readonly frozen: number;
  /**
   * How many products it computed and added up, with the layers below and in all its calls: those of matrix products, convolutions, attention and recurrent layers.
   * PyTorch's `FlopCounterMode` counts twice this number.
   */
  readonly multiplyAdds: number;
}

/** The layers of a model, with their output shapes and parameters. */
export interface Summary {
  /** The model and every layer in it, in the order of its fields. */
  readonly rows: readonly SummaryRow[];
  readonly trainable: number;
  readonly frozen: number;
  readonly multiplyAdds: number;
  /**
   * The most bytes that the input and all that is computed from it need at once, if each tensor is freed after its last use, as in inference. Parameters, and what does not depend on the
   * input, such as masks and the scale of a batch norm, come on top.
   */
  readonly peakMemory: number;
  /** The bytes of all of them together, which is about what a training step needs before its gradients. */
  readonly activationMemory: number;
  /** The table as text. */
  toString(): string;
}

/**
 * Lists each layer's path, output shape, parameters and multiply-adds, and the memory of the activations, from a {@link trace} of one run in inference. A summary is of
 * layers; a trace is of ops, and what writes a model into a file reads it.
 *
 * ```ts
 * console.log(summary(model, [1, 28, 28, 1]).toString());
 * ```
 *
 * @param input of the model, the batch included, in which a shape may stand for a tensor of zeros. Zeros are float32: for a model that
 *   takes integers, give a tensor of them.
 * @throws {StructError} where the input is missing, or the model is not a module
 */
export function summary<Input extends Structured<Input>>(
  model: Module & Layer<never, unknown>,
  input: Input,
): Summary {
  checkModule("summary", model);
  if (typeof input !== "object" || input === null)
    throw new StructError(
      `summary: the input is ${input === undefined ? "missing" : inWords(input)}, expected its shape, the batch included, or a tensor: summary(model, [1, 28, 28, 1]).`,
    );
  const runs: RecordedRun[] = [];
  tidy(() => {
    const args = [inputOf(input)];
    const inputs = [...new Map(inputsOf(args, []).map((one) => [one.tensor, one])).values()];
    runs.push(recordRun({ model, args, inputs, training: false, once: true, known: () => true }));
  });
  const calls = new Map<Module, Pick<SummaryRow, "outputShapes" | "multiplyAdds">>();
  for (const run of runs) noteCall(run.root, run, calls);
  const counted = new Set<Tensor>();
  const read = new Set(runs.flatMap(({ values }) => values.flatMap(({ tensor }) => tensor ?? [])));
  const rows = [...model.namedModules()].map(([path, module]) => ({
    path,
    layer: module.constructor.name,
    used: useOf(module, calls, read),
    ...sizesOf(module, counted),
    ...(calls.get(module) ?? { outputShapes: [], multiplyAdds: 0 }),
  }));
  const total = (key: "trainable" | "frozen") => rows.reduce((sum, row) => sum + row[key], 0);
  const totals = { trainable: total("trainable"), frozen: total("frozen") };
  const { peak, kept } = runs[0] === undefined ? { peak: 0, kept: 0 } : activationMemory(runs[0]);
  const memory = { peakMemory: peak, activationMemory: kept };
  const found = { rows, ...totals, multiplyAdds: rows[0]?.multiplyAdds ?? 0, ...memory };
  return { ...found, toString: () => tableOf(found) };
}

/** The structure with a tensor of zeros for each shape. */
function inputOf(input: unknown, name = "summary: input"): unknown {
  if (input instanceof Tensor) return input;
  if (isShape(input)) return zeros(input);
  const fields = fieldsOf(input, name);
  if (fields === null) return input;
  return withFields(
    input,
    fields.map(([key, field]) => [key, inputOf(field, `${name}.${key}`)]),
  );
}

function isShape(input: unknown): input is number[] {
  return Array.isArray(input) && input.every((size) => typeof size === "number");
}

/** Notes what a call returned and computed, and the calls in it; the result is its multiply-adds. */
function noteCall(
  call: RecordedCall,
  run: RecordedRun,
  calls: Map<Module, Pick<SummaryRow, "outputShapes" | "multiplyAdds">>,
): number {
  const here = call.body.reduce(
    (sum, part) => sum + (part.kind === "call" ? noteCall(part, run, calls) : multiplyAdds(part, run)),
    0,
  );
  calls.set(call.module, {
    outputShapes: valuesIn(call.output).map((value) => run.values[value]?.sizes ?? []),
    multiplyAdds: (calls.get(call.module)?.multiplyAdds ?? 0) + here,
  });
  return here;
}

/** What ran of a module, or was read of it. */
function useOf(
  module: Module,
  calls: ReadonlyMap<Module, unknown>,
  read: ReadonlySet<Tensor>,
): SummaryRow["used"] {
  if (calls.has(module)) return "forward";
  if ([...module.namedModules()].some(([, part]) => calls.has(part))) return "parts";
  return [...module.slots()].some(({ tensor }) => read.has(tensor)) ? "weights" : "nothing";
}

/** The parameters of a module itself that are not yet in `counted`. */
function sizesOf(module: Module, counted: Set<Tensor>): Pick<SummaryRow, "trainable" | "frozen"> {
  const sizes = { trainable: 0, frozen: 0 };
  for (const { tensor, owner } of module.slots()) {
    if (owner !== module || isBuffer(tensor) || counted.has(tensor)) continue;
    counted.add(tensor);
    sizes[tensor.trainable ? "trainable" : "frozen"] += sizeOf(tensor.shape);
  }
  return sizes;
}

function tableOf({
  rows,
  trainable,
  frozen,
  multiplyAdds: products,
  ...memory
}: Omit<Summary, "toString">): string {
  const head = ["path", "layer", "output shape", "parameters", "frozen", "multiply-adds"];
  const body = rows.map((row) => [
    row.path,
    row.layer,
    row.outputShapes.map((shape) => `[${shape.join(", ")}]`).join(" ") || unshaped[row.used],
    numbered(row.trainable + row.frozen),
    numbered(row.frozen),
    numbered(row.multiplyAdds),
  ]);
  const foot = ["total", "", "", written(trainable + frozen), numbered(frozen), numbered(products)];
  const shown = [0, 1, 2, 3, ...(frozen === 0 ? [] : [4]), ...(products === 0 ? [] : [5])];
  const set = (line: readonly string[]) => shown.map((column) => line[column] ?? "");
  const { peakMemory, activationMemory: kept } = memory;
  return [
    textTable(set(head), body.map(set), { left: 3, foot: set(foot) }),
    `activations: ${written(peakMemory)} bytes at once in inference, ${written(kept)} in all`,
  ].join("\n");
}

/** What stands for the shape of an output that is none. */
const unshaped: Readonly<Record<SummaryRow["used"], string>> = {
  forward: "no tensor",
  parts: "",
  weights: "only its weights",
  nothing: "did not run",
};

/** The number, or nothing for 0. */
function numbered(count: number): string {
  return count === 0 ? "" : written(count);
}

/** `1,234,567` */
function written(count: number): string {
  return count.toLocaleString("en-US");
}
