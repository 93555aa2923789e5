import type { TracedNode, TracedSize } from "@pellucid/core-train";
import type { Held } from "../held.ts";
import { type Attribute, float } from "../onnx-proto.ts";
import type { OnnxGraph } from "../onnx-graph.ts";
import { type Form, inputOf, numberOf, numbersOf, outputOf, pairsOf, refused, sizesOf } from "./form.ts";

/** All beginnings, then all ends. */
function padsOf(sides: readonly (readonly number[])[]): readonly number[] {
  return [0, 1].flatMap((end) => sides.map((pair) => pair[end] ?? NaN));
}

/** The filter in ONNX's layout. */
function filterOf(graph: OnnxGraph, filter: Held): string {
  const perm = [3, 2, 0, 1];
  const { known } = filter;
  return known === undefined
    ? graph.add("Transpose", [graph.last(filter)], { perm })
    : graph.turned({ ...filter, known }, perm);
}

function windowOf(node: TracedNode): Record<string, Attribute> {
  return {
    strides: numbersOf(node, "strides"),
    pads: padsOf(pairsOf(node, "padding")),
    dilations: numbersOf(node, "dilations"),
    group: numberOf(node, "groups"),
  };
}

const convolution: Form = (graph, node) => {
  const filter = graph.held(inputOf(node, "filter"));
  const bias = node.inputs["bias"];
  const inputs = [graph.first(inputOf(node, "x")), filterOf(graph, filter)];
  if (bias !== undefined) inputs.push(graph.last(bias));
  const kernel_shape = filter.shape.slice(0, 2) as number[];
  const out = outputOf(node);
  graph.setFirst(out, graph.add("Conv", inputs, { kernel_shape, ...windowOf(node) }, out));
};

/** The gradient of a convolution at its input, which is transposed convolution. */
const transposed: Form = (graph, node) => {
  const filter = graph.held(inputOf(node, "filter"));
  const window = windowOf(node);
  const inputs = [graph.first(inputOf(node, "dy")), filterOf(graph, filter)];
  const kernel_shape = filter.shape.slice(0, 2) as number[];
  const out = outputOf(node);
  graph.setFirst(out, graph.add("ConvTranspose", inputs, { kernel_shape, ...window }, out));
};

const maxPool: Form = (graph, node) => {
  const out = outputOf(node);
  const window = {
    kernel_shape: numbersOf(node, "kernel"),
    strides: numbersOf(node, "stride"),
    pads: [...numbersOf(node, "padding"), ...numbersOf(node, "end")],
    dilations: numbersOf(node, "dilation"),
  };
  graph.setFirst(out, graph.add("MaxPool", [graph.first(inputOf(node, "x"))], window, out));
};

/**
 * Average pooling. ONNX's runtimes disagree about which elements a window counts at the end, so the padding is written, and the
 * mean of the padded input is divided by the mean of what counts.
 */
const averagePool: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.first(inputOf(node, "x"));
  const [kernel_shape, strides] = [numbersOf(node, "kernel"), numbersOf(node, "stride")];
  const [padding, end] = [numbersOf(node, "padding"), numbersOf(node, "end")];
  const counted = node.attributes["countIncludePad"] === true;
  const divisor = node.attributes["divisorOverride"];
  const window = { kernel_shape, strides };
  const padded = (input: string, from: readonly number[], to: readonly number[]): string => {
    const pads = [0, 0, ...from, 0, 0, ...to];
    return pads.some((n) => n > 0)
      ? graph.add("Pad", [input, graph.ints(pads)], { mode: "constant" })
      : input;
  };
  const sum = graph.add("AveragePool", [padded(x, padding, end)], window);
  if (typeof divisor === "number") {
    const area = kernel_shape.reduce((product, size) => product * size, 1);
    graph.setFirst(out, graph.add("Mul", [sum, graph.scalar(area / divisor)], {}, out));
    return;
  }
  const beyond = end.map((n, axis) => (counted ? Math.max(0, n - (padding[axis] ?? NaN)) : n));
  if (counted && beyond.every((n) => n === 0)) {
    graph.setFirst(out, sum);
    return;
  }
  const shape = graph.add("Shape", [x]);
  const one = graph.add("Expand", [graph.scalar(1), shape]);
  const inside = counted ? onesAround(graph, one, padding, end) : one;
  const ones = padded(inside, counted ? padding.map(() => 0) : padding, beyond);
  graph.setFirst(out, graph.add("Div", [sum, graph.add("AveragePool", [ones], window)], {}, out));
};

function onesAround(
  graph: OnnxGraph,
  one: string,
  padding: readonly number[],
  after: readonly number[],
): string {
  const ends = after.map((n, axis) => Math.min(n, padding[axis] ?? NaN));
  const pads = graph.ints([0, 0, ...padding, 0, 0, ...ends]);
  return graph.add("Pad", [one, pads, graph.scalar(1)], { mode: "constant" });
}

const modes: Readonly<Record<string, Record<string, Attribute>>> = {
  nearest: { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" },
  "nearest-exact": {
    mode: "nearest",
    coordinate_transformation_mode: "half_pixel",
    nearest_mode: "round_prefer_ceil",
  },
  linear: { mode: "linear" },
  cubic: { mode: "cubic", cubic_coeff_a: float(-0.75) },
};

/** PyTorch's coordinates: half pixels also for one output, where its own exporter writes another mode. */
const resize: Form = (graph, node) => {
  const { mode, alignCorners, factors } = node.attributes;
  const kind = typeof mode === "string" ? mode.replace(/^(bi|tri)(?=linear|cubic)/, "") : "";
  const attributes = modes[kind];
  if (attributes === undefined) throw refused(node, `the mode is ${kind}`);
  const coordinates =
    kind === "linear" || kind === "cubic"
      ? { coordinate_transformation_mode: alignCorners === true ? "align_corners" : "half_pixel" }
      : {};
  const value = inputOf(node, "x");
  const x = graph.first(value);
  const out = outputOf(node);
  const last = graph.held(value).shape.length - 1;
  const inputs = Array.isArray(factors)
    ? [x, "", graph.floats([1, 1, ...(factors as number[])])]
    : [x, "", "", graph.shape([free(value, 0), free(value, last), ...sizesOf(node, "sizes")])];
  graph.setFirst(out, graph.add("Resize", inputs, { ...attributes, ...coordinates }, out));
};

const free = (value: string, axis: number): TracedSize => ({
  of: [{ value, axis }],
  times: 1,
  add: 0,
  over: 1,
});

/** The ops over windows of images. */
export const convolutionForms: Readonly<Record<string, Form>> = {
  PellucidConv2d: convolution,
  PellucidConv2dWithBias: convolution,
  PellucidConv2dInput: transposed,
  maxPool2d: maxPool,
  avgPool2d: averagePool,
  interpolate: resize,
};
