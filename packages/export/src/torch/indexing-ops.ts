import { atom, type PythonTensor, pythonTensor, ours, plain } from "./python-tensor.ts";
import type { OpSource, Write } from "./op-source.ts";
import { literal } from "./python.ts";

/** A tensor in our order of axes, so that an index or a method can follow. */
function rows(x: PythonTensor): string {
  const code = ours(x);
  return code === x.code ? atom(x) : code;
}

const gather: Write = (source) => {
  const { input, node, error } = source;
  const [x, indices] = [plain(input("x")), input("indices")];
  if (Number(node.attributes["batchDims"] ?? 0) !== 0) throw error("it gathers within each example");
  const rank = x.axes.length + indices.axes.length - 1;
  const axis = (Number(node.attributes["axis"]) + x.axes.length) % x.axes.length;
  const at = indices.number === null ? ours(indices) : literal(indices.number);
  const before = ":, ".repeat(axis);
  return pythonTensor(`${rows(x)}[${before}${at}]`, rank, [x, indices]);
};

const gatherNd: Write = ({ input, node, shape, error }) => {
  const [x, indices] = [input("params"), input("indices")];
  const depth = shape(node.inputs["indices"] as string).at(-1);
  if (typeof depth !== "number") throw error("its indices have a free number of axes");
  const at = `${rows(indices)}.unbind(-1)`;
  return pythonTensor(`${rows(x)}[${at}]`, shape(node.outputs[0] as string).length, [x, indices]);
};

/** `edges` or `groups`: the numbers of a list of edges of a fixed graph. */
function edgesOf({ node, table }: OpSource, name: string): readonly [source: string, target: string] {
  const { source, target } = node.attributes[name] as unknown as Record<string, readonly number[]>;
  return [table(source as readonly number[]), table(target as readonly number[])];
}

const gatherSum: Write = (source) => {
  const { input, node, shape, size, support } = source;
  const [x, weight] = [input("x"), input("weight")];
  const [from, to] = edgesOf(source, "edges");
  const isWeighted = shape(node.inputs["weight"] as string)[0] !== 0;
  const args = [ours(x), from, to, size(node.attributes["rows"] as never)];
  if (isWeighted) args.push(ours(weight));
  return pythonTensor(`${support("gather_sum")}(${args.join(", ")})`, 2, isWeighted ? [x, weight] : [x]);
};

const segmentSoftmax: Write = (source) => {
  const { input, node, size, support } = source;
  const x = input("x");
  const [, to] = edgesOf(source, "groups");
  const args = [ours(x), to, size(node.attributes["size"] as never)];
  return pythonTensor(`${support("segment_softmax")}(${args.join(", ")})`, 2, [x]);
};

const gatherRows: Write = ({ input, node, table, shape }) => {
  const x = input("x");
  const index = table(node.attributes["index"] as unknown as readonly number[]);
  return pythonTensor(`${rows(x)}[${index}]`, shape(node.outputs[0] as string).length, [x]);
};

const segmentSum: Write = ({ input, node, size, shape }) => {
  const [x, ids] = [input("x"), input("segmentIds")];
  const rank = shape(node.outputs[0] as string).length;
  const zeros = `${rows(x)}.new_zeros(${size(node.attributes["numSegments"] as never)}, *${rows(x)}.shape[1:])`;
  return pythonTensor(`${zeros}.index_add(0, ${ours(ids)}, ${ours(x)})`, rank, [x, ids]);
};

const oneHot: Write = ({ input, node, size, shape, error }) => {
  const indices = input("indices");
  const { onValue = 1, offValue = 0 } = node.attributes;
  if (onValue !== 1 || offValue !== 0) throw error("its values are not 1 and 0");
  const code = `F.one_hot(${ours(indices)}, ${size(node.attributes["depth"] as never)})`;
  const isFloat = node.attributes["dtype"] !== "int32";
  return pythonTensor(isFloat ? `${code}.float()` : code, shape(node.outputs[0] as string).length, [indices]);
};

/** A row of a table for each integer. */
const embedding: Write = ({ input, node, shape }) => {
  const [weight, indices] = [input("weight"), input("indices")];
  const rank = shape(node.outputs[0] as string).length;
  return pythonTensor(`F.embedding(${ours(indices)}, ${ours(weight)})`, rank, [weight, indices]);
};

/** The ops that look up and scatter by index. */
export const indexingOps: Readonly<Record<string, Write>> = {
  GatherV2: gather,
  GatherNd: gatherNd,
  OneHot: oneHot,
  PellucidEmbedding: embedding,
  PellucidGatherRows: gatherRows,
  PellucidGatherSum: gatherSum,
  PellucidSegmentSoftmax: segmentSoftmax,
  UnsortedSegmentSum: segmentSum,
};
