import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
import { at, build, type Nd, spread, together, total } from "./nd.ts";

const turned = (x: Nd, turn: boolean): Nd =>
  turn
    ? build([...x.shape.slice(0, -2), ...x.shape.slice(-2).toReversed()], (i) =>
        at(x, [...i.slice(0, -2), ...i.slice(-2).toReversed()]),
      )
    : x;

function product(a: Nd, b: Nd, turnA: boolean, turnB: boolean): Nd {
  const [left, right] = [turned(a, turnA), turned(b, turnB)];
  const batch = together(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const inner = left.shape.at(-1) as number;
  return build([...batch, left.shape.at(-2) as number, right.shape.at(-1) as number], (index) => {
    const [own, [i, j]] = [index.slice(0, -2), index.slice(-2) as [number, number]];
    const number = (x: Nd, row: number, column: number) => {
      const [rows, columns] = x.shape.slice(-2) as [number, number];
      // A row or column of length 1 does not broadcast: its index is 0 in any case.
      return spread(x, [...own, rows === 1 ? 0 : row, columns === 1 ? 0 : column]);
    };
    return total([inner], (k) => number(left, i, k as number) * number(right, k as number, j));
  });
}

function factors(draw: Draw, batchA: number[], batchB: number[], turnA: boolean, turnB: boolean): Operand[] {
  const [rows, inner, columns] = [draw.size(1, 5), draw.size(1, 6), draw.size(1, 5)];
  const shape = (batch: number[], sides: number[], turn: boolean) => [
    ...batch,
    ...(turn ? sides.toReversed() : sides),
  ];
  return [
    draw.uniform(shape(batchA, [rows, inner], turnA)),
    draw.uniform(shape(batchB, [inner, columns], turnB)),
  ];
}

const kinds: [string, number[], number[], boolean, boolean][] = [
  ["", [], [], false, false],
  [", first transposed", [], [], true, false],
  [", second transposed", [], [], false, true],
  [", both transposed", [], [], true, true],
  [" of a batch", [3], [3], false, false],
  [" of a batch, second transposed", [2, 2], [2, 2], false, true],
  [", a batch with one", [2, 3], [1, 1], false, false],
  [", one with a batch, first transposed", [1], [3], true, false],
  [", both batches broadcast", [2, 1], [1, 2], false, true],
  [", a batch with a matrix", [2, 2], [], false, false],
];

const products = kinds.map(([name, batchA, batchB, turnA, turnB]): MatrixCase => ({
  name: `matMul${name}`,
  operands: (draw) => factors(draw, batchA, batchB, turnA, turnB),
  run: (a, b) => tf.matMul(a, b, turnA, turnB),
  define: (a, b) => product(a, b, turnA, turnB),
  second: ["", " of a batch", ", a batch with one"].includes(name),
}));

/** Each letter is an axis: the sum over those that the result does not have. */
function einsum(equation: string, operands: readonly Nd[]): Nd {
  const [left = "", right = ""] = equation.split("->");
  const terms = left.split(",");
  const sizes = new Map(
    terms.flatMap((term, i) =>
      term.split("").map((letter, axis) => [letter, operands[i]?.shape[axis] as number]),
    ),
  );
  const summed = [...sizes.keys()].filter((letter) => !right.includes(letter));
  return build(
    right.split("").map((letter) => sizes.get(letter) as number),
    (index) =>
      total(
        summed.map((letter) => sizes.get(letter) as number),
        (...own) => {
          const indexOf = (letter: string) =>
            (right.includes(letter) ? index[right.indexOf(letter)] : own[summed.indexOf(letter)]) as number;
          return operands.reduce(
            (factor, x, i) => factor * at(x, (terms[i] as string).split("").map(indexOf)),
            1,
          );
        },
      ),
  );
}

const equations = ["ij,jk->ik", "bij,bjk->bik", "ij->ji", "ij->i", "i,j->ij", "bhid,bhjd->bhij", "ij,ij->"];

const sums = equations.map((equation): MatrixCase => ({
  name: `einsum ${equation}`,
  operands: (draw) => {
    const sizes = new Map("bhijkd".split("").map((letter) => [letter, draw.size(1, 3)]));
    const terms = (equation.split("->")[0] as string).split(",");
    return terms.map((term) => draw.uniform(term.split("").map((letter) => sizes.get(letter) as number)));
  },
  run: (...inputs) => tf.einsum(equation, ...inputs),
  define: (...inputs) => einsum(equation, inputs),
  second: equation.startsWith("bij"),
}));

/** Products of matrices. */
export const matrices: readonly MatrixCase[] = [
  ...products,
  ...sums,
  {
    name: "dot",
    operands: (draw) => factors(draw, [], [], false, false),
    run: (a, b) => tf.dot(a as tf.Tensor2D, b as tf.Tensor2D),
    define: (a, b) => product(a, b, false, false),
  },
  {
    name: "outerProduct",
    operands: (draw) => [draw.uniform([draw.size(1, 4)]), draw.uniform([draw.size(1, 4)])],
    run: (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
    define: (a, b) =>
      build(
        [a.shape[0] as number, b.shape[0] as number],
        ([i, j]) => at(a, [i as number]) * at(b, [j as number]),
      ),
  },
  {
    name: "fused matMul with bias and relu",
    operands: (draw) => [draw.uniform([3, 4]), draw.uniform([4, 5]), draw.uniform([5])],
    run: (a, b, bias) =>
      tf.fused.matMul({
        a: a as tf.Tensor2D,
        b: b as tf.Tensor2D,
        bias: bias as tf.Tensor,
        activation: "relu",
      }),
    define: (a, b, bias) => {
      const y = product(a, b, false, false);
      return build(y.shape, (index) => Math.max(0, at(y, index) + at(bias as Nd, index.slice(1))));
    },
  },
];
