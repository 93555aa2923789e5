import type { TracedSize } from "@pellucid/core-train";
import { conv2d, maxPool2d } from "./convolution-ops.ts";
import {
  binaries,
  binary,
  configured,
  functions,
  method,
  select,
  unaries,
  unary,
} from "./elementwise-ops.ts";
import { atom, type PythonTensor, pythonTensor, ordered, ours, plain } from "./python-tensor.ts";
import type { Write } from "./op-source.ts";
import { bare, literal } from "./python.ts";
import { indexingOps } from "./indexing-ops.ts";
import { pad, mirrorPad, pads } from "./pad-ops.ts";
import { reductionOps } from "./reduction-ops.ts";
import { resamplingOps } from "./resampling-ops.ts";
import {
  broadcastTo,
  concat,
  isLiteral,
  pack,
  reshape,
  reverse,
  slice,
  splitV,
  spread,
  unpack,
} from "./shape-ops.ts";
import { spikeOps } from "./spike-ops.ts";

const linear: Write = ({ input, node }) => {
  const [x, weight] = [input("x"), input("weight")];
  const bias = "bias" in node.inputs ? `, ${input("bias").code}` : "";
  const code = `F.linear(${x.lead === null ? ours(x) : x.code}, ${ordered(weight, [1, 0])}${bias})`;
  return pythonTensor(code, 2, [x, weight, ...("bias" in node.inputs ? [input("bias")] : [])], {
    lead: x.lead,
  });
};

const matMul: Write = ({ input, node, shape }) => {
  const [a, b] = [input("a"), input("b")];
  const { transposeA, transposeB } = node.attributes;
  const rank = shape(node.inputs["a"] as string).length;
  const isMatrix = b.axes.length === 2;
  if (rank === 2 && isMatrix && transposeA !== true && (transposeB === true || b.code.startsWith("self."))) {
    const weight = transposeB === true ? ours(b) : ordered(b, [1, 0]);
    return pythonTensor(`F.linear(${a.lead === null ? ours(a) : a.code}, ${weight})`, 2, [a, b], {
      lead: a.lead,
    });
  }
  const side = (x: PythonTensor, turned: boolean): string => {
    const code = ours(x);
    const inner = code === x.code ? atom(x) : code;
    return turned ? `${inner}.mT` : inner;
  };
  const left = a.lead !== null && isMatrix && transposeA !== true ? atom(a) : side(a, transposeA === true);
  const code = `${left} @ ${side(b, transposeB === true)}`;
  const outRank = shape(node.outputs[0] as string).length;
  return pythonTensor(code, outRank, [a, b], { isAtom: false, lead: left === atom(a) ? a.lead : null });
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
  const made = pythonTensor(`F.scaled_dot_product_attention(${args.join(", ")})`, 4, [
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
  const made = pythonTensor(`${support("selective_scan")}(${args.join(", ")})`, 3, [...parts, initial]);
  return node.outputs.map(() => made);
};

const splines: Write = ({ input, node, support }) => {
  const [x, grid] = [input("x"), input("grid")];
  return pythonTensor(
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
  ...Object.entries(configured),
  ...Object.entries({ ...reductionOps, ...indexingOps, ...resamplingOps, ...spikeOps }),
  ["PellucidLinear", linear],
  ["BatchMatMul", matMul],
  ["PellucidConv2d", conv2d],
  ["PellucidConv2dWithBias", conv2d],
  ["PellucidMaxPool2d", maxPool2d],
  ["Reshape", reshape],
  [
    "Transpose",
    ({ input, node }) => {
      const x = plain(input("x"));
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
      return pythonTensor(`${code === x.code ? atom(x) : code}.unsqueeze(${dim})`, rank, [x]);
    },
  ],
  ["Pack", pack],
  ["Unpack", unpack],
  ["BroadcastTo", broadcastTo],
  ["Reverse", reverse],
  ["Select", select],
  ["detach", method((x) => `${x}.detach()`)],
  ["Concat", concat],
  ["SplitV", splitV],
  ["Slice", slice],
  ["PadV2", pads],
  ["pad", pad],
  ["MirrorPad", mirrorPad],
  [
    "Tile",
    ({ input, node, size }) => {
      const x = plain(input("x"));
      const reps = node.attributes["reps"] as readonly TracedSize[];
      if (isLiteral(x)) return spread(x, reps.length);
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
    "Range",
    ({ node, size, device }) => {
      const [start, stop, step] = ["start", "stop", "step"].map((name) =>
        size(node.attributes[name] as TracedSize),
      );
      const isPlain = start === "0" && step === "1";
      const dtype = node.attributes["dtype"] === "float32" ? ", dtype=torch.float32" : "";
      const args = isPlain ? bare(String(stop)) : `${start}, ${stop}, ${step}`;
      return pythonTensor(`torch.arange(${args}${dtype}, device=${device})`, 1, []);
    },
  ],
  ["PellucidAttention", attention],
  ["PellucidSelectiveScan", scan],
  ["PellucidBSplineBasis", splines],
]);
