import type { Heap } from "./heap.ts";
import { packedRoom, productRoom, sumsRoom } from "./window.ts";

/** Addresses; a bias of 0 is none. */
export type Operands = Readonly<Record<"a" | "b" | "bias" | "c", number>>;

/** What is multiplied: `[rows, depth]` and `[depth, columns]`. */
export interface Sizes {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

/** `c = a b + bias` of each; `b` may be of `[columns, depth]`. */
export function products(
  heap: Heap,
  all: readonly Operands[],
  { rows, depth, columns }: Sizes,
  isBTransposed = false,
): void {
  heap.borrow(productRoom(depth, columns), (room) => {
    for (const operands of all) {
      heap.functions.matMul({ ...operands, ...room, rows, depth, columns, isTransposed: isBTransposed });
    }
  });
}

/** `c = aᵀ b` of each, for `a` of `[depth, rows]`. */
export function transposedProducts(
  heap: Heap,
  all: readonly Operands[],
  { rows, depth, columns }: Sizes,
): void {
  const block = Math.min(depth, 128, Math.max(32, Math.trunc(BLOCK / (columns + 6))));
  const blocks = {
    sums: sumsRoom(rows, columns, block === depth),
    offsets: 4 * rows,
    packed: packedRoom(block, columns),
  };
  heap.borrow(blocks, (room) => {
    for (const { a, b, c } of all) {
      heap.functions.transposedMatMul({ a, b, c, ...room, block, rows, depth, columns });
    }
  });
}

/** Numbers of a block that is laid out, so that it stays in the second cache. */
const BLOCK = 131_072;
