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
    x: (): Tensor => gatherSum(dy, null, gathered(index), x.shape[0]),
  }),
});

const lists = new WeakMap<Int32Array, EdgeList>();

/** The edges along which the gradient of a gathered row goes back: from row `k` of the result to row `index[k]`. */
function gathered(index: Int32Array): EdgeList {
  const list = lists.get(index) ?? new EdgeList(Int32Array.from(index.keys()), index);
  lists.set(index, list);
  return list;
}

/**
 * Rows by their index: as `gather` of tfjs, but its gradient is the same on each run and each backend, and there may be none.
 *
 * @param x `[row, …]`
 * @param index an array that does not change, such as the sources of an {@link EdgeList}
 * @returns `[index, …]`
 */
export function gatherRows<T extends Tensor>(x: T, index: Int32Array): T {
  checkTensor("gatherRows", "x", x);
  if (!(index instanceof Int32Array))
    throw new DtypeError(`gatherRows: index is ${typeof index}, expected an Int32Array of rows.`);
  const [rows = 0, ...rest] = x.shape;
  const features = rest.reduce((product, n) => product * n, 1);
  return tidy(() => {
    const flat = reshape<Tensor2D["rankType"]>(x, [rows, features]);
    return reshape(op({ x: flat }, { index }), [index.length, ...rest]) as T;
  });
}
