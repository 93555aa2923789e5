import type { FreeSize, TracedNode, TracedSize } from "@pellucid/core-train";
import { axisInFirst, channelsFirst, channelsLast, type Held } from "../held.ts";
import { tensorAttribute, tensorProto } from "../onnx-proto.ts";
import type { OnnxGraph } from "../onnx-graph.ts";
import {
  axesOf,
  type Form,
  inputOf,
  isOnlyFirst,
  listOf,
  numberOf,
  numbersOf,
  outputOf,
  pairsOf,
  refused,
  sizesOf,
} from "./form.ts";

const toTheEnd = Number.MAX_SAFE_INTEGER;

/** A reshape: nothing, if it undoes one; the flat view of a value, which most ops look through; otherwise ONNX's. */
const reshape: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "x"));
  const about = graph.about(out);
  const { shape } = about;
  const alias = [x, x.flatOf].find((one) => one !== undefined && one.shape.join() === shape.join());
  if (alias !== undefined) {
    graph.alias(out, alias);
    return;
  }
  if (x.fill !== undefined) {
    graph.hold({
      ...about,
      fill: x.fill,
      make: () => graph.filled(x.fill as number, sizesOf(node, "shape"), about.dtype),
    });
    return;
  }
  const source = x.flatOf ?? x;
  if (x.known === undefined && isFlat(source, shape)) {
    graph.hold({ ...about, flatOf: source });
    return;
  }
  const sizes = sizesOf(node, "shape");
  const pointwise = isOnlyFirst(source) && source.shape.slice(1, -1).every((size) => size === 1);
  const from = pointwise ? graph.first(source) : graph.last(x.flatOf === undefined ? x : source);
  const free = sizes.filter((size) => typeof size !== "number" || size < 0).length;
  const kept = sizes.map((size, axis) =>
    typeof size !== "number" && free > 1 && !pointwise && shape[axis] === source.shape[axis] ? 0 : size,
  );
  const open = kept.filter((size) => typeof size !== "number" || size < 0).length;
  const target = open > 1 ? kept : kept.map((size) => (typeof size === "number" ? size : -1));
  graph.setLast(out, graph.add("Reshape", [from, graph.shape(target)], {}, out));
};

/** Whether a shape is that of another, with all axes in one, all but the last, or the middle ones. */
function isFlat({ shape: from }: Held, shape: readonly (number | string)[]): boolean {
  if (from.length <= shape.length || shape.length === 0) return false;
  if (shape.length === 1) return true;
  const sameEnd = typeof shape.at(-1) === "number" && shape.at(-1) === from.at(-1);
  return sameEnd && (shape.length === 2 || (shape.length === 3 && shape[0] === from[0]));
}

const transpose: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "x"));
  const perm = numbersOf(node, "perm");
  const rank = perm.length;
  if (rank > 2 && perm.join() === channelsFirst(rank).join()) graph.setLast(out, graph.first(x));
  else if (rank > 2 && perm.join() === channelsLast(rank).join()) graph.setFirst(out, graph.last(x));
  else graph.setLast(out, graph.add("Transpose", [graph.last(x)], { perm }, out));
};

/** Writes an op that works along axes in the layout that its input has. */
export function alongAxes(
  graph: OnnxGraph,
  node: TracedNode,
  x: string,
  write: (x: string, axisOf: (axis: number) => number) => string,
): void {
  const held = graph.held(x);
  const rank = held.shape.length;
  const out = outputOf(node);
  if (rank > 2 && isOnlyFirst(held))
    graph.setFirst(
      out,
      write(graph.first(held), (axis) => axisInFirst(axis, rank)),
    );
  else
    graph.setLast(
      out,
      write(graph.last(held), (axis) => axis),
    );
}

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

const concat: Form = (graph, node) => {
  const out = outputOf(node);
  const parts = listOf(node);
  const rank = graph.about(out).shape.length;
  const [axis = 0] = axesOf(node, "axis", rank);
  const asFirst = rank > 2 && parts.some((part) => isOnlyFirst(graph.held(part)));
  const inputs = parts.map((part) => (asFirst ? graph.first(part) : graph.last(part)));
  const made = graph.add("Concat", inputs, { axis: asFirst ? axisInFirst(axis, rank) : axis }, out);
  if (asFirst) graph.setFirst(out, made);
  else graph.setLast(out, made);
};

const split: Form = (graph, node) => {
  const x = graph.held(inputOf(node, "x"));
  const rank = x.shape.length;
  const [axis = 0] = axesOf(node, "axis", rank);
  const asFirst = rank > 2 && isOnlyFirst(x);
  const sizes = node.outputs.map((_, i) => sizeOfPart(node, i, x.shape[axis] as number | string));
  const names = graph.several(
    "Split",
    [asFirst ? graph.first(x) : graph.last(x), graph.shape(sizes)],
    { axis: asFirst ? axisInFirst(axis, rank) : axis },
    node.outputs,
  );
  for (const [i, out] of node.outputs.entries()) {
    if (asFirst) graph.setFirst(out, names[i] as string);
    else graph.setLast(out, names[i] as string);
  }
};

function sizeOfPart(node: TracedNode, part: number, whole: number | string): TracedSize {
  const parts = node.attributes["numOrSizeSplits"];
  if (Array.isArray(parts)) return (parts as TracedSize[])[part] as TracedSize;
  if (typeof whole === "number") return whole / node.outputs.length;
  throw refused(node, "it splits an axis of free size");
}

/** Tensors side by side along a new axis. */
const pack: Form = (graph, node) => {
  const out = outputOf(node);
  const [axis = 0] = axesOf(node, "axis", graph.about(out).shape.length);
  const axes = graph.ints([axis]);
  const parts = listOf(node).map((part) => graph.add("Unsqueeze", [graph.last(part), axes]));
  graph.setLast(out, graph.add("Concat", parts, { axis }, out));
};

const unpack: Form = (graph, node) => {
  const x = inputOf(node, "value");
  const [axis = 0] = axesOf(node, "axis", graph.held(x).shape.length);
  for (const [i, out] of node.outputs.entries())
    graph.setLast(out, graph.add("Gather", [graph.last(x), graph.int64(i)], { axis }, out));
};

const expandDims: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "input"));
  const [axis = 0] = axesOf(node, "dim", graph.about(out).shape.length);
  graph.setLast(out, graph.add("Unsqueeze", [graph.last(x), graph.ints([axis])], {}, out));
};

const tile: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "x"));
  const reps = sizesOf(node, "reps");
  if (reps.every((times) => times === 1)) graph.alias(out, x);
  else graph.setLast(out, graph.add("Tile", [graph.last(x), graph.shape(reps)], {}, out));
};

const broadcastTo: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.last(inputOf(node, "x"));
  graph.setLast(out, graph.add("Expand", [x, graph.shape(sizesOf(node, "shape"))], {}, out));
};

/** All beginnings, then all ends. */
function padded(sidesName: string, valueName: string, modeOf: (node: TracedNode) => string): Form {
  return (graph, node) => {
    const sides = pairsOf(node, sidesName);
    const value = node.attributes[valueName];
    alongAxes(graph, node, inputOf(node, "x"), (x, axisOf) => {
      const by = new Map(sides.map((pair, axis) => [axisOf(axis), pair]));
      const pads = [0, 1].flatMap((end) => sides.map((_, axis) => by.get(axis)?.[end] ?? 0));
      const constant = typeof value === "number" && value !== 0 ? [graph.scalar(value)] : [];
      return graph.add("Pad", [x, graph.ints(pads), ...constant], { mode: modeOf(node) }, outputOf(node));
    });
  };
}

const padModes: Readonly<Record<string, string>> = {
  constant: "constant",
  reflect: "reflect",
  replicate: "edge",
};

const mirrorPad: Form = (graph, node) => {
  if (node.attributes["mode"] !== "reflect") throw refused(node, "the mode is symmetric");
  padded("paddings", "", () => "reflect")(graph, node);
};

const fill: Form = (graph, node) => {
  const about = graph.about(outputOf(node));
  const value = numberOf(node, "value");
  graph.hold({ ...about, fill: value, make: () => graph.filled(value, sizesOf(node, "shape"), about.dtype) });
};

function like(value: number): Form {
  return (graph, node) => {
    const about = graph.about(outputOf(node));
    const x = inputOf(node, "x");
    const make = (): string => {
      const one = about.dtype === "float32" ? Float32Array.of(value) : Int32Array.of(value);
      const bytes = about.dtype === "bool" ? Uint8Array.of(value) : new Uint8Array(one.buffer);
      const shape = graph.add("Shape", [graph.last(x)]);
      return graph.add("ConstantOfShape", [shape], {
        value: tensorAttribute(tensorProto("", about.dtype, [1], bytes)),
      });
    };
    graph.hold({ ...about, fill: value, make });
  };
}

const range: Form = (graph, node) => {
  const out = outputOf(node);
  const dtype = graph.about(out).dtype === "int32" ? "int32" : "float32";
  const bounds = (["start", "stop", "step"] as const).map((name) => {
    const value = node.attributes[name] as TracedSize;
    return typeof value === "number"
      ? graph.scalar(value, dtype)
      : graph.sizeScalar(value as FreeSize, dtype);
  });
  graph.setLast(out, graph.add("Range", bounds, {}, out));
};

/** The ops that move numbers and make new tensors. */
export const structureForms: Readonly<Record<string, Form>> = {
  Reshape: reshape,
  Transpose: transpose,
  Slice: slice,
  StridedSlice: stridedSlice,
  Reverse: reverse,
  Concat: concat,
  SplitV: split,
  Pack: pack,
  Unpack: unpack,
  ExpandDims: expandDims,
  Tile: tile,
  BroadcastTo: broadcastTo,
  PadV2: padded("paddings", "constantValue", () => "constant"),
  pad: padded("padding", "value", ({ attributes }) => padModes[attributes["mode"] as string] ?? "constant"),
  MirrorPad: mirrorPad,
  Fill: fill,
  ZerosLike: like(0),
  OnesLike: like(1),
  Range: range,
};
