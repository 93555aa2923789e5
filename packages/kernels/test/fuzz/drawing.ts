import { type DataType, type Tensor, tensor } from "@tensorflow/tfjs-core";

/** A tensor to be made on each backend. */
export interface Drawn {
  readonly shape: number[];
  readonly dtype: "float32" | "int32" | "bool";
  readonly numbers: number[];
}

export const toTensor = ({ shape, dtype, numbers }: Drawn): Tensor => tensor(numbers, shape, dtype);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Sizes at which loops of four numbers end in each way. */
const SIZES = [1, 1, 2, 3, 4, 5, 7, 8, 9, 17];
/** Numbers in a tensor, at most. */
const MOST = 3000;
const SPECIAL = [NaN, Infinity, -Infinity, -0, 1e-20, 1e9, -1e15];
const LARGE = [2 ** 24, 2 ** 24 + 1, -(2 ** 31), 2 ** 31 - 1];

export type Drawing = ReturnType<typeof drawing>;

/** Random shapes and numbers, the same for a seed. */
export function drawing(seed: number) {
  let state = seed | 0;
  /** Mulberry32. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  const happens = (share: number): boolean => next() < share;
  const of = <T>(...choices: readonly T[]): T => choices[below(choices.length)] as T;
  const size = (): number => (happens(0.06) ? 0 : of(...SIZES));
  let isSpecial = false;
  const number = (dtype: DataType): number => {
    if (dtype === "bool") return below(2);
    if (dtype === "int32") return happens(0.2) ? of(...LARGE) : below(101) - 50;
    if (happens(0.2)) return below(3) - 1;
    return isSpecial && happens(0.1) ? of(...SPECIAL) : Math.fround(4 * next() - 2);
  };
  const shape = (rank: number): number[] => {
    for (;;) {
      const drawn = Array.from({ length: rank }, size);
      if (sizeOf(drawn) <= MOST) return drawn;
    }
  };
  const make = (own: readonly number[], dtype: Drawn["dtype"] = "float32"): Drawn => ({
    shape: [...own],
    dtype,
    numbers: Array.from({ length: sizeOf(own) }, () => number(dtype)),
  });
  return {
    below,
    happens,
    of,
    size,
    shape,
    make,
    /** Whether NaN, infinities and numbers near the ends are among the floats that follow. */
    withSpecial: (value: boolean) => (isSpecial = value),
    /** A shape without an empty axis. */
    filled: (rank: number) => shape(rank).map((n) => Math.max(1, n)),
    dtype: () => of<Drawn["dtype"]>("float32", "float32", "int32", "bool"),
    /** Integers from 0 to below the ends, which repeat. */
    indices: (own: readonly number[], ...ends: number[]): Drawn => ({
      shape: [...own],
      dtype: "int32",
      numbers: Array.from({ length: sizeOf(own) }, (_, i) => below(ends[i % ends.length] as number)),
    }),
    axis: (rank: number) => (happens(0.5) ? below(rank) : below(rank) - rank),
    axes: (rank: number) => {
      const all = Array.from({ length: rank }, (_, axis) => axis).filter(() => happens(0.5));
      const drawn = all.map((axis) => (happens(0.5) ? axis : axis - rank));
      return drawn.length === 0 ? undefined : drawn;
    },
    order: (rank: number) => {
      const order = Array.from({ length: rank }, (_, axis) => axis);
      for (let i = rank - 1; i > 0; i--) {
        const j = below(i + 1);
        [order[i], order[j]] = [order[j] as number, order[i] as number];
      }
      return order;
    },
    /** A shape that broadcasts to another. */
    part: (whole: readonly number[]) =>
      whole.map((n) => (happens(0.25) ? 1 : n)).slice(happens(0.3) ? below(whole.length + 1) : 0),
  };
}
