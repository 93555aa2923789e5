import type { TracedSize } from "@pellucid/core-train";
import type { OnnxGraph } from "../onnx-graph.ts";
import { alongAxes } from "./along-axes.ts";
import { axesOf, type Form, inputOf, numbersOf, outputOf, refused, sizesOf } from "./form.ts";

const toTheEnd = Number.MAX_SAFE_INTEGER;

const slice: Form = (graph, node) => {
  const x = inputOf(node, "x");
  const [begin, size] = [sizesOf(node, "begin"), sizesOf(node, "size")];
  const { shape, fill, dtype } = graph.held(x);
  const about = graph.about(outputOf(node));
  if (fill !== undefined) {
    graph.hold({ ...about, fill, make: () => graph.filled(fill, size, dtype) });
    return;
  }
  const cut = shape.flatMap((_, axis) => (shape[axis] === about.shape[axis] ? [] : [axis]));
  const ends = cut.map((axis) => endOf(graph, x, axis, begin[axis] as TracedSize, size[axis] as TracedSize));
  alongAxes(graph, node, x, (input, axisOf) => {
    if (cut.length === 0) return input;
    const starts = graph.shape(cut.map((axis) => begin[axis] as TracedSize));
    const end = ends.every((one) => typeof one === "number")
      ? graph.ints(ends)
      : graph.add(
          "Concat",
          ends.map((one) => (typeof one === "number" ? graph.ints([one]) : one)),
          { axis: 0 },
        );
    return graph.add("Slice", [input, starts, end, graph.ints(cut.map(axisOf))], {}, about.name);
  });
};

/** Where a slice ends: a number, or the name of one. */
function endOf(
  graph: OnnxGraph,
  x: string,
  axis: number,
  begin: TracedSize,
  size: TracedSize,
): number | string {
  if (typeof begin === "number" && typeof size === "number") return begin + size;
  const whole = graph.baseSize(x, axis);
  if (
    graph.base(begin) + graph.base(size) === whole &&
    typeof begin === "number" &&
    isWhole(graph, x, axis, begin, size)
  )
    return toTheEnd;
  return graph.add("Add", [graph.size(begin), graph.size(size)]);
}

/** Whether `begin + size` is the size of the axis, by their formulas. */
function isWhole(graph: OnnxGraph, x: string, axis: number, begin: number, size: TracedSize): boolean {
  if (typeof size === "number") return false;
  const { of, times, add, over } = size;
  const [one] = of;
  if (one === undefined || of.length > 1 || times !== 1 || over !== 1 || add !== -begin) return false;
  return graph.held(one.value).shape[one.axis] === graph.held(x).shape[axis];
}

const stridedSlice: Form = (graph, node) => {
  const x = inputOf(node, "x");
  for (const mask of ["ellipsisMask", "newAxisMask", "shrinkAxisMask"])
    if ((node.attributes[mask] ?? 0) !== 0) throw refused(node, `it has a ${mask}`);
  const [begin, end, steps] = [sizesOf(node, "begin"), sizesOf(node, "end"), numbersOf(node, "strides")];
  const masked = (name: string, axis: number): boolean =>
    (((node.attributes[name] ?? 0) as number) & (1 << axis)) !== 0;
  const axes = steps.map((_, axis) => axis);
  const starts = axes.map((axis) => {
    const step = steps[axis] ?? NaN;
    return masked("beginMask", axis) ? (step < 0 ? toTheEnd : 0) : (begin[axis] as TracedSize);
  });
  const ends = axes.map((axis) => {
    const step = steps[axis] ?? NaN;
    return masked("endMask", axis) ? (step < 0 ? -toTheEnd : toTheEnd) : (end[axis] as TracedSize);
  });
  alongAxes(graph, node, x, (input, axisOf) =>
    graph.add(
      "Slice",
      [input, graph.shape(starts), graph.shape(ends), graph.ints(axes.map(axisOf)), graph.ints(steps)],
      {},
      outputOf(node),
    ),
  );
};

const reverse: Form = (graph, node) => {
  const x = inputOf(node, "x");
  const axes = axesOf(node, "dims", graph.held(x).shape.length);
  const all = (value: number) => graph.ints(axes.map(() => value));
  alongAxes(graph, node, x, (input, axisOf) =>
    graph.add(
      "Slice",
      [input, all(-1), all(-toTheEnd), graph.ints(axes.map(axisOf)), all(-1)],
      {},
      outputOf(node),
    ),
  );
};

/** The ops that cut out. */
export const slicingForms: Readonly<Record<string, Form>> = {
  Slice: slice,
  StridedSlice: stridedSlice,
  Reverse: reverse,
};
