import type { TracedNode } from "@pellucid/core-train";
import type { Held } from "../held.ts";
import type { OnnxGraph } from "../onnx-graph.ts";
import { isOnlyFirst, outputOf } from "./form.ts";

/** Writes an op that works number by number in the layout that its inputs have. */
export function elementwise(
  graph: OnnxGraph,
  node: TracedNode,
  values: readonly string[],
  write: (inputs: readonly string[], name: string) => string,
): void {
  const out = outputOf(node);
  const { shape } = graph.about(out);
  const rank = shape.length;
  const held = values.map((value) => graph.held(value));
  const isFull = (one: Held): boolean => one.fill === undefined && one.shape.join() === shape.join();
  const anyFull = held.some(isFull);
  const asFirst = rank > 2 && held.some((one) => one.shape.length === rank && isOnlyFirst(one));
  const inputs = held.map((one, i) => {
    if (one.fill !== undefined && anyFull && one.dtype !== "bool") return graph.scalar(one.fill, one.dtype);
    return asFirst ? graph.firstLike(values[i] as string, rank) : graph.last(one);
  });
  const [only] = held;
  if (values.length === 1 && only?.flatOf !== undefined && only.last === undefined) {
    const whole = only.flatOf;
    const useFirst = isOnlyFirst(whole);
    const made = write([useFirst ? graph.first(whole) : graph.last(whole)], out);
    graph.hold({ ...graph.about(out), flatOf: formOf(out, whole, useFirst, made) });
    return;
  }
  const made = write(inputs, out);
  if (asFirst) graph.setFirst(out, made);
  else graph.setLast(out, made);
}

/** A value like another, in the form that was written. */
export function formOf(name: string, { dtype, shape }: Held, isFirst: boolean, form: string): Held {
  return isFirst ? { name, dtype, shape, first: form } : { name, dtype, shape, last: form };
}
