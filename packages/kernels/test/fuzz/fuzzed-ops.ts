import * as tf from "@tensorflow/tfjs-core";
import { type Drawing, type Drawn, toTensor } from "./drawing.ts";

/** A call to compare. */
export interface Call {
  /** The op, and its other arguments. */
  readonly title: string;
  readonly inputs: readonly Drawn[];
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor;
}

type Fuzzed = (draw: Drawing) => Call;
type Ops<Run> = readonly (readonly [name: string, run: Run, takesIntegers?: boolean])[];

const unary: Ops<(x: tf.Tensor) => tf.Tensor> = [
  ["acos", tf.acos],
  ["acosh", tf.acosh],
  ["asin", tf.asin],
  ["asinh", tf.asinh],
  ["atan", tf.atan],
  ["atanh", tf.atanh],
  ["ceil", tf.ceil],
  ["cos", tf.cos],
  ["cosh", tf.cosh],
  ["erf", tf.erf],
  ["exp", tf.exp],
  ["floor", tf.floor],
  ["leakyRelu", tf.leakyRelu],
  ["log", tf.log],
  ["logSigmoid", tf.logSigmoid],
  ["neg", tf.neg, true],
  ["reciprocal", tf.reciprocal],
  ["relu", tf.relu, true],
  ["round", tf.round],
  ["rsqrt", tf.rsqrt],
  ["sigmoid", tf.sigmoid],
  ["sin", tf.sin],
  ["sinh", tf.sinh],
  ["softplus", tf.softplus],
  ["sqrt", tf.sqrt],
  ["square", tf.square, true],
  ["step", tf.step],
  ["tan", tf.tan],
  ["tanh", tf.tanh],
  ["isFinite", tf.isFinite],
  ["isInf", tf.isInf],
  ["isNaN", tf.isNaN],
];

const binary: Ops<(a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = [
  ["add", tf.add, true],
  ["div", tf.div],
  ["mul", tf.mul, true],
  ["pow", tf.pow],
  ["sub", tf.sub, true],
  ["floorDiv", tf.floorDiv, true],
  ["mod", tf.mod, true],
  ["prelu", tf.prelu],
  ["maximum", tf.maximum, true],
  ["minimum", tf.minimum, true],
  ["squaredDifference", tf.squaredDifference, true],
  ["equal", tf.equal, true],
  ["greater", tf.greater, true],
  ["greaterEqual", tf.greaterEqual, true],
  ["less", tf.less, true],
  ["lessEqual", tf.lessEqual, true],
  ["notEqual", tf.notEqual, true],
];

const logical: Ops<(a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = [
  ["logicalAnd", tf.logicalAnd],
  ["logicalOr", tf.logicalOr],
  ["logicalXor", tf.logicalXor],
];

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const reductions: Ops<Reduction> = [
  ["mean", tf.mean],
  ["sum", tf.sum],
  ["prod", tf.prod],
  ["max", tf.max],
  ["min", tf.min],
];

const truths: Ops<Reduction> = [
  ["all", tf.all],
  ["any", tf.any],
];

const numbers = (draw: Drawing, takesIntegers = false) =>
  takesIntegers ? draw.of<"float32" | "int32">("float32", "int32") : "float32";

/** The pieces of one tensor, in a row, the last first. */
const inARow = (pieces: readonly tf.Tensor[]): tf.Tensor =>
  pieces.length === 0
    ? tf.zeros([0])
    : tf.concat(pieces.map((piece) => tf.reshape(piece, [-1])).toReversed());

const along = (axis: number, rank: number) => (axis + rank) % rank;

/** How each kind of op is called with random arguments. */
export const fuzzed: Readonly<Record<string, Fuzzed>> = {
  unary: (draw) => {
    const [title, run, takesIntegers] = draw.of(...unary);
    return { title, inputs: [draw.make(draw.shape(draw.below(6)), numbers(draw, takesIntegers))], run };
  },
  not: (draw) => ({
    title: "logicalNot",
    inputs: [draw.make(draw.shape(draw.below(5)), "bool")],
    run: (x) => tf.logicalNot(x),
  }),
  binary: (draw) => {
    const [title, run, takesIntegers] = draw.of(...binary);
    const shape = draw.shape(draw.below(6));
    const dtype = numbers(draw, takesIntegers);
    return { title, inputs: [draw.make(draw.part(shape), dtype), draw.make(draw.part(shape), dtype)], run };
  },
  logical: (draw) => {
    const [title, run] = draw.of(...logical);
    const shape = draw.shape(draw.below(6));
    return { title, inputs: [draw.make(draw.part(shape), "bool"), draw.make(draw.part(shape), "bool")], run };
  },
  reduction: (draw) => {
    const rank = draw.below(6);
    const isTruth = draw.happens(0.2);
    const [name, run] = draw.of(...(isTruth ? truths : reductions));
    const [axes, keepDims] = [draw.axes(rank), draw.happens(0.5)];
    return {
      title: `${name} over ${axes?.join()}${keepDims ? ", kept" : ""}`,
      inputs: [draw.make(draw.shape(rank), isTruth ? "bool" : numbers(draw, true))],
      run: (x) => run(x, axes, keepDims),
    };
  },
  extreme: (draw) => {
    const rank = 1 + draw.below(5);
    const axis = draw.axis(rank);
    const [name, run] = draw.of<[string, typeof tf.argMax]>(["argMax", tf.argMax], ["argMin", tf.argMin]);
    return {
      title: `${name} along ${axis}`,
      inputs: [draw.make(draw.shape(rank), numbers(draw, true))],
      run: (x) => run(x, axis),
    };
  },
  cumulative: (draw) => {
    const rank = 1 + draw.below(5);
    const [axis, exclusive, reverse] = [draw.axis(rank), draw.happens(0.5), draw.happens(0.5)];
    const [name, run] = draw.of<[string, typeof tf.cumsum]>(["cumsum", tf.cumsum], ["cumprod", tf.cumprod]);
    const shape = draw.shape(rank);
    return {
      title: `${name} along ${axis}${exclusive ? ", exclusive" : ""}${reverse ? ", backward" : ""}`,
      inputs: [draw.make(shape, numbers(draw, true))],
      run: (x) => run(x, axis, exclusive, reverse),
    };
  },
  where: (draw) => {
    const shape = draw.shape(draw.below(6));
    const dtype = draw.dtype();
    return {
      title: "where",
      inputs: [
        draw.make(draw.part(shape), "bool"),
        draw.make(draw.part(shape), dtype),
        draw.make(draw.part(shape), dtype),
      ],
      run: (condition, a, b) => tf.where(condition as tf.Tensor, a as tf.Tensor, b as tf.Tensor),
    };
  },
  concat: (draw) => {
    const rank = 1 + draw.below(5);
    const axis = draw.axis(rank);
    const [shape, dtype] = [draw.shape(rank), draw.dtype()];
    return {
      title: `concat along ${axis}`,
      inputs: Array.from({ length: 1 + draw.below(4) }, () =>
        draw.make(shape.with(along(axis, rank), draw.size()), dtype),
      ),
      run: (...all) => tf.concat(all, axis),
    };
  },
  stack: (draw) => {
    const rank = draw.below(5);
    const axis = draw.axis(rank + 1);
    const [shape, dtype] = [draw.shape(rank), draw.dtype()];
    return {
      title: `stack along ${axis}`,
      inputs: Array.from({ length: 1 + draw.below(3) }, () => draw.make(shape, dtype)),
      run: (...all) => tf.stack(all, axis),
    };
  },
  unstack: (draw) => {
    const rank = 1 + draw.below(5);
    const axis = draw.axis(rank);
    return {
      title: `unstack along ${axis}`,
      inputs: [draw.make(draw.filled(rank), draw.dtype())],
      run: (x) => inARow(tf.unstack(x as tf.Tensor, axis)),
    };
  },
  split: (draw) => {
    const rank = 1 + draw.below(5);
    const axis = draw.axis(rank);
    const shape = draw.shape(rank);
    const length = shape[along(axis, rank)] as number;
    const first = draw.below(length + 1);
    return {
      title: `split after ${first} along ${axis}`,
      inputs: [draw.make(shape, draw.dtype())],
      run: (x) => inARow(tf.split(x as tf.Tensor, [first, length - first], axis)),
    };
  },
  gather: (draw) => {
    const rank = 1 + draw.below(4);
    const axis = draw.axis(rank);
    const shape = draw.filled(rank);
    const indices = draw.indices(draw.shape(draw.below(3)), shape[along(axis, rank)] as number);
    return {
      title: `gather of [${indices.shape.join()}] along ${axis}`,
      inputs: [draw.make(shape, draw.dtype())],
      run: (x) => tf.gather(x as tf.Tensor, toTensor(indices) as tf.Tensor1D, axis),
    };
  },
  pad: (draw) => {
    const rank = 1 + draw.below(5);
    const paddings = Array.from({ length: rank }, (): [number, number] => [draw.below(3), draw.below(3)]);
    return {
      title: `pad by ${JSON.stringify(paddings)}`,
      inputs: [draw.make(draw.shape(rank), draw.dtype())],
      run: (x) => tf.pad(x as tf.Tensor, paddings, 1),
    };
  },
  mirrorPad: (draw) => {
    const shape = draw.filled(1 + draw.below(4));
    const mode = draw.of<"reflect" | "symmetric">("reflect", "symmetric");
    const most = shape.map((n) => Math.min(mode === "reflect" ? n : n + 1, 4));
    const paddings = most.map((end): [number, number] => [draw.below(end), draw.below(end)]);
    return {
      title: `mirrorPad, ${mode}, by ${JSON.stringify(paddings)}`,
      inputs: [draw.make(shape)],
      run: (x) => tf.mirrorPad(x as tf.Tensor, paddings, mode),
    };
  },
  reverse: (draw) => {
    const rank = 1 + draw.below(5);
    const axes = draw.axes(rank);
    return {
      title: `reverse along ${axes?.join()}`,
      inputs: [draw.make(draw.shape(rank), draw.dtype())],
      run: (x) => tf.reverse(x as tf.Tensor, axes),
    };
  },
  slice: (draw) => {
    const shape = draw.shape(1 + draw.below(5));
    const begin = shape.map((n) => draw.below(n + 1));
    const size = shape.map((n, i) => (draw.happens(0.2) ? -1 : draw.below(n - (begin[i] as number) + 1)));
    return {
      title: `slice from ${begin.join()} of ${size.join()}`,
      inputs: [draw.make(shape, draw.dtype())],
      run: (x) => tf.slice(x as tf.Tensor, begin, size),
    };
  },
  stridedSlice: (draw) => {
    const shape = draw.filled(1 + draw.below(4));
    const strides = shape.map(() => draw.of(1, 2, 3, -1, -2));
    const begin = shape.map((n) => draw.below(n));
    const end = shape.map((n, i) => ((strides[i] as number) > 0 ? n : -n - 1));
    return {
      title: `stridedSlice from ${begin.join()} to ${end.join()} by ${strides.join()}`,
      inputs: [draw.make(shape, numbers(draw, true))],
      run: (x) => tf.stridedSlice(x as tf.Tensor, begin, end, strides),
    };
  },
  tile: (draw) => {
    const shape = draw.shape(1 + draw.below(4));
    const times = shape.map(() => draw.below(3) + (draw.happens(0.1) ? 0 : 1));
    return {
      title: `tile ${times.join()}`,
      inputs: [draw.make(shape, draw.dtype())],
      run: (x) => tf.tile(x as tf.Tensor, times),
    };
  },
  transpose: (draw) => {
    const rank = draw.below(6);
    const order = draw.order(rank);
    return {
      title: `transpose to ${order.join()}`,
      inputs: [draw.make(draw.shape(rank), draw.dtype())],
      run: (x) => tf.transpose(x as tf.Tensor, order),
    };
  },
};
