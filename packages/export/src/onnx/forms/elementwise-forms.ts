import type { TracedNode } from "@pellucid/core-train";
import type { Held } from "../held.ts";
import { type Attribute, float } from "../onnx-proto.ts";
import { elementwise } from "./elementwise.ts";
import { expression } from "./expression.ts";
import { type Form, inputOf, listOf, numberOf, outputOf } from "./form.ts";

/** An op of the same meaning, maybe with attributes. */
function same(op: string, attributes: (node: TracedNode) => Record<string, Attribute> = () => ({})): Form {
  return (graph, node) =>
    elementwise(graph, node, listOf(node), (inputs, name) => graph.add(op, inputs, attributes(node), name));
}

/** An op that ONNX has from an opset on, and before it an expression. */
function since(opset: number, newer: Form, older: string): Form {
  const composed = expression(older);
  return (graph, node) => (graph.opset < opset ? composed : newer)(graph, node);
}

/** One expression for integers, and one for other numbers. */
function byKind(integers: string, others: string): Form {
  const [ofIntegers, ofOthers] = [expression(integers), expression(others)];
  return (graph, node) =>
    (graph.about(inputOf(node, "a")).dtype === "int32" ? ofIntegers : ofOthers)(graph, node);
}

const softplus: Form = (graph, node) =>
  expression(
    numberOf(node, "beta") === 1
      ? "Where(Greater(x, $threshold), x, Softplus(x))"
      : "Where(Greater(Mul(x, $beta), $threshold), x, Div(Softplus(Mul(x, $beta)), $beta))",
  )(graph, node);

const clip = (low: string, high: string): Form => {
  return (graph, node) =>
    elementwise(graph, node, listOf(node), ([x = ""], name) => {
      const bounds = [low, high].map((bound) => {
        const value = numberOf(node, bound);
        return Math.abs(value) === Infinity ? "" : graph.scalar(value);
      });
      return graph.add("Clip", [x, ...bounds], {}, name);
    });
};

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

const squaredDifference: Form = (graph, node) =>
  elementwise(graph, node, listOf(node), (inputs, name) => {
    const difference = graph.add("Sub", inputs);
    return graph.add("Mul", [difference, difference], {}, name);
  });

const alpha = (name: string) => (node: TracedNode) => ({ alpha: float(numberOf(node, name)) });
const codes: Readonly<Record<string, number>> = { float32: 1, int32: 6, bool: 9 };

/** The ops that ONNX has, with its name where that is another. */
const equal =
  "Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Erf Exp Floor Log Neg Pow Reciprocal Relu Round Sigmoid Sin Sinh Softplus Sqrt Sub Tan Tanh Equal Greater Less Sign IsInf " +
  "PellucidRelu:Relu PellucidSigmoid:Sigmoid PellucidTanh:Tanh PellucidAbs:Abs PellucidSign:Sign PellucidSoftsign:Softsign PellucidSelu:Selu Selu AddN:Sum Multiply:Mul RealDiv:Div " +
  "Maximum:Max Minimum:Min GreaterEqual:GreaterOrEqual LessEqual:LessOrEqual LogicalAnd:And LogicalOr:Or LogicalXor:Xor LogicalNot:Not IsNan:IsNaN Select:Where Prelu:PRelu " +
  "PellucidPrelu:PRelu PellucidHardswish:HardSwish";

/** The ops that are expressions of ONNX's. */
const composed = {
  NotEqual: "Not(Equal(a, b))",
  IsFinite: "Not(Or(IsInf(x), IsNaN(x)))",
  Rsqrt: "Reciprocal(Sqrt(x))",
  Square: "Mul(x, x)",
  Expm1: "Sub(Exp(x), 1)",
  PellucidExpm1: "Sub(Exp(x), 1)",
  Log1p: "Log(Add(x, 1))",
  PellucidLog1p: "Log(Add(x, 1))",
  Step: "Max(Cast:1(Greater(x, 0)), $alpha)",
  Relu6: "Clip(x, 0, 6)",
  PellucidTanhshrink: "Sub(x, Tanh(x))",
  PellucidThreshold: "Where(Greater(x, $at), x, $value)",
  PellucidLogSigmoid: "Neg(Softplus(Neg(x)))",
  PellucidSilu: "Mul(x, Sigmoid(x))",
};

/** The ops that work number by number. */
export const elementwiseForms: Readonly<Record<string, Form>> = {
  ...Object.fromEntries(
    equal.split(" ").map((pair) => {
      const [op = "", name = op] = pair.split(":");
      return [op, same(name)];
    }),
  ),
  ...Object.fromEntries(Object.entries(composed).map(([op, text]) => [op, expression(text)])),
  Add: add,
  Cast: same("Cast", ({ attributes }) => ({ to: codes[attributes["dtype"] as string] ?? 1 })),
  SquaredDifference: squaredDifference,
  // ONNX's Div of integers truncates where // rounds down; its Mod has the sign of the divisor for integers alone
  FloorDiv: byKind("Div(Sub(a, Mod(a, b)), b)", "Cast:6(Floor(Div(a, b)))"),
  Mod: byKind("Mod(a, b)", "Sub(a, Mul(Floor(Div(a, b)), b))"),
  Elu: same("Elu", () => ({ alpha: float(1) })),
  LeakyRelu: same("LeakyRelu", alpha("alpha")),
  ClipByValue: clip("clipValueMin", "clipValueMax"),
  PellucidClamp: clip("min", "max"),
  PellucidHardtanh: clip("minVal", "maxVal"),
  PellucidElu: same("Elu", alpha("alpha")),
  PellucidCelu: same("Celu", alpha("alpha")),
  PellucidLeakyRelu: same("LeakyRelu", alpha("negativeSlope")),
  PellucidHardsigmoid: same("HardSigmoid", () => ({ alpha: float(1 / 6), beta: float(0.5) })),
  PellucidHardshrink: same("Shrink", (node) => ({ lambd: float(numberOf(node, "lambd")), bias: float(0) })),
  PellucidSoftshrink: same("Shrink", (node) => {
    const lambd = float(numberOf(node, "lambd"));
    return { lambd, bias: lambd };
  }),
  PellucidMish: since(18, same("Mish"), "Mul(x, Tanh(Softplus(x)))"),
  PellucidSoftplus: softplus,
  PellucidGelu: since(20, same("Gelu"), "Mul(x, Mul(Add(Erf(Mul(x, 0.7071067811865476)), 1), 0.5))"),
  PellucidGeluTanh: since(
    20,
    same("Gelu", () => ({ approximate: "tanh" })),
    "Mul(x, Sigmoid(Mul(Add(x, Mul(Mul(Mul(x, x), x), 0.044715)), 1.5957691216057308)))",
  ),
};
