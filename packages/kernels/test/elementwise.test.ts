import { useBackend } from "@pellucid/backends";
import {
  cumsum,
  equal,
  exp,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalOr,
  maximum,
  minimum,
  notEqual,
  sigmoid,
  split,
  tanh,
  type Tensor,
  tensor,
  tidy,
  tile,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { draws } from "./draw.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Applies `f` to all pairs, by the definition of broadcasting. */
function pairs(
  a: Tensor,
  b: Tensor,
  shape: readonly number[],
  f: (x: number, y: number) => number,
): number[] {
  const [x, y] = [a.dataSync(), b.dataSync()];
  const at = (index: number, own: readonly number[]) => {
    let [found, step] = [0, 1];
    for (let axis = 1; axis <= shape.length; axis++) {
      const all = shape.at(-axis) as number;
      const size = own.at(-axis) ?? 1;
      if (size > 1) found += (index % all) * step;
      step *= size;
      index = Math.floor(index / all);
    }
    return found;
  };
  return Array.from({ length: sizeOf(shape) }, (_, i) =>
    f(x[at(i, a.shape)] as number, y[at(i, b.shape)] as number),
  );
}

const shapes: [a: number[], b: number[], out: number[]][] = [
  [[], [], []],
  [[1], [1], [1]],
  [[7], [7], [7]],
  [[3, 5], [], [3, 5]],
  [[], [3, 5], [3, 5]],
  [[3, 5], [5], [3, 5]],
  [
    [4, 1],
    [4, 6],
    [4, 6],
  ],
  [
    [4, 1],
    [1, 6],
    [4, 6],
  ],
  [
    [2, 3, 4, 5],
    [3, 1, 5],
    [2, 3, 4, 5],
  ],
  [
    [2, 1, 4, 1],
    [1, 3, 1, 9],
    [2, 3, 4, 9],
  ],
  [
    [2, 3, 17],
    [2, 1, 1],
    [2, 3, 17],
  ],
  [
    [2, 2, 2, 2, 2],
    [2, 1, 2, 1, 2],
    [2, 2, 2, 2, 2],
  ],
  [
    [1, 1, 33],
    [1, 33],
    [1, 1, 33],
  ],
  [[0, 4], [4], [0, 4]],
];

describe("with broadcasting, as defined", () => {
  const comparisons = {
    greater: [greater, (x: number, y: number) => x > y],
    greaterEqual: [greaterEqual, (x: number, y: number) => x >= y],
    less: [less, (x: number, y: number) => x < y],
    lessEqual: [lessEqual, (x: number, y: number) => x <= y],
    equal: [equal, (x: number, y: number) => x === y],
    notEqual: [notEqual, (x: number, y: number) => x !== y],
  } as const;
  for (const dtype of ["float32", "int32"] as const) {
    test.each(Object.entries(comparisons))(`%s of ${dtype}`, (_, [op, f]) => {
      const draw = draws(1);
      for (const [own, other, shape] of shapes) {
        tidy(() => {
          const a = tensor(draw.ties(sizeOf(own)), own, dtype);
          const b = tensor(draw.ties(sizeOf(other)), other, dtype);
          const y = op(a, b);
          expect([...y.dataSync()]).toEqual(pairs(a, b, shape, (p, q) => Number(f(p, q))));
          expect(y).toHaveShape(shape);
          expect(y.dtype).toBe("bool");
        });
      }
    });
  }
  test.each([
    ["maximum", maximum, Math.max],
    ["minimum", minimum, Math.min],
  ] as const)("%s", (_, op, f) => {
    const draw = draws(2);
    for (const [own, other, shape] of shapes) {
      tidy(() => {
        const a = tensor(draw.numbers(sizeOf(own)), own);
        const b = tensor(draw.numbers(sizeOf(other)), other);
        const y = op(a, b);
        expect([...y.dataSync()]).toEqual(pairs(a, b, shape, f));
        expect(y).toHaveShape(shape);
      });
    }
  });
});

test("NaN is the larger and the smaller, and equal to nothing", () => {
  tidy(() => {
    const [a, b] = [tensor([NaN, 1, NaN, 2, 5]), tensor([1, NaN, NaN, 3, 4])];
    expect([...maximum(a, b).dataSync()]).toEqual([NaN, NaN, NaN, 3, 5]);
    expect([...minimum(a, b).dataSync()]).toEqual([NaN, NaN, NaN, 2, 4]);
    expect([...equal(a, b).dataSync()]).toEqual([0, 0, 0, 0, 0]);
    expect([...notEqual(a, b).dataSync()]).toEqual([1, 1, 1, 1, 1]);
  });
});

test("integers and booleans keep their dtype", () => {
  tidy(() => {
    const large = tensor([2 ** 30 + 1, -5], [2], "int32");
    expect([...maximum(large, tensor(2 ** 30, [], "int32")).dataSync()]).toEqual([2 ** 30 + 1, 2 ** 30]);
    const bits = tensor([1, 0, 1, 0], [4], "bool");
    expect([...equal(bits, tensor([1, 1, 0, 0], [4], "bool")).dataSync()]).toEqual([1, 0, 0, 1]);
  });
});

test.each([1, 15, 16, 37])("and, or of %i truth values", (size) => {
  tidy(() => {
    const bits = (every: number) => Array.from({ length: size }, (_, i) => Number(i % every === 0));
    const [a, b] = [tensor(bits(2), [size], "bool"), tensor(bits(3), [size], "bool")];
    expect([...logicalAnd(a, b).dataSync()]).toEqual(bits(6));
    expect([...logicalOr(a, b).dataSync()]).toEqual(
      bits(1).map((_, i) => Number(i % 2 === 0 || i % 3 === 0)),
    );
  });
});

describe("repeating", () => {
  const cases: [shape: number[], reps: number[], dtype: "float32" | "int32" | "bool"][] = [
    [[1], [5], "float32"],
    [[3], [1], "float32"],
    [[2, 1], [1, 7], "float32"],
    [[2, 3], [3, 2], "int32"],
    [[1, 3, 1, 2], [4, 1, 5, 1], "float32"],
    [[2, 3], [2, 9], "bool"],
    [[1, 1], [3, 5], "bool"],
    [[2, 2], [0, 1], "float32"],
  ];
  test.each(cases)("[%j] %j times, of %s", (shape, reps, dtype) => {
    tidy(() => {
      const numbers = Array.from({ length: sizeOf(shape) }, (_, i) => (dtype === "bool" ? i % 2 : i + 1));
      const y = tile(tensor(numbers, shape, dtype), reps);
      const out = shape.map((size, axis) => size * (reps[axis] as number));
      const expected = Array.from({ length: sizeOf(out) }, (_, index) => {
        let [found, step] = [0, 1];
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          const [size, all] = [shape[axis] as number, out[axis] as number];
          found += ((index % all) % size) * step;
          index = Math.floor(index / all);
          step *= size;
        }
        return numbers[found] as number;
      });
      expect([...y.dataSync()]).toEqual(expected);
      expect(y).toHaveShape(out);
      expect(y.dtype).toBe(dtype);
    });
  });
});

test("splitting along any axis, evenly or not", () => {
  tidy(() => {
    const x = tensor([...Array(24).keys()], [2, 3, 4]);
    expect(split(x, 2, -1).map((part) => [...part.dataSync()])).toEqual([
      [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21],
      [2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23],
    ]);
    const parts = split(x, [1, 2], 1);
    expect(parts.map(({ shape }) => shape)).toEqual([
      [2, 1, 4],
      [2, 2, 4],
    ]);
    expect([...(parts[0] as Tensor).dataSync()]).toEqual([0, 1, 2, 3, 12, 13, 14, 15]);
    const bits = tensor([1, 0, 0, 1, 1, 1], [2, 3], "bool");
    expect(split(bits, [1, 2], 1).map((part) => [...part.dataSync()])).toEqual([
      [1, 1],
      [0, 0, 1, 1],
    ]);
  });
});

test("running sums along an axis counted from the end", () => {
  tidy(() => {
    const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    expect([...cumsum(x, -1).dataSync()]).toEqual([1, 3, 6, 4, 9, 15]);
    expect([...cumsum(x, -2).dataSync()]).toEqual([1, 2, 3, 5, 7, 9]);
  });
});

describe("functions of one number, computed four at a time, agree with JavaScript's in 64 bits:", () => {
  const ends = [0, 1e-30, -1e-30, 0.625, -0.625, 88.7, -87, Infinity, -Infinity];
  const all = [...ends, ...Array.from({ length: 4001 }, (_, i) => (i - 2000) / 23)];
  test.each([
    ["exp", exp, Math.exp],
    ["sigmoid", sigmoid, (x: number) => 1 / (1 + Math.exp(-x))],
    ["tanh", tanh, Math.tanh],
  ] as const)("%s, to 3 units of the last digit", (_, op, f) => {
    const x = Float32Array.from(all);
    const y = tidy(() => op(tensor(x)).dataSync());
    for (const [i, value] of x.entries()) {
      const expected = Math.fround(f(value));
      if (Math.abs(expected) < 1.2e-38 || !Number.isFinite(expected)) continue;
      expect(Math.abs((y[i] ?? NaN) - expected), `at ${value}`).toBeLessThanOrEqual(
        2e-7 * Math.abs(expected),
      );
    }
  });

  test("where they end: 0, 1, infinity, NaN", () => {
    const at = [-Infinity, -104, 89, Infinity, NaN];
    expect([...exp(tensor(at)).dataSync()]).toEqual([0, 0, Infinity, Infinity, NaN]);
    expect([...sigmoid(tensor(at)).dataSync()]).toEqual([0, 0, 1, 1, NaN]);
    expect([...tanh(tensor(at)).dataSync()]).toEqual([-1, -1, 1, 1, NaN]);
  });

  test("numbers too small for all digits are rounded as C rounds them", () => {
    const smallest = Array.from(exp(tensor([-90, -100, -103])).dataSync());
    for (const [i, x] of [-90, -100, -103].entries())
      expect(Math.abs((smallest[i] ?? NaN) - Math.exp(x))).toBeLessThanOrEqual(1.5e-45);
  });
});
