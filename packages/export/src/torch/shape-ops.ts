import type { TracedSize } from "@pellucid/core-train";
import {
  atom,
  type PythonTensor,
  pythonTensor,
  isFree,
  ordered,
  ours,
  sameAxes,
  plain,
} from "./python-tensor.ts";
import { MissingSizeError } from "./missing-size-error.ts";
import type { Write } from "./op-source.ts";
import { bare, literal, upTo } from "./python.ts";
import { identity } from "./python-tree.ts";

export const reshape: Write = ({ input, node, shape, size }) => {
  const x = input("x");
  const [from, to] = [shape(node.inputs["x"] as string), shape(node.outputs[0] as string)];
  const rank = to.length;
  const asIs = String(from) === String(to);
  if (asIs) return x;
  if (isLiteral(x)) return spread(x, rank);
  const [batch, ...rest] = to;
  if (x.sequence !== null && String(from) === String([batch, 1, ...rest])) return x.sequence;
  if (x.lead !== null && String([...x.lead, from.at(-1)]) === String(to))
    return { ...x, axes: identity(rank), lead: null };
  const isPlain = sameAxes(x.axes, identity(from.length));
  const gone = from.findIndex((n, i) => n === 1 && String(from.toSpliced(i, 1)) === String(to));
  if (gone !== -1) {
    const code = ours(x);
    return pythonTensor(`${code === x.code ? atom(x) : code}.squeeze(${gone})`, rank, [x]);
  }
  if (x.lead === null && isPlain && rank === 2 && from.length > 2 && from.at(-1) === to.at(-1))
    return { ...x, axes: identity(2), lead: from.slice(0, -1) };
  const code = ours(x);
  const base = code === x.code ? atom(x) : code;
  const isSame = (n: number, m: number, count: number) =>
    String(from.slice(n, n + count)) === String(to.slice(m, m + count));
  const make = (call: string) => pythonTensor(`${base}${call}`, rank, [x]);
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
  const codes = sizes.map((n) => codeOrNull(n, size));
  const given = sizes.indexOf(-1);
  const unknown = given === -1 ? codes.indexOf(null) : given;
  const open = unknown === -1 ? sizes.findIndex(isFree) : unknown;
  const written = codes.map((code, i) => (i === open ? "-1" : bare(code ?? size(sizes[i] as TracedSize))));
  return make(`.reshape(${written.join(", ")})`);
};

export const slice: Write = ({ input, node, shape, size }) => {
  const x = plain(input("x"));
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
      parts[axis] = start === 0 ? upTo(size(length)) : `${size(start)} : ${size(start)} + ${size(length)}`;
  }
  while (parts.at(-1) === ":") parts.pop();
  return parts.length === 0 ? x : { ...x, code: `${atom(x)}[${parts.join(", ")}]`, isAtom: true };
};

export const concat: Write = ({ inputs, node }) => {
  const all = inputs.map(plain);
  const like = all.find((x) => !sameAxes(x.axes, identity(x.axes.length))) ?? (all[0] as PythonTensor);
  const axis = like.axes[(Number(node.attributes["axis"]) + like.axes.length) % like.axes.length] ?? NaN;
  const codes = all.map((x) => ordered(x, like.axes));
  return pythonTensor(`torch.cat([${codes.join(", ")}], dim=${axis})`, like.axes.length, all, {
    axes: like.axes,
  });
};

export const splitV: Write = ({ input, node }) => {
  const x = plain(input("x"));
  const { numOrSizeSplits, axis } = node.attributes as unknown as {
    numOrSizeSplits: number | readonly number[];
    axis: number;
  };
  const dim = x.axes[(axis + x.axes.length) % x.axes.length] ?? NaN;
  const code = Array.isArray(numOrSizeSplits)
    ? `${atom(x)}.split([${numOrSizeSplits.join(", ")}], dim=${dim})`
    : `${atom(x)}.chunk(${String(numOrSizeSplits)}, dim=${dim})`;
  return node.outputs.map(() => pythonTensor(code, x.axes.length, [x], { axes: x.axes }));
};

/** Tensors side by side along a new axis. */
export const pack: Write = ({ inputs, node }) => {
  const rank = (inputs[0] as PythonTensor).axes.length + 1;
  const dim = (Number(node.attributes["axis"]) + rank) % rank;
  const codes = inputs.map(ours).join(", ");
  return pythonTensor(`torch.stack([${codes}]${dim === 0 ? "" : `, dim=${dim}`})`, rank, inputs);
};

export const unpack: Write = ({ input, node }) => {
  const x = input("value");
  const rank = x.axes.length;
  const dim = (Number(node.attributes["axis"]) + rank) % rank;
  const code = ours(x);
  const made = pythonTensor(`${code === x.code ? atom(x) : code}.unbind(${dim})`, rank - 1, [x]);
  return node.outputs.map(() => made);
};

export const broadcastTo: Write = ({ input, node, size }) => {
  const x = input("x");
  const sizes = node.attributes["shape"] as readonly TracedSize[];
  if (isLiteral(x)) return spread(x, sizes.length);
  const code = ours(x);
  return pythonTensor(
    `${code === x.code ? atom(x) : code}.expand(${sizes.map(size).join(", ")})`,
    sizes.length,
    [x],
  );
};

export const reverse: Write = ({ input, node }) => {
  const x = plain(input("x"));
  const dims = [node.attributes["dims"] as number | readonly number[]]
    .flat()
    .map((axis) => x.axes[(axis + x.axes.length) % x.axes.length] ?? NaN);
  return { ...x, code: `${atom(x)}.flip(${dims.join(", ")})`, isAtom: true };
};

/** Whether a number is written for a tensor of it: `0`, which has no methods and needs no shape. */
export const isLiteral = ({ number, code }: PythonTensor): boolean =>
  number !== null && code === literal(number);

/** The same number for a tensor of any shape. */
export const spread = ({ code, number }: PythonTensor, rank: number): PythonTensor =>
  pythonTensor(code, rank, [], { number });

/** The code of a size, or `null` if only the tensor itself knows it. */
function codeOrNull(n: TracedSize, size: (size: TracedSize) => string): string | null {
  try {
    return size(n);
  } catch (error) {
    if (error instanceof MissingSizeError) return null;
    throw error;
  }
}
