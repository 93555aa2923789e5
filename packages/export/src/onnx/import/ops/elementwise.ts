import {
  abs,
  celu,
  elu,
  gelu,
  hardshrink,
  hardsigmoid,
  hardswish,
  maximum,
  minimum,
  mish,
  relu,
  selu,
  sigmoid,
  sign,
  silu,
  softplus,
  softshrink,
  softsign,
  tanh,
} from "@pellucid/core-train";
import {
  acos,
  acosh,
  add,
  addN,
  asin,
  asinh,
  atan,
  cast,
  ceil,
  cos,
  cosh,
  div,
  equal,
  erf,
  exp,
  floor,
  floorDiv,
  greater,
  greaterEqual,
  isInf,
  isNaN,
  less,
  lessEqual,
  log,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  mod,
  mul,
  neg,
  notEqual,
  pow,
  prelu,
  reciprocal,
  round,
  scalar,
  sin,
  sinh,
  sqrt,
  sub,
  tan,
  type Tensor,
  where,
} from "@tensorflow/tfjs-core";
import { dtypeOf } from "../../read/read-tensor.ts";
import { elementwise } from "../along-axes.ts";
import type { Call, OnnxOp, OnnxOps } from "../call.ts";
import type { OnnxValue } from "../onnx-value.ts";

const given = ({ inputs }: Call): readonly OnnxValue[] => inputs.filter((value) => value !== null);

/** An op of one input, maybe with attributes. */
function unary(run: (x: Tensor, call: Call) => Tensor): OnnxOp {
  return (call) => elementwise([call.input(0)], (x) => run(x as Tensor, call));
}

/** An op of two inputs. */
function binary(run: (a: Tensor, b: Tensor, call: Call) => Tensor): OnnxOp {
  return (call) => elementwise([call.input(0), call.input(1)], (a, b) => run(a as Tensor, b as Tensor, call));
}

/** An op of any number of inputs. */
function folded(run: (a: Tensor, b: Tensor) => Tensor): OnnxOp {
  return (call) =>
    elementwise([call.input(0), ...given(call).slice(1)], (...all) => all.reduce((a, b) => run(a, b)));
}

const number = (x: Tensor): Tensor => (x.dtype === "bool" ? cast(x, "int32") : x);

/** Integers are truncated towards 0, unlike by `floorDiv`. */
function quotient(a: Tensor, b: Tensor): Tensor {
  if (a.dtype !== "int32" || b.dtype !== "int32") return div(a, b);
  const below = floorDiv(a, b);
  const isBelow = logicalAnd(notEqual(mul(below, b), a), logicalXor(less(a, 0), less(b, 0)));
  return add(below, cast(isBelow, "int32"));
}

/** The remainder has the sign of the divisor, or with `fmod` that of the dividend. */
function remainder(a: Tensor, b: Tensor, call: Call): Tensor {
  if (call.number("fmod", 0) === 0) return mod(a, b);
  const rest = mod(abs(a), abs(b));
  return mul(sign(a), rest);
}

function cut(call: Call): OnnxValue {
  const bounds = [1, 2].map((i) => call.optional(i));
  return elementwise([call.input(0)], (x) => {
    const [low, high] = bounds.map((bound) => bound?.tensor);
    const above = low === undefined ? (x as Tensor) : maximum(x as Tensor, low);
    return high === undefined ? above : minimum(above, high);
  });
}

function shrink(x: Tensor, call: Call): Tensor {
  const [lambd, bias] = [call.number("lambd", 0.5), call.number("bias", 0)];
  if (bias === 0) return hardshrink(x, { lambd });
  call.refuse(bias === lambd, "its bias is neither 0 nor lambd");
  return softshrink(x, { lambd });
}

function castTo(x: Tensor, call: Call): Tensor {
  const code = call.number("to", 0);
  const dtype = dtypeOf(code) ?? null;
  call.refuse(dtype !== null, `it casts to the dtype ${code}, which is not imported`);
  if (dtype === "bool") return notEqual(number(x), 0);
  return cast(x, dtype === "float32" ? "float32" : "int32");
}

/** The ops that work number by number. */
export const elementwiseOps: OnnxOps = {
  Abs: unary((x) => abs(x)),
  Acos: unary((x) => acos(x)),
  Acosh: unary((x) => acosh(x)),
  Asin: unary((x) => asin(x)),
  Asinh: unary((x) => asinh(x)),
  Atan: unary((x) => atan(x)),
  Atanh: unary((x) => mul(0.5, log(div(add(1, x), sub(1, x))))),
  Ceil: unary((x) => ceil(x)),
  Cos: unary((x) => cos(x)),
  Cosh: unary((x) => cosh(x)),
  Erf: unary((x) => erf(x)),
  Exp: unary((x) => exp(x)),
  Floor: unary((x) => floor(x)),
  Log: unary((x) => log(x)),
  Neg: unary((x) => neg(x)),
  Reciprocal: unary((x) => reciprocal(x)),
  Round: unary((x) => round(x)),
  Sign: unary((x) => sign(x)),
  Sin: unary((x) => sin(x)),
  Sinh: unary((x) => sinh(x)),
  Sqrt: unary((x) => sqrt(x)),
  Tan: unary((x) => tan(x)),
  IsInf: unary((x) => isInf(x)),
  IsNaN: unary((x) => isNaN(x)),
  Not: unary((x) => logicalNot(x)),
  Identity: (call) => call.input(0),
  Dropout: (call) => call.input(0),
  Cast: unary(castTo),
  CastLike: binary((x, like) => (like.dtype === "bool" ? notEqual(number(x), 0) : cast(x, like.dtype))),
  // activations
  Celu: unary((x, call) => celu(x, { alpha: call.number("alpha", 1) })),
  Clip: cut,
  Elu: unary((x, call) => elu(x, { alpha: call.number("alpha", 1) })),
  Gelu: unary((x, call) => gelu(x, { approximate: call.text("approximate", "none", ["none", "tanh"]) })),
  HardSigmoid: unary((x, call) => {
    const [alpha, beta] = [call.number("alpha", 0.2), call.number("beta", 0.5)];
    return Math.abs(alpha - 1 / 6) < 1e-7 && beta === 0.5
      ? hardsigmoid(x)
      : minimum(maximum(add(mul(x, alpha), beta), scalar(0)), scalar(1));
  }),
  HardSwish: unary((x) => hardswish(x)),
  LeakyRelu: unary((x, call) => {
    const alpha = call.number("alpha", 0.01);
    return where(greater(x, 0), x, mul(x, alpha));
  }),
  Mish: unary((x) => mish(x)),
  PRelu: binary((x, alpha) => prelu(x, alpha)),
  Relu: unary((x) => relu(x)),
  Selu: unary((x, call) => {
    const usual = call.attribute("alpha") === undefined && call.attribute("gamma") === undefined;
    call.refuse(usual, "it has other constants than the paper");
    return selu(x);
  }),
  Shrink: unary(shrink),
  Sigmoid: unary((x) => sigmoid(x)),
  Softplus: unary((x) => softplus(x)),
  Softsign: unary((x) => softsign(x)),
  Swish: unary((x) => silu(x)),
  Tanh: unary((x) => tanh(x)),
  ThresholdedRelu: unary((x, call) => mul(x, cast(greater(x, call.number("alpha", 1)), "float32"))),
  // of several inputs
  Add: binary((a, b) => add(a, b)),
  Sub: binary((a, b) => sub(a, b)),
  Mul: binary((a, b) => mul(a, b)),
  Div: binary(quotient),
  Mod: binary(remainder),
  Pow: binary((a, b) => pow(a, a.dtype === b.dtype ? b : cast(b, a.dtype))),
  Max: folded((a, b) => maximum(a, b)),
  Min: folded((a, b) => minimum(a, b)),
  Sum: (call) =>
    elementwise([call.input(0), ...given(call).slice(1)], (...all) =>
      all.every(({ shape }) => shape.join() === all[0]?.shape.join())
        ? addN(all)
        : all.reduce((a, b) => add(a, b)),
    ),
  Mean: (call) =>
    elementwise([call.input(0), ...given(call).slice(1)], (...all) =>
      div(
        all.reduce((a, b) => add(a, b)),
        all.length,
      ),
    ),
  Equal: binary((a, b) => equal(number(a), number(b))),
  Greater: binary((a, b) => greater(a, b)),
  GreaterOrEqual: binary((a, b) => greaterEqual(a, b)),
  Less: binary((a, b) => less(a, b)),
  LessOrEqual: binary((a, b) => lessEqual(a, b)),
  And: binary((a, b) => logicalAnd(a, b)),
  Or: binary((a, b) => logicalOr(a, b)),
  Xor: binary((a, b) => logicalXor(a, b)),
  Where: (call) =>
    elementwise([call.input(0), call.input(1), call.input(2)], (condition, a, b) =>
      where(condition as Tensor, a as Tensor, b as Tensor),
    ),
};
