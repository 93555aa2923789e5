import { atom, type PythonTensor, pythonTensor, plain } from "./python-tensor.ts";
import type { OpSource, Write } from "./op-source.ts";
import { literal } from "./python.ts";

/** The axis of an attribute, counted from 0, as Python counts it. */
export function axisIn({ node }: OpSource, x: PythonTensor, name = "axis"): number {
  const axis = Number(node.attributes[name] ?? -1);
  return x.axes[(axis + x.axes.length) % x.axes.length] ?? NaN;
}

/** Reduces some axes; those that are left keep the order that they have in Python. */
const reduce =
  (name: string, attribute = "axis"): Write =>
  ({ node, input }) => {
    const x = plain(input("x"));
    const { [attribute]: axis = null, keepDims = false } = node.attributes as {
      keepDims?: boolean;
    } & Record<string, number | readonly number[] | null>;
    const all = x.axes.map((_, i) => i);
    const axes = axis === null ? all : [axis].flat().map((a) => (a + x.axes.length) % x.axes.length);
    const dims = axes.map((a) => x.axes[a] ?? NaN).toSorted((a, b) => a - b);
    const left = x.axes.filter((_, i) => keepDims || !axes.includes(i));
    const order = left.toSorted((a, b) => a - b);
    const dim = dims.length === 1 ? String(dims[0]) : literal(dims);
    return pythonTensor(`${atom(x)}.${name}(${dim}${keepDims ? ", keepdim=True" : ""})`, left.length, [x], {
      axes: keepDims ? x.axes : left.map((a) => order.indexOf(a)),
    });
  };

const alongLast =
  (name: string): Write =>
  (source) => {
    const x = source.inputs[0] as PythonTensor;
    const attribute = "dim" in source.node.attributes ? "dim" : "axis";
    const dim = x.lead === null ? axisIn(source, x, attribute) : -1;
    return { ...x, code: `F.${name}(${x.code}, dim=${dim})`, isAtom: true };
  };

const cumsum: Write = (source) => {
  const x = plain(source.input("x"));
  const { exclusive, reverse } = source.node.attributes;
  const dim = axisIn(source, x);
  const sum = (code: string) => `${code}.cumsum(${dim})`;
  const total = reverse === true ? `${sum(`${atom(x)}.flip(${dim})`)}.flip(${dim})` : sum(atom(x));
  return exclusive === true
    ? { ...x, code: `${total} - ${atom(x)}`, isAtom: false }
    : { ...x, code: total, isAtom: true };
};

const argument =
  (name: string): Write =>
  (source) => {
    const x = plain(source.input("x"));
    const axis = (Number(source.node.attributes["axis"]) + x.axes.length) % x.axes.length;
    const left = x.axes.filter((_, i) => i !== axis);
    const order = left.toSorted((a, b) => a - b);
    return pythonTensor(`${atom(x)}.${name}(${x.axes[axis]})`, left.length, [x], {
      axes: left.map((a) => order.indexOf(a)),
    });
  };

const topk: Write = ({ input, node }) => {
  const x = plain(input("x"));
  const dim = x.axes.at(-1);
  const code = `${atom(x)}.topk(${literal(node.attributes["k"])}${dim === x.axes.length - 1 ? "" : `, dim=${dim}`})`;
  return node.outputs.map(() => pythonTensor(code, x.axes.length, [x], { axes: x.axes }));
};

/** The ops that reduce axes, or work along one. */
export const reductionOps: Readonly<Record<string, Write>> = {
  Sum: reduce("sum"),
  Mean: reduce("mean"),
  Max: reduce("amax", "reductionIndices"),
  Min: reduce("amin"),
  Prod: reduce("prod"),
  All: reduce("all"),
  Any: reduce("any"),
  PellucidAmax: reduce("amax", "axes"),
  PellucidAmin: reduce("amin", "axes"),
  PellucidLogSumExp: reduce("logsumexp", "axes"),
  Softmax: alongLast("softmax"),
  LogSoftmax: alongLast("log_softmax"),
  PellucidSoftmax: alongLast("softmax"),
  PellucidLogSoftmax: alongLast("log_softmax"),
  Cumsum: cumsum,
  ArgMax: argument("argmax"),
  ArgMin: argument("argmin"),
  TopK: topk,
};
