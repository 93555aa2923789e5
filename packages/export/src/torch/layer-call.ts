import type { TracedCall } from "@pellucid/core-train";
import { multiheadCall, type MultiheadCallOptions } from "./multihead-call.ts";
import { channelsFirst, type PythonTensor, ordered, ours, plain } from "./python-tensor.ts";
import { identity } from "./python-tree.ts";
import { TorchExportError } from "./torch-export-error.ts";
import type { TorchLayer } from "./torch-layer.ts";
import { isRecurrent, valuesIn } from "./values-in.ts";

/** What a call of a layer is written with. */
export interface LayerCallOptions extends MultiheadCallOptions {
  readonly order: TorchLayer["order"];
  /** A value by its name. */
  readonly value: (name: string) => PythonTensor;
  /** Whether something still reads a value. */
  readonly isUsed: (name: string) => boolean;
}

/** The call of a layer of `torch.nn`. */
export function layerCall(
  call: TracedCall,
  accessor: string,
  inputs: readonly PythonTensor[],
  options: LayerCallOptions,
): string {
  const [x] = inputs as [PythonTensor];
  if (isRecurrent(call)) return `${accessor}(${recurrentInput(call, x, options)})[0]`;
  if (call.module.constructor.name === "MultiheadAttention")
    return multiheadCall(call, accessor, inputs, options);
  return `${accessor}(${ordering(x, options.order)})`;
}

/** The sequence; the states are those that PyTorch begins with, and nobody reads the last ones. */
function recurrentInput(
  call: TracedCall,
  x: PythonTensor,
  { order, value, isUsed }: LayerCallOptions,
): string {
  const states = call.inputs.slice(1).flatMap(valuesIn);
  if (states.some((name) => value(name).number !== 0))
    throw refused(call, "it begins with a state that is not 0");
  if (valuesIn(call.output).slice(1).some(isUsed)) throw refused(call, "its state is used");
  return ordering(x, order);
}

function refused({ type, path }: TracedCall, why: string): TorchExportError {
  return new TorchExportError(`toTorch: ${type} at ${path}: ${why}, which is not written.`);
}

/** The axes that the output of a layer has in Python, and those of its input. */
export function layerAxes(
  { module }: TracedCall,
  layer: TorchLayer,
  x: PythonTensor,
  rank: number,
): Pick<PythonTensor, "axes" | "lead"> & Pick<TorchLayer, "order"> {
  const isFlatten = module.constructor.name === "Flatten";
  const order = isFlatten && x.axes.length < 4 ? "ours" : layer.order;
  const isFirst = order === "first" && !isFlatten;
  const axes = order === "any" ? x.axes : isFirst ? channelsFirst(rank) : identity(rank);
  return { order, axes, lead: order === "any" ? x.lead : null };
}

/** The code of a tensor with its channels first, with its axes as they are with us, or as it is. */
export function ordering(x: PythonTensor, order: TorchLayer["order"]): string {
  if (order === "any") return x.code;
  return order === "first" ? ordered(plain(x), channelsFirst(x.axes.length)) : ours(x);
}

/** The tensor with its axes in another order. */
export function reordered(x: PythonTensor, order: "first" | "ours"): PythonTensor {
  const axes = order === "first" ? channelsFirst(x.axes.length) : identity(x.axes.length);
  return { ...x, code: ordering(x, order), axes, lead: null };
}

/** Whether bringing a tensor into another order has moved its numbers. */
export function isMoved(x: PythonTensor, y: PythonTensor): boolean {
  return x.lead === null && y.code !== x.code;
}
