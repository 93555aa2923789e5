import { concat, gather, slice, type Tensor2D, tensor1d } from "@tensorflow/tfjs-core";
import type { Csr } from "../graph/group-edges.ts";

/** One round of {@link reduceSegments}: which rows to combine, and which stay as they are. */
interface Round {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly single: Int32Array;
}

/** How to reduce the rows of each segment, two and two, and where the result of each segment then lies. */
export interface SegmentPlan {
  readonly rounds: readonly Round[];
  /** For each segment; -1 for one without rows. */
  readonly at: Int32Array;
}

/**
 * Plans rounds in which neighbours within a segment are combined in pairs, until one row of each is left: as many rounds as the
 * longest segment has binary digits, in an order that does not depend on the backend.
 *
 * @param ptr where each segment starts in the rows
 */
export function planSegments({ ptr }: Pick<Csr, "ptr">): SegmentPlan {
  const segments = ptr.length - 1;
  const sizes = Int32Array.from({ length: segments }, (_, i) => (ptr[i + 1] ?? NaN) - (ptr[i] ?? NaN));
  let at: Int32Array[] = Array.from(sizes, (size, i) =>
    Int32Array.from({ length: size }, (_, k) => (ptr[i] ?? NaN) + k),
  );
  const rounds: Round[] = [];
  while (at.some(({ length }) => length > 1)) {
    const [left, right, single]: [number[], number[], number[]] = [[], [], []];
    const pairs = at.reduce((count, { length }) => count + (length >> 1), 0);
    at = at.map((rows) => {
      const next = new Int32Array((rows.length + 1) >> 1);
      for (let k = 0; k + 1 < rows.length; k += 2) {
        next[k >> 1] = left.length;
        left.push(rows[k] ?? NaN);
        right.push(rows[k + 1] ?? NaN);
      }
      if (rows.length % 2 === 1) {
        next[next.length - 1] = pairs + single.length;
        single.push(rows.at(-1) ?? NaN);
      }
      return next;
    });
    rounds.push({
      left: Int32Array.from(left),
      right: Int32Array.from(right),
      single: Int32Array.from(single),
    });
  }
  return { rounds, at: Int32Array.from(at, (rows) => rows[0] ?? -1) };
}

type Pick1 = (x: Tensor2D, rows: Int32Array) => Tensor2D;

/** The rows of each segment combined into one; `empty`, `[1, feature]`, where there are none. */
export function reduceSegments(
  x: Tensor2D,
  { rounds, at }: SegmentPlan,
  combine: (left: Tensor2D, right: Tensor2D) => Tensor2D,
  empty: Tensor2D,
  pick: Pick1 = pickRows,
): Tensor2D {
  let rows = x;
  for (const { left, right, single } of rounds) {
    const pairs = combine(pick(rows, left), pick(rows, right));
    rows = single.length === 0 ? pairs : concat([pairs, pick(rows, single)], 0);
  }
  const last = rows.shape[0];
  if (at.every((row, i) => row === i) && at.length === last) return rows;
  const padded = at.includes(-1) ? concat([rows, empty], 0) : rows;
  return pick(
    padded,
    at.map((row) => (row === -1 ? last : row)),
  );
}

/** Rows by index; `gather` of tfjs, which refuses to take none. */
export function pickRows(x: Tensor2D, rows: Int32Array): Tensor2D {
  return rows.length === 0 ? slice(x, [0, 0], [0, x.shape[1]]) : gather(x, tensor1d(rows, "int32"));
}
