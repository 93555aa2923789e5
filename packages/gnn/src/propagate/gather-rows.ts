import { checkTensor, defineOp, DtypeError } from "@pellucid/core-train";
import { gather, reshape, slice, type Tensor, type Tensor2D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { EdgeList } from "../graph/edge-list.ts";
import { gatherSum } from "./gather-sum.ts";

const op = defineOp({
  name: "PellucidGatherRows",
  inputs: { x: "float32[row, feature]" },
  reference: ({ x }, { index }: { readonly index: Int32Array }): Tensor2D =>
    index.length === 0 || x.shape[1] === 0
      ? slice(x, [0, 0], [0, x.shape[1]])
      : gather(x, tensor1d(index, "int32")),
  gradient: (dy, { x }, { index }) => ({
    x: (): Tensor => gatherSum(dy, null, edgesBack(index), x.shape[0]),
  }),
});

/** The edges of an index, kept as long as its array is in use. */
const edgesOf = new WeakMap<Int32Array, EdgeList>();

/** The edges along which the gradient of gathered rows flows back: from row `k` of the result to row `index[k]` of `x`. */
function edgesBack(index: Int32Array): EdgeList {
  const edges = edgesOf.get(index) ?? new EdgeList(Int32Array.from(index.keys()), index);
  edgesOf.set(index, edges);
  return edges;
}

/**
 * Row `index[k]` of `x` as row `k`: as tfjs' `gather` along the first axis, but the gradient is the same on each run and each backend, and `index` may
 * be empty.
 *
 * @param x `[row, …]`
 * @param index an array that does not change, such as the sources of an {@link EdgeList}
 * @returns `[index, …]`
 */
export function gatherRows<T extends Tensor>(x: T, index: Int32Array): T {
  checkTensor("gatherRows", "x", x);
  if (!(index instanceof Int32Array))
    throw new DtypeError(
      `gatherRows: index is ${typeof index === "object" ? "another object" : typeof index}, expected an Int32Array of rows.`,
    );
  const [rows = 0, ...rest] = x.shape;
  const features = rest.reduce((product, n) => product * n, 1);
  return tidy(() => {
    const flat = reshape<Tensor2D["rankType"]>(x, [rows, features]);
    return reshape(op({ x: flat }, { index }), [index.length, ...rest]) as T;
  });
}
