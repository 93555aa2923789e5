import {
  atom,
  channelsFirst,
  type PythonTensor,
  pythonTensor,
  ordered,
  ours,
  sameAxes,
} from "./python-tensor.ts";
import type { OpSource, Write } from "./op-source.ts";
import { literal } from "./python.ts";
import { identity } from "./python-tree.ts";

/** A function of each element. */
export const unary =
  (write: (x: string) => string, isAtom = true): Write =>
  ({ inputs: [x] }) => ({
    ...(x as PythonTensor),
    code: write((x as PythonTensor).code),
    isAtom,
    number: null,
    sequence: null,
  });

/** A method or an operator that binds tightly to its tensor. */
export const method =
  (write: (x: string) => string, isAtom = true): Write =>
  ({ inputs: [x] }) => ({
    ...(x as PythonTensor),
    code: write(atom(x as PythonTensor)),
    isAtom,
    number: null,
    sequence: null,
  });

/** Two tensors of each element, brought into one order of axes. */
export const binary =
  (write: (a: string, b: string) => string, isAtom = false): Write =>
  (source) => {
    const [a, b] = source.inputs as [PythonTensor, PythonTensor];
    const rank = source.shape(source.node.outputs[0] as string).length;
    const [left, right, like] = aligned(source, a, b, rank);
    const wrap = (x: string, of: PythonTensor) => (isAtom || of.isAtom || x !== of.code ? x : `(${x})`);
    return pythonTensor(write(wrap(left, a), wrap(right, b)), rank, [a, b], {
      isAtom,
      axes: like.axes,
      lead: like.lead,
    });
  };

/** The codes of two tensors that broadcast, and the one whose axes the result has. */
function aligned(
  source: OpSource,
  a: PythonTensor,
  b: PythonTensor,
  rank: number,
): [string, string, PythonTensor] {
  const [shapeA, shapeB] = Object.values(source.node.inputs).map(source.shape) as [
    readonly unknown[],
    readonly unknown[],
  ];
  const isRows = (x: PythonTensor, y: PythonTensor, shape: readonly unknown[]) =>
    x.lead !== null &&
    (y.number !== null || shape.length === 1 || (y.lead !== null && String(x.lead) === String(y.lead)));
  if (isRows(a, b, shapeB)) return [a.code, b.code, a];
  if (isRows(b, a, shapeA)) return [a.code, b.code, b];
  if (a.number !== null && b.axes.length === rank) return [a.code, forced(b), b.lead === null ? b : plain(b)];
  if (b.number !== null && a.axes.length === rank) return [forced(a), b.code, a.lead === null ? a : plain(a)];
  if (a.axes.length === b.axes.length && a.lead === null && b.lead === null) {
    if (sameAxes(a.axes, b.axes)) return [a.code, b.code, a];
    const isBetter = (x: PythonTensor) => sameAxes(x.axes, rank > 3 ? channelsFirst(rank) : identity(rank));
    const like = isBetter(a) || !isBetter(b) ? a : b;
    return [ordered(a, like.axes), ordered(b, like.axes), like];
  }
  const [larger, smaller] = a.axes.length >= b.axes.length ? [a, b] : [b, a];
  const isImage = larger.lead === null && sameAxes(larger.axes, channelsFirst(rank)) && rank > 2;
  if (isImage && smaller.axes.length === 1) {
    const spread = `${atom(smaller)}[:${", None".repeat(rank - 2)}]`;
    return larger === a ? [a.code, spread, a] : [spread, b.code, b];
  }
  return [ours(a), ours(b), plain(larger.axes.length === rank ? larger : pythonTensor("", rank, []))];
}

function forced(x: PythonTensor): string {
  return x.lead === null ? x.code : ours(x);
}

function plain(x: PythonTensor): PythonTensor {
  return { ...x, axes: identity(x.axes.length), lead: null };
}

export const unaries: Readonly<Record<string, (x: string) => string>> = {
  Abs: (x) => `${x}.abs()`,
  Acos: (x) => `${x}.acos()`,
  Asin: (x) => `${x}.asin()`,
  Asinh: (x) => `${x}.asinh()`,
  Atan: (x) => `${x}.atan()`,
  Atanh: (x) => `${x}.atanh()`,
  Cosh: (x) => `${x}.cosh()`,
  IsFinite: (x) => `${x}.isfinite()`,
  IsNan: (x) => `${x}.isnan()`,
  PellucidSign: (x) => `${x}.sign()`,
  Sinh: (x) => `${x}.sinh()`,
  Ceil: (x) => `${x}.ceil()`,
  Cos: (x) => `${x}.cos()`,
  Erf: (x) => `${x}.erf()`,
  Exp: (x) => `${x}.exp()`,
  Expm1: (x) => `${x}.expm1()`,
  Floor: (x) => `${x}.floor()`,
  Log: (x) => `${x}.log()`,
  Log1p: (x) => `${x}.log1p()`,
  LogicalNot: (x) => `${x}.logical_not()`,
  PellucidAbs: (x) => `${x}.abs()`,
  PellucidExpm1: (x) => `${x}.expm1()`,
  PellucidLog1p: (x) => `${x}.log1p()`,
  PellucidSigmoid: (x) => `${x}.sigmoid()`,
  PellucidTanh: (x) => `${x}.tanh()`,
  Reciprocal: (x) => `${x}.reciprocal()`,
  Round: (x) => `${x}.round()`,
  Rsqrt: (x) => `${x}.rsqrt()`,
  Sigmoid: (x) => `${x}.sigmoid()`,
  Sign: (x) => `${x}.sign()`,
  Sin: (x) => `${x}.sin()`,
  Sqrt: (x) => `${x}.sqrt()`,
  Square: (x) => `${x}.square()`,
  Tan: (x) => `${x}.tan()`,
  Tanh: (x) => `${x}.tanh()`,
  ZerosLike: (x) => `torch.zeros_like(${x})`,
  OnesLike: (x) => `torch.ones_like(${x})`,
};

export const functions: Readonly<Record<string, (x: string) => string>> = {
  Relu: (x) => `F.relu(${x})`,
  Relu6: (x) => `F.relu6(${x})`,
  PellucidRelu: (x) => `F.relu(${x})`,
  PellucidRelu6: (x) => `F.relu6(${x})`,
  PellucidGelu: (x) => `F.gelu(${x})`,
  PellucidGeluTanh: (x) => `F.gelu(${x}, approximate="tanh")`,
  PellucidSilu: (x) => `F.silu(${x})`,
  PellucidMish: (x) => `F.mish(${x})`,
  PellucidLogSigmoid: (x) => `F.logsigmoid(${x})`,
  PellucidHardswish: (x) => `F.hardswish(${x})`,
  PellucidSelu: (x) => `F.selu(${x})`,
  PellucidSoftsign: (x) => `F.softsign(${x})`,
  PellucidTanhshrink: (x) => `F.tanhshrink(${x})`,
  Selu: (x) => `F.selu(${x})`,
  Softplus: (x) => `F.softplus(${x})`,
  PellucidHardsigmoid: (x) => `F.hardsigmoid(${x})`,
};

export const binaries: Readonly<Record<string, (a: string, b: string) => string>> = {
  Add: (a, b) => `${a} + ${b}`,
  Multiply: (a, b) => `${a} * ${b}`,
  Pow: (a, b) => `${a} ** ${b}`,
  RealDiv: (a, b) => `${a} / ${b}`,
  Sub: (a, b) => `${a} - ${b}`,
  Equal: (a, b) => `${a} == ${b}`,
  Greater: (a, b) => `${a} > ${b}`,
  GreaterEqual: (a, b) => `${a} >= ${b}`,
  Less: (a, b) => `${a} < ${b}`,
  LessEqual: (a, b) => `${a} <= ${b}`,
  NotEqual: (a, b) => `${a} != ${b}`,
  LogicalAnd: (a, b) => `${a} & ${b}`,
  LogicalOr: (a, b) => `${a} | ${b}`,
  LogicalXor: (a, b) => `${a} ^ ${b}`,
  FloorDiv: (a, b) => `${a} // ${b}`,
  Mod: (a, b) => `${a} % ${b}`,
};

/** A function of each element with numbers, which are left out where PyTorch has them as defaults. */
const withOptions =
  (
    write: (x: string, options: string) => string,
    rows: readonly (readonly [attribute: string, name: string, otherwise?: number])[],
  ): Write =>
  (source) => {
    const { attributes } = source.node;
    const options = rows
      .filter(([attribute, , otherwise]) => attributes[attribute] !== otherwise)
      .map(([attribute, name]) => `, ${name === "" ? "" : `${name}=`}${literal(attributes[attribute])}`);
    return unary((x) => write(x, options.join("")))(source);
  };

const bounds =
  (low: string, high: string): Write =>
  (source) => {
    const bound = (name: string) => {
      const value = Number(source.node.attributes[name]);
      return Number.isFinite(value) ? literal(value) : "None";
    };
    return unary((x) => `torch.clamp(${x}, ${bound(low)}, ${bound(high)})`)(source);
  };

/** The functions of each element that take numbers, or several tensors. */
export const configured: Readonly<Record<string, Write>> = {
  Elu: unary((x) => `F.elu(${x})`),
  LeakyRelu: withOptions((x, options) => `F.leaky_relu(${x}${options})`, [["alpha", ""]]),
  PellucidSoftplus: withOptions(
    (x, options) => `F.softplus(${x}${options})`,
    [
      ["beta", "beta", 1],
      ["threshold", "threshold", 20],
    ],
  ),
  PellucidLeakyRelu: withOptions((x, options) => `F.leaky_relu(${x}${options})`, [["negativeSlope", ""]]),
  PellucidElu: withOptions((x, options) => `F.elu(${x}${options})`, [["alpha", ""]]),
  PellucidCelu: withOptions((x, options) => `F.celu(${x}${options})`, [["alpha", ""]]),
  PellucidHardshrink: withOptions((x, options) => `F.hardshrink(${x}${options})`, [["lambd", ""]]),
  PellucidSoftshrink: withOptions((x, options) => `F.softshrink(${x}${options})`, [["lambd", ""]]),
  PellucidThreshold: withOptions(
    (x, options) => `F.threshold(${x}${options})`,
    [
      ["at", ""],
      ["value", ""],
    ],
  ),
  ClipByValue: bounds("clipValueMin", "clipValueMax"),
  PellucidClamp: bounds("min", "max"),
  PellucidHardtanh: bounds("minVal", "maxVal"),
  Step: (source) => {
    if (Number(source.node.attributes["alpha"] ?? 0) !== 0) throw source.error("it is not 0 below 0");
    return method((x) => `(${x} > 0).float()`)(source);
  },
  AddN: (source) => {
    const [first, ...others] = source.inputs as [PythonTensor, ...PythonTensor[]];
    const [name, ...names] = Object.values(source.node.inputs) as [string, ...string[]];
    return others.reduce<PythonTensor>((sum, x, i) => {
      const node = { ...source.node, inputs: { a: name, b: names[i] as string } };
      return binary((a, b) => `${a} + ${b}`)({ ...source, node, inputs: [sum, x] }) as PythonTensor;
    }, first);
  },
};

/** One tensor where a third is true, another elsewhere. */
export const select: Write = (source) => {
  const { input, node, shape } = source;
  const [condition, a, b] = [input("condition"), input("t"), input("e")];
  const rank = shape(node.outputs[0] as string).length;
  const code = (x: PythonTensor) => (x.number === null ? ours(x) : literal(x.number));
  return pythonTensor(`torch.where(${code(condition)}, ${code(a)}, ${code(b)})`, rank, [condition, a, b]);
};
