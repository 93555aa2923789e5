import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { loadWeights, Module, Rng, withoutInit } from "@pellucid/core-train";
import { backend, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { ExportError } from "../export-error.ts";
import { type OnnxOptions, toOnnx } from "../onnx/to-onnx.ts";

/** How the command is called. */
export const usage = `npx @pellucid/export onnx MODEL [--weights FILE] [--input SHAPE]... [--output FILE] [--opset 17] [--layout channels-first] [--integers int64]
    (pellucid-export, where it is installed)
    MODEL       a module whose default export is a model, or a function that makes one from a random generator; TypeScript from Node 22.18 on
    --weights   the model's weights, a safetensors file
    --input     the shape of an input, such as 1,28,28,1, or 1,16:int32 for tokens; without it MODEL exports inputs, the arguments of forward
    --output    where the file goes; default: model.onnx`;

/**
 * The command `onnx`: reads a model from a module and writes it as an ONNX file.
 *
 * @returns what to report
 */
export async function exportOnnx(args: readonly string[]): Promise<string> {
  const { values, positionals } = readArguments(args);
  const [path, ...extra] = positionals;
  if (path === undefined || extra.length > 0)
    throw new ExportError(`Pass one module with a model.\n\n${usage}`);
  await chooseBackend();
  const found = await moduleAt(path);
  const weights =
    values.weights === undefined ? null : await readFile(values.weights).catch(because("--weights"));
  const make = () => modelOf(path, found.default);
  const model = weights === null ? make() : withoutInit(make);
  if (weights !== null) loadWeights(model, new Uint8Array(weights));
  const inputs = values.input?.map(inputOf) ?? found.inputs;
  if (!Array.isArray(inputs))
    throw new ExportError(`${path} exports no list of inputs. Pass the shape of each: --input 1,28,28,1.`);
  const options = {
    ...(values.opset === undefined ? {} : { opset: Number(values.opset) }),
    ...(values.layout === undefined ? {} : { layout: values.layout }),
    ...(values.integers === undefined ? {} : { integers: values.integers }),
  } as OnnxOptions;
  const bytes = await toOnnx(model, inputs, options);
  const output = values.output ?? "model.onnx";
  await writeFile(output, bytes).catch(because("--output"));
  return `${output}: ${model.constructor.name}, ${(bytes.length / 1e6).toFixed(2)} MB`;
}

/** Names the option whose file cannot be read or written. */
const because = (option: string) => (cause: Error) => {
  throw new ExportError(`${option}: ${cause.message}`, { cause });
};

/** What a module exports; Node from 22.18 on reads TypeScript. */
async function moduleAt(path: string): Promise<{ readonly default?: unknown; readonly inputs?: unknown }> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as object;
  } catch (error) {
    if (!(error instanceof Error) || !/Unknown file extension ".[cm]?ts"/.test(error.message)) throw error;
    throw new ExportError(
      `${path} is TypeScript, which this Node, ${process.version}, does not read. Use Node 22.18 or later, or pass a file of JavaScript.`,
      { cause: error },
    );
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        weights: { type: "string" },
        input: { type: "string", multiple: true },
        output: { type: "string" },
        opset: { type: "string" },
        layout: { type: "string" },
        integers: { type: "string" },
      },
    });
  } catch (error) {
    throw new ExportError(`${(error as Error).message}\n\n${usage}`, { cause: error });
  }
}

type AnyModel = Module & { forward(...inputs: unknown[]): unknown };

function modelOf(path: string, exported: unknown): AnyModel {
  const made = typeof exported === "function" ? callOrConstruct(exported) : exported;
  if (made instanceof Module && "forward" in made) return made as AnyModel;
  throw new ExportError(
    `The default export of ${path} is not a model. Export one, or a function that makes one: export default (rng) => new DigitsCnn({ rng }).`,
  );
}

function callOrConstruct(make: object): unknown {
  const rng = new Rng(0);
  const isClass = make instanceof Function && make.prototype instanceof Module;
  return isClass ? Reflect.construct(make, [{ rng }]) : (make as (rng: Rng) => unknown)(rng);
}

/** `1,28,28,1` or `1,16:int32` */
function inputOf(text: string): Tensor {
  const match = /^(\d+(?:,\d+)*)(?::(float32|int32|bool))?$/.exec(text);
  if (match === null)
    throw new ExportError(`--input is ${text}, expected a shape such as 1,28,28,1 or 1,16:int32.`);
  const [, shape = "", dtype = "float32"] = match;
  return zeros(shape.split(",").map(Number) as [number], dtype as "float32");
}

/** The best backend that is installed, unless the process has one. */
async function chooseBackend(): Promise<void> {
  try {
    backend();
  } catch {
    try {
      const { useBackend } = await import("@pellucid/backends");
      await useBackend();
    } catch (error) {
      throw new ExportError("No backend of tfjs is there. Install one: npm install @pellucid/backends", {
        cause: error,
      });
    }
  }
}
