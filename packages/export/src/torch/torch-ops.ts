import type { TracedSize } from "@pellucid/core-train";
import { conv2d, maxPool2d } from "./convolution-ops.ts";
import { binaries, binary, functions, method, softplus, unaries, unary } from "./elementwise-ops.ts";
import { flat } from "./flat.ts";
import { atom, type Held, held, ordered, ours } from "./held.ts";
import type { Write } from "./op-source.ts";
import { literal } from "./python.ts";
import { concat, pads, reshape, slice, splitV } from "./shape-ops.ts";

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
    const dims = axes.map((a) => x.axes[a] ?? NaN).toSorted((a, b) => a - b);
    const left = x.axes.filter((_, i) => keepDims || !axes.includes(i));
    const order = left.toSorted((a, b) => a - b);
    const dim = dims.length === 1 ? String(dims[0]) : literal(dims);
    const rank = left.length;
    return held(`${atom(x)}.${name}(${dim}${keepDims ? ", keepdim=True" : ""})`, rank, [x], {
      axes: keepDims ? x.axes : left.map((a) => order.indexOf(a)),
    });
  };

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
      return { ...x, axes: perm.map((axis) => x.axes[axis] ?? NaN) };
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
      const dim = x.lead === null ? (x.axes.at(-1) ?? NaN) : -1;
      return { ...x, code: `F.softmax(${x.code}, dim=${dim})`, isAtom: true };
    },
  ],
  ["PellucidAttention", attention],
  ["PellucidSelectiveScan", scan],
  ["PellucidBSplineBasis", splines],
]);
