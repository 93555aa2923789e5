import type { TracedNode, TracedSize } from "@pellucid/core-train";
import { atom, channelsFirst, type Held, held, isFree, ordered, ours, sameAxes } from "./held.ts";
import { literal, oneOrTuple } from "./python.ts";
import { identity } from "./python-tree.ts";

/** What an op is written with. */
export interface OpSource {
  readonly node: TracedNode;
  /** An input by its name. */
  readonly input: (name: string) => Held;
  /** All inputs in order. */
  readonly inputs: readonly Held[];
  /** The shape of an input or of an output, with names of free sizes. */
  readonly shape: (value: string) => readonly (number | string)[];
  /** The code of a size. */
  readonly size: (size: TracedSize) => string;
  /** Asks for a function at the top of the file. */
  readonly support: (name: string) => string;
  /** An error about this op. */
  readonly error: (why: string) => Error;
}

type Write = (source: OpSource) => Held | readonly Held[];

/** A function of each element. */
const unary =
  (write: (x: string) => string, isAtom = true): Write =>
  ({ inputs: [x] }) => {
    const of = x as Held;
    const inner = write.length === 1 ? write(of.code) : "";
    return { ...of, code: inner, isAtom, number: null, sequence: null };
  };

/** A method or an operator that binds tightly to its tensor. */
const method =
  (write: (x: string) => string, isAtom = true): Write =>
  ({ inputs: [x] }) => ({
    ...(x as Held),
    code: write(atom(x as Held)),
    isAtom,
    number: null,
    sequence: null,
  });

/** Two tensors of each element, brought into one order of axes. */
const binary =
  (write: (a: string, b: string) => string, isAtom = false): Write =>
  (source) => {
    const [a, b] = source.inputs as [Held, Held];
    const rank = source.shape(source.node.outputs[0] as string).length;
    const [left, right, like] = aligned(source, a, b, rank);
    const wrap = (x: string, of: Held) => (isAtom || of.isAtom || x !== of.code ? x : `(${x})`);
    return held(write(wrap(left, a), wrap(right, b)), rank, [a, b], {
      isAtom,
      axes: like.axes,
      lead: like.lead,
    });
  };

/** The codes of two tensors that broadcast, and the one whose axes the result has. */
function aligned(source: OpSource, a: Held, b: Held, rank: number): [string, string, Held] {
  const [shapeA, shapeB] = Object.values(source.node.inputs).map(source.shape) as [
    readonly unknown[],
    readonly unknown[],
  ];
  const isRows = (x: Held, y: Held, shape: readonly unknown[]) =>
    x.lead !== null &&
    (y.number !== null || shape.length === 1 || (y.lead !== null && String(x.lead) === String(y.lead)));
  if (isRows(a, b, shapeB)) return [a.code, b.code, a];
  if (isRows(b, a, shapeA)) return [a.code, b.code, b];
  if (a.number !== null && b.axes.length === rank) return [a.code, forced(b), b.lead === null ? b : plain(b)];
  if (b.number !== null && a.axes.length === rank) return [forced(a), b.code, a.lead === null ? a : plain(a)];
  if (a.axes.length === b.axes.length && a.lead === null && b.lead === null) {
    if (sameAxes(a.axes, b.axes)) return [a.code, b.code, a];
    const isBetter = (x: Held) => sameAxes(x.axes, rank > 3 ? channelsFirst(rank) : identity(rank));
    const like = isBetter(a) || !isBetter(b) ? a : b;
    return [ordered(a, like.axes), ordered(b, like.axes), like];
  }
  const [larger, smaller] = a.axes.length >= b.axes.length ? [a, b] : [b, a];
  const isImage = larger.lead === null && sameAxes(larger.axes, channelsFirst(rank)) && rank > 2;
  if (isImage && smaller.axes.length === 1) {
    const spread = `${atom(smaller)}[:${", None".repeat(rank - 2)}]`;
    return larger === a ? [a.code, spread, a] : [spread, b.code, b];
  }
  return [ours(a), ours(b), plain(larger.axes.length === rank ? larger : held("", rank, []))];
}

function forced(x: Held): string {
  return x.lead === null ? x.code : ours(x);
}

function plain(x: Held): Held {
  return { ...x, axes: identity(x.axes.length), lead: null };
}

const unaries: Readonly<Record<string, (x: string) => string>> = {
  Abs: (x) => `${x}.abs()`,
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

const functions: Readonly<Record<string, (x: string) => string>> = {
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
  PellucidHardsigmoid: (x) => `F.hardsigmoid(${x})`,
};

const binaries: Readonly<Record<string, (a: string, b: string) => string>> = {
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
};

const softplus: Write = (source) => {
  const { beta, threshold } = source.node.attributes;
  const options = [
    ...(beta === 1 ? [] : [`beta=${literal(beta)}`]),
    ...(threshold === 20 ? [] : [`threshold=${literal(threshold)}`]),
  ];
  return unary((x) => `F.softplus(${[x, ...options].join(", ")})`)(source);
};

/** Reduces some axes; those that are left keep the order that they have in Python. */
const reduce =
  (name: string): Write =>
  ({ node, input }) => {
    const x = flat(input("x"));
    const { axis, keepDims = false } = node.attributes as {
      axis: number | readonly number[];
      keepDims?: boolean;
    };
    const axes = [axis].flat().map((a) => (a + x.axes.length) % x.axes.length);
    const dims = axes.map((a) => x.axes[a] as number).toSorted((a, b) => a - b);
    const left = x.axes.filter((_, i) => keepDims || !axes.includes(i));
    const order = left.toSorted((a, b) => a - b);
    const dim = dims.length === 1 ? String(dims[0]) : literal(dims);
    const rank = left.length;
    return held(`${atom(x)}.${name}(${dim}${keepDims ? ", keepdim=True" : ""})`, rank, [x], {
      axes: keepDims ? x.axes : left.map((a) => order.indexOf(a)),
    });
  };

/** The tensor with its rows as they are with us. */
function flat(x: Held): Held {
  return x.lead === null
    ? x
    : { ...x, code: ours(x), isAtom: true, lead: null, axes: identity(x.axes.length) };
}

const linear: Write = ({ input, node }) => {
  const [x, weight] = [input("x"), input("weight")];
  const bias = "bias" in node.inputs ? `, ${input("bias").code}` : "";
  const code = `F.linear(${x.lead === null ? ours(x) : x.code}, ${ordered(weight, [1, 0])}${bias})`;
  return held(code, 2, [x, weight, ...("bias" in node.inputs ? [input("bias")] : [])], { lead: x.lead });
};

const matMul: Write = ({ input, node, shape }) => {
  const [a, b] = [input("a"), input("b")];
  const { transposeA, transposeB } = node.attributes;
  const rank = shape(node.inputs["a"] as string).length;
  const isMatrix = b.axes.length === 2;
  if (rank === 2 && isMatrix && transposeA !== true && (transposeB === true || b.code.startsWith("self."))) {
    const weight = transposeB === true ? ours(b) : ordered(b, [1, 0]);
    return held(`F.linear(${a.lead === null ? ours(a) : a.code}, ${weight})`, 2, [a, b], { lead: a.lead });
  }
  const side = (x: Held, turned: boolean): string => {
    const code = ours(x);
    const inner = code === x.code ? atom(x) : code;
    return turned ? `${inner}.mT` : inner;
  };
  const left = a.lead !== null && isMatrix && transposeA !== true ? atom(a) : side(a, transposeA === true);
  const code = `${left} @ ${side(b, transposeB === true)}`;
  const outRank = shape(node.outputs[0] as string).length;
  return held(code, outRank, [a, b], { isAtom: false, lead: left === atom(a) ? a.lead : null });
};

/** A convolution of sequences, which we compute as one of pictures of height 1. */
function conv1d({ input, node }: OpSource, x: Held, filter: Held): Held {
  const { strides, padding, dilations, groups } = node.attributes as unknown as {
    strides: readonly number[];
    padding: readonly (readonly [number, number])[];
    dilations: readonly number[];
    groups: number;
  };
  const [, [before, after] = [0, 0]] = padding;
  const first = ordered(x, channelsFirst(3));
  const bias = "bias" in node.inputs ? input("bias") : null;
  const args = [
    before === after ? first : `F.pad(${first}, (${before}, ${after}))`,
    ordered(filter, [2, 1, 0]),
    ...(bias === null ? [] : [bias.code]),
    ...option("stride", strides[1], 1),
    ...option("padding", before === after ? before : 0, 0),
    ...option("dilation", dilations[1], 1),
    ...option("groups", groups, 1),
  ];
  const from = [x, filter, ...(bias === null ? [] : [bias])];
  const sequence = held(`F.conv1d(${args.join(", ")})`, 3, from, { axes: channelsFirst(3) });
  return held(`${sequence.code}.unsqueeze(2)`, 4, from, { axes: channelsFirst(4), sequence });
}

const conv2d: Write = (source) => {
  const { input, node } = source;
  const { strides, padding, dilations, groups } = node.attributes as unknown as {
    strides: readonly number[];
    padding: readonly (readonly [number, number])[];
    dilations: readonly number[];
    groups: number;
  };
  const [x, filter] = [flat(input("x")), input("filter")];
  if (x.sequence !== null && filter.sequence !== null) return conv1d(source, x.sequence, filter.sequence);
  const [top = [0, 0], left = [0, 0]] = padding;
  const isEven = padding.every(([before, after]) => before === after);
  const first = ordered(x, channelsFirst(4));
  const padded = isEven ? first : `F.pad(${first}, ${literal([...left, ...top])})`;
  const bias = "bias" in node.inputs ? input("bias") : null;
  const args = [
    padded,
    ordered(filter, [2, 3, 1, 0]),
    ...(bias === null ? [] : [bias.code]),
    ...option("stride", strides, 1),
    ...option("padding", isEven ? padding.map(([before]) => before) : 0, 0),
    ...option("dilation", dilations, 1),
    ...option("groups", groups, 1),
  ];
  return held(`F.conv2d(${args.join(", ")})`, 4, [x, filter, ...(bias === null ? [] : [bias])], {
    axes: channelsFirst(4),
  });
};

function option(name: string, value: unknown, otherwise: number): readonly string[] {
  const code = oneOrTuple(value);
  return code === String(otherwise) ? [] : [`${name}=${code}`];
}

const maxPool2d: Write = ({ input, node, error }) => {
  const x = flat(input("x"));
  const { filterSize, strides, pad, dilations } = node.attributes as unknown as {
    filterSize: readonly number[];
    strides: readonly number[];
    pad: readonly (readonly [number, number])[];
    dilations: readonly number[];
  };
  const sides = pad.slice(1, 3);
  if (sides.some(([before, after]) => before !== after)) throw error("its padding differs before and after");
  const args = [
    ordered(x, channelsFirst(4)),
    oneOrTuple(filterSize),
    ...(String(strides) === String(filterSize) ? [] : [`stride=${oneOrTuple(strides)}`]),
    ...option(
      "padding",
      sides.map(([before]) => before),
      0,
    ),
    ...option("dilation", dilations, 1),
  ];
  return held(`F.max_pool2d(${args.join(", ")})`, 4, [x], { axes: channelsFirst(4) });
};

const reshape: Write = ({ input, node, shape, size }) => {
  const x = input("x");
  const [from, to] = [shape(node.inputs["x"] as string), shape(node.outputs[0] as string)];
  const rank = to.length;
  const asIs = String(from) === String(to);
  if (asIs) return x;
  const [batch, ...rest] = to;
  if (x.sequence !== null && String(from) === String([batch, 1, ...rest])) return x.sequence;
  if (x.lead !== null && String([...x.lead, from.at(-1)]) === String(to))
    return { ...x, axes: identity(rank), lead: null };
  const isPlain = sameAxes(x.axes, identity(from.length));
  const gone = from.findIndex((n, i) => n === 1 && String(from.toSpliced(i, 1)) === String(to));
  if (gone !== -1) {
    const code = ours(x);
    return held(`${code === x.code ? atom(x) : code}.squeeze(${gone})`, rank, [x]);
  }
  if (x.lead === null && isPlain && rank === 2 && from.length > 2 && from.at(-1) === to.at(-1))
    return { ...x, axes: identity(2), lead: from.slice(0, -1) };
  const code = ours(x);
  const base = code === x.code ? atom(x) : code;
  const isSame = (n: number, m: number, count: number) =>
    String(from.slice(n, n + count)) === String(to.slice(m, m + count));
  const make = (call: string) => held(`${base}${call}`, rank, [x]);
  if (rank === 2 && from.length > 2 && from[0] === to[0]) return make(".flatten(1)");
  if (rank === from.length - 1 && isSame(0, 0, rank - 1)) return make(".flatten(-2)");
  if (rank === from.length - 1 && from.length > 2 && isSame(0, 0, 1) && isSame(3, 2, rank - 2))
    return make(".flatten(1, 2)");
  if (
    rank === from.length + 1 &&
    isSame(0, 0, from.length - 1) &&
    to.slice(-2).every((n) => typeof n === "number")
  )
    return make(`.unflatten(-1, ${literal(to.slice(-2))})`);
  const one = to.findIndex((n, i) => n === 1 && String(to.toSpliced(i, 1)) === String(from));
  if (one !== -1) {
    const isRow = rank === 4 && x.lead === null && (one === 1 || one === 0);
    return { ...make(`.unsqueeze(${one})`), sequence: isRow ? x : null };
  }
  const sizes = node.attributes["shape"] as readonly TracedSize[];
  const free = sizes.findIndex(isFree);
  const written = sizes.map((n, i) => (i === free ? "-1" : size(n)));
  return make(`.reshape(${written.join(", ")})`);
};

const slice: Write = ({ input, node, shape, size }) => {
  const x = flat(input("x"));
  const from = shape(node.inputs["x"] as string);
  const to = shape(node.outputs[0] as string);
  const { begin, size: sizes } = node.attributes as unknown as {
    begin: readonly TracedSize[];
    size: readonly TracedSize[];
  };
  const parts: string[] = [];
  for (const [i, axis] of x.axes.entries()) {
    const [start, length] = [begin[i] as TracedSize, sizes[i] as TracedSize];
    const isWhole = from[i] === to[i];
    if (isWhole) parts[axis] = ":";
    else if (typeof start === "number" && typeof length === "number") {
      const isLast = typeof from[i] === "number" && start + length === from[i];
      parts[axis] = `${start === 0 ? "" : start}:${isLast ? "" : start + length}`;
    } else
      parts[axis] = start === 0 ? `:${size(length)}` : `${size(start)} : ${size(start)} + ${size(length)}`;
  }
  while (parts.at(-1) === ":") parts.pop();
  return parts.length === 0 ? x : { ...x, code: `${atom(x)}[${parts.join(", ")}]`, isAtom: true };
};

const concat: Write = ({ inputs, node }) => {
  const all = inputs.map(flat);
  const like = all.find((x) => !sameAxes(x.axes, identity(x.axes.length))) ?? (all[0] as Held);
  const axis = like.axes[(Number(node.attributes["axis"]) + like.axes.length) % like.axes.length] as number;
  const codes = all.map((x) => ordered(x, like.axes));
  return held(`torch.cat([${codes.join(", ")}], dim=${axis})`, like.axes.length, all, { axes: like.axes });
};

const splitV: Write = ({ input, node }) => {
  const x = flat(input("x"));
  const { numOrSizeSplits, axis } = node.attributes as unknown as {
    numOrSizeSplits: number | readonly number[];
    axis: number;
  };
  const dim = x.axes[(axis + x.axes.length) % x.axes.length] as number;
  const code = Array.isArray(numOrSizeSplits)
    ? `${atom(x)}.split([${numOrSizeSplits.join(", ")}], dim=${dim})`
    : `${atom(x)}.chunk(${String(numOrSizeSplits)}, dim=${dim})`;
  return node.outputs.map(() => held(code, x.axes.length, [x], { axes: x.axes }));
};

const attention: Write = ({ input, node, shape, error }) => {
  const { scale, offset, biased, dropped } = node.attributes;
  if (dropped === true) throw error("it drops attention weights at random; set its dropout to 0");
  if (offset !== null && offset !== 0) throw error("it continues from a cache");
  const parts = ["query", "key", "value"].map(input);
  const [query, key] = [shape(node.inputs["query"] as string), shape(node.inputs["key"] as string)];
  const usual = 1 / Math.sqrt(Number(query.at(-1)));
  const args = [
    ...parts.map(ours),
    ...(biased === true ? [`attn_mask=${ours(input("bias"))}`] : []),
    ...(offset === 0 ? ["is_causal=True"] : []),
    ...(Math.abs(Number(scale) - usual) < 1e-7 ? [] : [`scale=${literal(scale)}`]),
    ...(query[1] === key[1] ? [] : ["enable_gqa=True"]),
  ];
  const made = held(`F.scaled_dot_product_attention(${args.join(", ")})`, 4, [
    ...parts,
    ...(biased === true ? [input("bias")] : []),
  ]);
  return node.outputs.map((_, i) => (i === 0 ? made : { ...made, code: "None" }));
};

const scan: Write = ({ input, node, support }) => {
  const names = ["u", "delta", "A", "B", "C"];
  const parts = names.map(input);
  const initial = input("initial");
  const args = [...parts.map(ours), ...(initial.number === 0 ? [] : [ours(initial)])];
  const made = held(`${support("selective_scan")}(${args.join(", ")})`, 3, [...parts, initial]);
  return node.outputs.map(() => made);
};

const splines: Write = ({ input, node, support }) => {
  const [x, grid] = [input("x"), input("grid")];
  return held(
    `${support("b_spline_basis")}(${ours(x)}, ${ours(grid)}, ${literal(node.attributes["order"])})`,
    3,
    [x, grid],
  );
};

const pads: Write = ({ input, node }) => {
  const x = flat(input("x"));
  const { paddings, constantValue } = node.attributes as unknown as {
    paddings: readonly (readonly [number, number])[];
    constantValue: number;
  };
  const sides: (readonly [number, number])[] = [];
  for (const [i, axis] of x.axes.entries()) sides[axis] = paddings[i] as readonly [number, number];
  while (String(sides[0]) === "0,0") sides.shift();
  const value = constantValue === 0 ? "" : `, value=${literal(constantValue)}`;
  return { ...x, code: `F.pad(${x.code}, ${literal(sides.toReversed().flat())}${value})`, isAtom: true };
};

/** How each op is written in Python. */
export const torchOps: ReadonlyMap<string, Write> = new Map<string, Write>([
  ...Object.entries(unaries).map(([op, write]) => [op, method(write)] as const),
  ...Object.entries(functions).map(([op, write]) => [op, unary(write)] as const),
  ...Object.entries(binaries).map(([op, write]) => [op, binary(write)] as const),
  ["Neg", method((x) => `-${x}`, false)],
  ["Maximum", binary((a, b) => `torch.maximum(${a}, ${b})`, true)],
  ["Minimum", binary((a, b) => `torch.minimum(${a}, ${b})`, true)],
  ["SquaredDifference", binary((a, b) => `(${a} - ${b}).square()`)],
  ["PellucidSoftplus", softplus],
  [
    "PellucidLeakyRelu",
    (source) =>
      unary((x) => `F.leaky_relu(${x}, ${literal(source.node.attributes["negativeSlope"])})`)(source),
  ],
  [
    "PellucidElu",
    (source) => unary((x) => `F.elu(${x}, ${literal(source.node.attributes["alpha"])})`)(source),
  ],
  ["Sum", reduce("sum")],
  ["Mean", reduce("mean")],
  ["Max", reduce("amax")],
  ["Min", reduce("amin")],
  ["PellucidAmax", reduce("amax")],
  ["PellucidAmin", reduce("amin")],
  ["PellucidLinear", linear],
  ["BatchMatMul", matMul],
  ["PellucidConv2d", conv2d],
  ["PellucidConv2dWithBias", conv2d],
  ["PellucidMaxPool2d", maxPool2d],
  ["Reshape", reshape],
  [
    "Transpose",
    ({ input, node }) => {
      const x = flat(input("x"));
      const perm = node.attributes["perm"] as readonly number[];
      return { ...x, axes: perm.map((axis) => x.axes[axis] as number) };
    },
  ],
  [
    "ExpandDims",
    ({ input, node }) => {
      const x = input("input");
      const rank = x.axes.length + 1;
      const dim = (Number(node.attributes["dim"]) + rank) % rank;
      const code = ours(x);
      return held(`${code === x.code ? atom(x) : code}.unsqueeze(${dim})`, rank, [x]);
    },
  ],
  ["Concat", concat],
  ["SplitV", splitV],
  ["Slice", slice],
  ["PadV2", pads],
  [
    "Tile",
    ({ input, node, size }) => {
      const x = flat(input("x"));
      const reps = node.attributes["reps"] as readonly TracedSize[];
      const order: string[] = [];
      for (const [i, axis] of x.axes.entries()) order[axis] = size(reps[i] as TracedSize);
      return { ...x, code: `${atom(x)}.repeat(${order.join(", ")})`, isAtom: true };
    },
  ],
  [
    "Cast",
    ({ input, node, error }) => {
      const x = input("x");
      const casts: Readonly<Record<string, string>> = { float32: "float", int32: "long", bool: "bool" };
      const dtype = literal(node.attributes["dtype"]);
      const name = casts[dtype.slice(1, -1)];
      if (name === undefined) throw error(`it casts to ${dtype}`);
      return { ...x, code: `${atom(x)}.${name}()`, isAtom: true };
    },
  ],
  [
    "GatherV2",
    ({ input, node, error }) => {
      const [x, indices] = [flat(input("x")), input("indices")];
      if (node.attributes["axis"] !== 0) throw error("it gathers along an axis that is not the first");
      const rank = x.axes.length + indices.axes.length - 1;
      return held(`${ours({ ...x, code: atom(x) })}[${ours(indices)}]`, rank, [x, indices]);
    },
  ],
  [
    "Softmax",
    ({ input }) => {
      const x = input("logits");
      const dim = x.lead === null ? (x.axes.at(-1) as number) : -1;
      return { ...x, code: `F.softmax(${x.code}, dim=${dim})`, isAtom: true };
    },
  ],
  ["PellucidAttention", attention],
  ["PellucidSelectiveScan", scan],
  ["PellucidBSplineBasis", splines],
]);
