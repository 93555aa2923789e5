// Arrays of 64-bit numbers: just enough to write down what an op is by its definition.

/** Numbers in row-major order, and their shape. */
export interface Nd {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, n) => size * n, 1);

/** The array with `value(index)` at each index. */
export function build(shape: readonly number[], value: (index: number[]) => number): Nd {
  const data = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = value([...index]);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

/** The number at an index; 0, or `outside`, where there is none. */
export function at({ shape, data }: Nd, index: readonly number[], outside = 0): number {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const [i, size] = [index[axis] as number, shape[axis] as number];
    if (!(i >= 0 && i < size)) return outside;
    offset = offset * size + i;
  }
  return data[offset] as number;
}

/** `Σ term(index)` over all indices of a shape. */
export function total(shape: readonly number[], term: (...index: number[]) => number): number {
  return build(shape, (index) => term(...index)).data.reduce((sum, n) => sum + n, 0);
}

/** The number at an index of the shape that `x` broadcasts to. */
export function spread(x: Nd, index: readonly number[]): number {
  const own = index.slice(index.length - x.shape.length);
  return at(
    x,
    own.map((i, axis) => (x.shape[axis] === 1 ? 0 : i)),
  );
}

/** The shape that two shapes broadcast to. */
export function together(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const size = (shape: readonly number[], i: number) => shape[i - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, i) => (size(a, i) === 1 ? size(b, i) : size(a, i)));
}

export const map = (x: Nd, f: (n: number) => number): Nd => ({
  shape: x.shape,
  data: x.data.map((n) => f(n)),
});

export const reshaped = (x: Nd, shape: readonly number[]): Nd => ({ shape, data: x.data });

/** A function of the numbers along some axes, which stay with length 1 if `keepDims`. */
export function reduce(
  x: Nd,
  axes: readonly number[],
  f: (numbers: number[]) => number,
  keepDims = false,
): Nd {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const y = build(kept, (index) => {
    const numbers = build(
      axes.map((axis) => x.shape[axis] as number),
      (own) =>
        at(
          x,
          index.map((i, axis) => (axes.includes(axis) ? (own[axes.indexOf(axis)] as number) : i)),
        ),
    );
    return f([...numbers.data]);
  });
  return keepDims
    ? y
    : reshaped(
        y,
        kept.filter((_, axis) => !axes.includes(axis)),
      );
}
