import { Tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { intercept } from "../observe/intercept.ts";
import { fieldsOf, withFields } from "../struct/fields-of.ts";
import { leaves } from "../struct/leaves.ts";
import type { Structured } from "../struct/struct.ts";
import type { Layer } from "./layer.ts";
import { Module } from "./module.ts";
import { isBuffer } from "./parameter.ts";
import { checkModule } from "../check-callable.ts";

/** One layer of a {@link Summary}. */
export interface SummaryRow {
  /** The layer's name in the model: `layer1.0.conv1`; empty for the model itself. */
  readonly path: string;
  /** Its class. */
  readonly layer: string;
  /** The shapes of its last output, one per tensor. Empty for a layer that did not run. */
  readonly outputShapes: readonly (readonly number[])[];
  /** The size of its own trainable parameters, without the layers below. A shared one counts for the first layer. */
  readonly trainable: number;
  /** The size of its own frozen parameters. */
  readonly frozen: number;
}

/** The layers of a model, with their output shapes and parameters. */
export interface Summary {
  /** The model and every layer in it, in the order of its fields. */
  readonly rows: readonly SummaryRow[];
  readonly trainable: number;
  readonly frozen: number;
  /** The table as text. */
  toString(): string;
}

/**
 * Lists each layer's path, output shape and parameters. The model runs once, in inference.
 *
 * ```ts
 * console.log(summary(model, [1, 28, 28, 1]).toString());
 * ```
 *
 * @param input of the model, the batch included, in which a shape may stand for a tensor of zeros. Zeros are float32: for a model that
 *   takes integers, give a tensor of them.
 */
export function summary<Input extends Structured<Input>>(
  model: Module & Layer<never, unknown>,
  input: Input,
): Summary {
  checkModule("summary", model);
  const modules = [...model.namedModules()];
  const outputs = new Map<Module, readonly (readonly number[])[]>();
  tidy(() => {
    const run = () => model.forward(inputOf(input) as never);
    watching(
      modules.map(([, module]) => module),
      (module, y) => outputs.set(module, shapesIn(y)),
      run,
    );
  });
  const counted = new Set<Tensor>();
  const rows = modules.map(([path, module]) => ({
    path,
    layer: module.constructor.name,
    outputShapes: outputs.get(module) ?? [],
    ...sizesOf(module, counted),
  }));
  const total = (key: "trainable" | "frozen") => rows.reduce((sum, row) => sum + row[key], 0);
  const found = { rows, trainable: total("trainable"), frozen: total("frozen") };
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

/** Runs `body` while `see` is called with each output of one of the modules. */
function watching(
  modules: readonly Module[],
  see: (module: Module, y: unknown) => void,
  body: () => unknown,
): void {
  const [first, ...others] = modules;
  if (first === undefined) {
    body();
    return;
  }
  const rest = () => watching(others, see, body);
  if (!isLayer(first)) {
    rest();
    return;
  }
  const show = (y: unknown) => {
    see(first, y);
    return y;
  };
  intercept(first, show, rest);
}

function isLayer(module: Module): module is Module & Layer<never, unknown> {
  return "forward" in module && typeof module.forward === "function";
}

function shapesIn(y: unknown): readonly (readonly number[])[] {
  return leaves(y).map(({ shape }) => shape);
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

function tableOf({ rows, trainable, frozen }: Pick<Summary, "rows" | "trainable" | "frozen">): string {
  const head = ["path", "layer", "output shape", "parameters", "frozen"];
  const body = rows.map((row) => [
    row.path,
    row.layer,
    row.outputShapes.map((shape) => `[${shape.join(", ")}]`).join(" ") || "did not run",
    row.trainable + row.frozen === 0 ? "" : written(row.trainable + row.frozen),
    row.frozen === 0 ? "" : written(row.frozen),
  ]);
  const foot = ["total", "", "", written(trainable + frozen), frozen === 0 ? "" : written(frozen)];
  const columns = frozen === 0 ? 4 : 5;
  const lines = [head, ...body, foot].map((line) => line.slice(0, columns));
  const widths = head.map((_, i) => lines.reduce((width, line) => Math.max(width, line[i]?.length ?? 0), 0));
  const set = (line: readonly string[]) =>
    line.map((cell, i) => (i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
  const ruler = widths.slice(0, columns).map((width) => "─".repeat(width));
  const text = lines.map((line) => set(line).join("  ").trimEnd());
  text.splice(1, 0, ruler.join("──"));
  text.splice(-1, 0, ruler.join("──"));
  return text.join("\n");
}

/** `1,234,567` */
function written(count: number): string {
  return count.toLocaleString("en-US");
}
