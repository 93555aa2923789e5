import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
import { map } from "./nd.ts";

type Unary = [
  name: string,
  run: (x: tf.Tensor) => tf.Tensor,
  define: (x: number) => number,
  options?: Options,
];

interface Options {
  readonly operand?: (draw: Draw) => Operand;
  readonly second?: boolean;
  readonly rough?: boolean;
}

const between = (low: number, high: number) => (draw: Draw) =>
  draw.uniform(draw.sizes(draw.size(1, 4)), low, high);
const apart = (draw: Draw) => draw.apart(draw.sizes(draw.size(1, 3)));

/** By its series, which converges everywhere. */
function erf(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const [alpha, lambda] = [1.6732632423543772, 1.0507009873554805];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

const unary: Unary[] = [
  ["abs", tf.abs, Math.abs, { operand: apart }],
  ["acos", tf.acos, Math.acos, { operand: between(-0.8, 0.8), rough: true }],
  ["acosh", tf.acosh, Math.acosh, { operand: between(1.5, 4), rough: true }],
  ["asin", tf.asin, Math.asin, { operand: between(-0.8, 0.8), rough: true }],
  ["asinh", tf.asinh, Math.asinh, { rough: true }],
  ["atan", tf.atan, Math.atan, { rough: true }],
  ["atanh", tf.atanh, Math.atanh, { operand: between(-0.8, 0.8), rough: true }],
  ["ceil", tf.ceil, Math.ceil, { operand: apart }],
  ["cos", tf.cos, Math.cos, { rough: true, second: true }],
  ["cosh", tf.cosh, Math.cosh, { rough: true }],
  ["elu", tf.elu, (x) => (x > 0 ? x : Math.expm1(x)), { operand: apart, second: true }],
  ["erf", tf.erf, erf, { rough: true }],
  ["exp", tf.exp, Math.exp, { second: true }],
  ["expm1", tf.expm1, Math.expm1],
  ["floor", tf.floor, Math.floor, { operand: apart }],
  ["leakyRelu", (x) => tf.leakyRelu(x, 0.2), (x) => (x > 0 ? x : 0.2 * x), { operand: apart }],
  ["log", tf.log, Math.log, { operand: between(0.3, 3), second: true }],
  ["log1p", tf.log1p, Math.log1p, { operand: between(-0.5, 3) }],
  ["logSigmoid", tf.logSigmoid, (x) => -Math.log1p(Math.exp(-x))],
  ["neg", tf.neg, (x) => -x],
  ["reciprocal", tf.reciprocal, (x) => 1 / x, { operand: between(0.5, 2), second: true }],
  ["relu", tf.relu, (x) => Math.max(0, x), { operand: apart, second: true }],
  ["relu6", tf.relu6, (x) => Math.min(6, Math.max(0, x)), { operand: apart }],
  ["round", tf.round, Math.round, { operand: apart }],
  ["rsqrt", tf.rsqrt, (x) => 1 / Math.sqrt(x), { operand: between(0.5, 3), second: true }],
  ["selu", tf.selu, (x) => lambda * (x > 0 ? x : alpha * Math.expm1(x)), { operand: apart }],
  ["sigmoid", tf.sigmoid, sigmoid, { second: true }],
  ["sign", tf.sign, Math.sign, { operand: apart }],
  ["sin", tf.sin, Math.sin, { rough: true, second: true }],
  ["sinh", tf.sinh, Math.sinh, { rough: true }],
  ["softplus", tf.softplus, (x) => Math.log1p(Math.exp(x)), { second: true }],
  ["sqrt", tf.sqrt, Math.sqrt, { operand: between(0.5, 3), second: true }],
  ["square", tf.square, (x) => x * x, { second: true }],
  ["step", (x) => tf.step(x), (x) => (x > 0 ? 1 : 0), { operand: apart }],
  ["tan", tf.tan, Math.tan, { rough: true }],
  ["tanh", tf.tanh, Math.tanh, { rough: true, second: true }],
  [
    "clipByValue",
    (x) => tf.clipByValue(x, -1, 1.5),
    (x) => Math.min(1.5, Math.max(-1, x)),
    { operand: apart },
  ],
  ["clone", (x) => tf.clone(x), (x) => x],
  ["pow by 3", (x) => tf.pow(x, 3), (x) => x ** 3, { second: true }],
  ["cast to int and back", (x) => tf.cast(tf.cast(x, "int32"), "float32"), Math.trunc, { operand: apart }],
];

/** Ops that map each number by itself. */
export const elementwise: readonly MatrixCase[] = unary.map(([name, run, define, options = {}]) => {
  const { operand = between(-2, 2), ...rest } = options;
  return { name, operands: (draw) => [operand(draw)], run, define: (x) => map(x, define), ...rest };
});
