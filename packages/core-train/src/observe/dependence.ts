import { engine, type Tensor } from "@tensorflow/tfjs-core";
import { checkArguments } from "../check-arguments.ts";

/** How an output was computed from an input. */
export interface Dependence {
  /** The ops between them, each with the names of those of its inputs that depend on the input. */
  readonly ops: readonly { readonly name: string; readonly inputs: readonly string[] }[];
  /** Whether a tensor depends on the input. */
  readonly has: (tensor: Tensor) => boolean;
}

/** How `y` was computed from `x`, a tensor or several. To be called where the gradient of `y` is recorded, after it was computed. */
export function dependence(x: Tensor | readonly Tensor[], y: Tensor): Dependence {
  checkArguments("dependence", { "tensor[]": { x: [x].flat() }, tensor: { y } });
  const tape = engine().state.activeTape ?? [];
  const dependent = new Set<object>([x].flat().map(({ dataId }) => dataId));
  const has = ({ dataId }: Tensor): boolean => dependent.has(dataId);
  for (const { inputs, outputs } of tape)
    if (Object.values(inputs).some(has)) for (const { dataId } of outputs) dependent.add(dataId);
  const needed = new Set<number>([y.id]);
  const ops: { name: string; inputs: string[] }[] = [];
  for (const { kernelName, inputs, outputs } of tape.toReversed()) {
    if (!outputs.some(({ id }) => needed.has(id))) continue;
    const names = Object.keys(inputs).filter((name) => inputs[name] !== undefined && has(inputs[name]));
    for (const { id } of Object.values(inputs)) needed.add(id);
    const isSame = outputs.every(({ dataId }) =>
      Object.values(inputs).some((input) => input.dataId === dataId),
    );
    if (names.length > 0 && !isSame) ops.push({ name: kernelName, inputs: names });
  }
  return { ops, has };
}
