import type { TracedNode } from "@pellucid/core-train";
import type { Held } from "../held.ts";
import { type Attribute, float } from "../onnx-proto.ts";
import type { OnnxGraph } from "../onnx-graph.ts";
import { type Form, inputOf, isOnlyFirst, listOf, numberOf, outputOf } from "./form.ts";

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

/** An op of the same name and meaning, maybe with attributes. */
export function same(
  op: string,
  attributes: (node: TracedNode) => Record<string, Attribute> = () => ({}),
): Form {
  return (graph, node) =>
    elementwise(graph, node, listOf(node), (inputs, name) => graph.add(op, inputs, attributes(node), name));
}

/** An op of one input that is made of several. */
function unary(write: (graph: OnnxGraph, x: string, name: string, node: TracedNode) => string): Form {
  return (graph, node) =>
    elementwise(graph, node, [inputOf(node, "x")], ([x = ""], name) => write(graph, x, name, node));
}

/** An op of two inputs that is made of several. */
function binary(write: (graph: OnnxGraph, a: string, b: string, name: string) => string): Form {
  return (graph, node) =>
    elementwise(graph, node, listOf(node), ([a = "", b = ""], name) => write(graph, a, b, name));
}

const erfGelu = unary((graph, x, name) => {
  if (graph.opset >= 20) return graph.add("Gelu", [x], {}, name);
  const erf = graph.add("Erf", [graph.add("Mul", [x, graph.scalar(Math.SQRT1_2)])]);
  const share = graph.add("Mul", [graph.add("Add", [erf, graph.scalar(1)]), graph.scalar(0.5)]);
  return graph.add("Mul", [x, share], {}, name);
});

const tanhGelu = unary((graph, x, name) => {
  if (graph.opset >= 20) return graph.add("Gelu", [x], { approximate: "tanh" }, name);
  const cube = graph.add("Mul", [graph.add("Mul", [x, x]), x]);
  const inner = graph.add("Add", [x, graph.add("Mul", [cube, graph.scalar(0.044715)])]);
  const share = graph.add("Sigmoid", [graph.add("Mul", [inner, graph.scalar(2 * Math.sqrt(2 / Math.PI))])]);
  return graph.add("Mul", [x, share], {}, name);
});

const softplus = unary((graph, x, name, node) => {
  const [beta, threshold] = [numberOf(node, "beta"), numberOf(node, "threshold")];
  const z = beta === 1 ? x : graph.add("Mul", [x, graph.scalar(beta)]);
  const smooth = graph.add("Softplus", [z]);
  const y = beta === 1 ? smooth : graph.add("Div", [smooth, graph.scalar(beta)]);
  return graph.add("Where", [graph.add("Greater", [z, graph.scalar(threshold)]), x, y], {}, name);
});

const clip = (low: string, high: string): Form =>
  unary((graph, x, name, node) => {
    const bound = (value: number): string => (Math.abs(value) === Infinity ? "" : graph.scalar(value));
    return graph.add("Clip", [x, bound(numberOf(node, low)), bound(numberOf(node, high))], {}, name);
  });

const isDtype = (graph: OnnxGraph, value: string, dtype: string): boolean =>
  graph.about(value).dtype === dtype;

/** ONNX's `Div` of integers truncates; `//` rounds down. */
const floorDivide: Form = (graph, node) =>
  elementwise(graph, node, listOf(node), ([a = "", b = ""], name) => {
    const quotient = graph.add("Div", [a, b]);
    if (!isDtype(graph, inputOf(node, "a"), "int32"))
      return graph.add("Cast", [graph.add("Floor", [quotient])], { to: 6 }, name);
    const rest = graph.add("Mod", [a, b]);
    const exact = graph.add("Sub", [a, rest]);
    return graph.add("Div", [exact, b], {}, name);
  });

/** The remainder has the sign of the divisor, which ONNX's `Mod` gives for integers alone. */
const modulo: Form = (graph, node) =>
  elementwise(graph, node, listOf(node), ([a = "", b = ""], name) => {
    if (isDtype(graph, inputOf(node, "a"), "int32")) return graph.add("Mod", [a, b], {}, name);
    const whole = graph.add("Mul", [graph.add("Floor", [graph.add("Div", [a, b])]), b]);
    return graph.add("Sub", [a, whole], {}, name);
  });

/** A sum of parameters is kept apart for recurrent layers, and added up only where something else needs it. */
const add: Form = (graph, node) => {
  const [a, b] = listOf(node).map((value) => graph.held(value)) as [Held, Held];
  if (a.known === undefined || b.known === undefined || a.shape.join() !== b.shape.join()) {
    same("Add")(graph, node);
    return;
  }
  const make = (): string => graph.add("Add", [graph.last(a), graph.last(b)], {}, outputOf(node));
  graph.hold({ ...graph.about(outputOf(node)), terms: [a, b], make });
};

const square = unary((graph, x, name) => graph.add("Mul", [x, x], {}, name));
const expm1 = unary((graph, x, name) => graph.add("Sub", [graph.add("Exp", [x]), graph.scalar(1)], {}, name));
const log1p = unary((graph, x, name) => graph.add("Log", [graph.add("Add", [x, graph.scalar(1)])], {}, name));
const silu = unary((graph, x, name) => graph.add("Mul", [x, graph.add("Sigmoid", [x])], {}, name));
const relu6 = unary((graph, x, name) => graph.add("Clip", [x, graph.scalar(0), graph.scalar(6)], {}, name));
const alpha = (name: string) => (node: TracedNode) => ({ alpha: float(numberOf(node, name)) });
const codes: Readonly<Record<string, number>> = { float32: 1, int32: 6, bool: 9 };

/** The ops that work number by number. */
export const elementwiseForms: Readonly<Record<string, Form>> = {
  ...Object.fromEntries(
    [
      "Abs Acos Acosh Add Asin Asinh Atan Atanh Ceil Cos Cosh Erf Exp Floor Log Neg Pow Reciprocal Relu Round Sigmoid Sin Sinh Softplus",
      "Sqrt Sub Tan Tanh Equal Greater Less Sign IsInf",
    ]
      .join(" ")
      .split(" ")
      .map((op) => [op, same(op)]),
  ),
  ...Object.fromEntries(
    ["Relu", "Sigmoid", "Tanh", "Abs", "Sign", "Softsign", "Selu"].map((op) => [`Pellucid${op}`, same(op)]),
  ),
  Add: add,
  AddN: same("Sum"),
  Multiply: same("Mul"),
  RealDiv: same("Div"),
  Maximum: same("Max"),
  Minimum: same("Min"),
  GreaterEqual: same("GreaterOrEqual"),
  LessEqual: same("LessOrEqual"),
  LogicalAnd: same("And"),
  LogicalOr: same("Or"),
  LogicalXor: same("Xor"),
  LogicalNot: same("Not"),
  IsNan: same("IsNaN"),
  Select: same("Where"),
  Cast: same("Cast", ({ attributes }) => ({ to: codes[attributes["dtype"] as string] ?? 1 })),
  NotEqual: binary((graph, a, b, name) => graph.add("Not", [graph.add("Equal", [a, b])], {}, name)),
  SquaredDifference: binary((graph, a, b, name) => {
    const difference = graph.add("Sub", [a, b]);
    return graph.add("Mul", [difference, difference], {}, name);
  }),
  FloorDiv: floorDivide,
  Mod: modulo,
  IsFinite: unary((graph, x, name) =>
    graph.add("Not", [graph.add("Or", [graph.add("IsInf", [x]), graph.add("IsNaN", [x])])], {}, name),
  ),
  Rsqrt: unary((graph, x, name) => graph.add("Reciprocal", [graph.add("Sqrt", [x])], {}, name)),
  Square: square,
  Expm1: expm1,
  Log1p: log1p,
  PellucidExpm1: expm1,
  PellucidLog1p: log1p,
  Step: unary((graph, x, name, node) => {
    const above = graph.add("Cast", [graph.add("Greater", [x, graph.scalar(0)])], { to: 1 });
    const below = numberOf(node, "alpha");
    if (below === 0) return graph.add("Identity", [above], {}, name);
    return graph.add("Max", [above, graph.scalar(below)], {}, name);
  }),
  Elu: same("Elu", () => ({ alpha: float(1) })),
  Selu: same("Selu"),
  LeakyRelu: same("LeakyRelu", alpha("alpha")),
  Prelu: same("PRelu"),
  Relu6: relu6,
  ClipByValue: clip("clipValueMin", "clipValueMax"),
  PellucidClamp: clip("min", "max"),
  PellucidHardtanh: clip("minVal", "maxVal"),
  PellucidElu: same("Elu", alpha("alpha")),
  PellucidCelu: same("Celu", alpha("alpha")),
  PellucidLeakyRelu: same("LeakyRelu", alpha("negativeSlope")),
  PellucidPrelu: same("PRelu"),
  PellucidHardsigmoid: same("HardSigmoid", () => ({ alpha: float(1 / 6), beta: float(0.5) })),
  PellucidHardswish: same("HardSwish"),
  PellucidHardshrink: same("Shrink", (node) => ({ lambd: float(numberOf(node, "lambd")), bias: float(0) })),
  PellucidSoftshrink: same("Shrink", (node) => {
    const lambd = float(numberOf(node, "lambd"));
    return { lambd, bias: lambd };
  }),
  PellucidTanhshrink: unary((graph, x, name) => graph.add("Sub", [x, graph.add("Tanh", [x])], {}, name)),
  PellucidThreshold: unary((graph, x, name, node) => {
    const above = graph.add("Greater", [x, graph.scalar(numberOf(node, "at"))]);
    return graph.add("Where", [above, x, graph.scalar(numberOf(node, "value"))], {}, name);
  }),
  PellucidLogSigmoid: unary((graph, x, name) =>
    graph.add("Neg", [graph.add("Softplus", [graph.add("Neg", [x])])], {}, name),
  ),
  PellucidMish: unary((graph, x, name) =>
    graph.opset >= 18
      ? graph.add("Mish", [x], {}, name)
      : graph.add("Mul", [x, graph.add("Tanh", [graph.add("Softplus", [x])])], {}, name),
  ),
  PellucidSilu: silu,
  PellucidSoftplus: softplus,
  PellucidGelu: erfGelu,
  PellucidGeluTanh: tanhGelu,
};
