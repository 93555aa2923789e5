import { abs, sign } from "@pellucid/core-train";
import {
  acos,
  asin,
  atan,
  atanh,
  cos,
  exp,
  log,
  mul,
  neg,
  reciprocal,
  rsqrt,
  sin,
  sqrt,
  square,
  tan,
  tanh,
  type Tensor,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** A function that an edge can be locked to. */
export interface SymbolicFunction {
  readonly value: (x: number) => number;
  readonly tensor: <X extends Tensor>(x: X) => X;
  /** From the LaTeX of the argument to that of the value. */
  readonly latex: (x: string) => string;
  /** From the TypeScript of the argument to that of the value. */
  readonly typescript: (x: string) => string;
  /** How complex it counts when functions are suggested, as in pykan. */
  readonly complexity: number;
}

const braced = (name: string) => (x: string) => `${name}\\left(${x}\\right)`;
const power = (n: number) => (x: string) => `\\left(${x}\\right)^{${n}}`;
const call = (name: string) => (x: string) => `Math.${name}(${x})`;
const raised = (n: number) => (x: string) => `((${x}) ** ${n})`;

/** Functions of one number, by pykan's names. */
export const symbolicFunctions = {
  "0": { value: () => 0, tensor: zerosLike, latex: () => "0", typescript: () => "0", complexity: 0 },
  x: { value: (x) => x, tensor: (x) => mul(x, 1), latex: (x) => x, typescript: (x) => x, complexity: 1 },
  "x^2": { value: (x) => x * x, tensor: square, latex: power(2), typescript: raised(2), complexity: 2 },
  "x^3": {
    value: (x) => x ** 3,
    tensor: (x) => mul(x, square(x)),
    latex: power(3),
    typescript: raised(3),
    complexity: 3,
  },
  "x^4": {
    value: (x) => x ** 4,
    tensor: (x) => square(square(x)),
    latex: power(4),
    typescript: raised(4),
    complexity: 3,
  },
  "x^5": {
    value: (x) => x ** 5,
    tensor: (x) => mul(x, square(square(x))),
    latex: power(5),
    typescript: raised(5),
    complexity: 3,
  },
  "1/x": {
    value: (x) => 1 / x,
    tensor: reciprocal,
    latex: (x) => `\\frac{1}{${x}}`,
    typescript: (x) => `1 / (${x})`,
    complexity: 2,
  },
  "1/x^2": {
    value: (x) => 1 / (x * x),
    tensor: (x) => reciprocal(square(x)),
    latex: power(-2),
    typescript: raised(-2),
    complexity: 2,
  },
  sqrt: {
    value: Math.sqrt,
    tensor: sqrt,
    latex: (x) => `\\sqrt{${x}}`,
    typescript: call("sqrt"),
    complexity: 2,
  },
  "1/sqrt(x)": {
    value: (x) => 1 / Math.sqrt(x),
    tensor: rsqrt,
    latex: (x) => `\\frac{1}{\\sqrt{${x}}}`,
    typescript: (x) => `1 / Math.sqrt(${x})`,
    complexity: 2,
  },
  exp: { value: Math.exp, tensor: exp, latex: (x) => `e^{${x}}`, typescript: call("exp"), complexity: 2 },
  log: { value: Math.log, tensor: log, latex: braced("\\log"), typescript: call("log"), complexity: 2 },
  abs: {
    value: Math.abs,
    tensor: abs,
    latex: (x) => `\\left|${x}\\right|`,
    typescript: call("abs"),
    complexity: 3,
  },
  sin: { value: Math.sin, tensor: sin, latex: braced("\\sin"), typescript: call("sin"), complexity: 2 },
  cos: { value: Math.cos, tensor: cos, latex: braced("\\cos"), typescript: call("cos"), complexity: 2 },
  tan: { value: Math.tan, tensor: tan, latex: braced("\\tan"), typescript: call("tan"), complexity: 3 },
  tanh: { value: Math.tanh, tensor: tanh, latex: braced("\\tanh"), typescript: call("tanh"), complexity: 3 },
  sgn: {
    value: Math.sign,
    tensor: sign,
    latex: braced("\\operatorname{sgn}"),
    typescript: call("sign"),
    complexity: 3,
  },
  arcsin: {
    value: Math.asin,
    tensor: asin,
    latex: braced("\\arcsin"),
    typescript: call("asin"),
    complexity: 4,
  },
  arccos: {
    value: Math.acos,
    tensor: acos,
    latex: braced("\\arccos"),
    typescript: call("acos"),
    complexity: 4,
  },
  arctan: {
    value: Math.atan,
    tensor: atan,
    latex: braced("\\arctan"),
    typescript: call("atan"),
    complexity: 4,
  },
  arctanh: {
    value: Math.atanh,
    tensor: atanh,
    latex: braced("\\operatorname{artanh}"),
    typescript: call("atanh"),
    complexity: 4,
  },
  gaussian: {
    value: (x) => Math.exp(-x * x),
    tensor: (x) => exp(neg(square(x))),
    latex: (x) => `e^{-\\left(${x}\\right)^{2}}`,
    typescript: (x) => `Math.exp(-((${x}) ** 2))`,
    complexity: 3,
  },
} as const satisfies Record<string, SymbolicFunction>;

/** The name of a function that an edge can be locked to. */
export type SymbolicName = keyof typeof symbolicFunctions;
