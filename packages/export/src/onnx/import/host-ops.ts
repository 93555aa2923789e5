import { sizeOf } from "@pellucid/core-train";
import { dtypeOf, type OnnxDtype } from "../read/read-tensor.ts";
import type { Call } from "./call.ts";
import { type HostNumbers, OnnxValue } from "./onnx-value.ts";

/** Larger results are computed by the backend. */
const largest = 4096;

type Numbers = (...numbers: number[]) => number;

const truncated = (a: number, b: number): number => Math.trunc(a / b);
const truth = (value: boolean): number => (value ? 1 : 0);

const numeric: Readonly<Record<string, Numbers>> = {
  Add: (a = 0, b = 0) => a + b,
  Sub: (a = 0, b = 0) => a - b,
  Mul: (a = 0, b = 0) => a * b,
  Max: (...all) => Math.max(...all),
  Min: (...all) => Math.min(...all),
  Neg: (a = 0) => -a,
  Abs: (a = 0) => Math.abs(a),
  Floor: (a = 0) => Math.floor(a),
  Ceil: (a = 0) => Math.ceil(a),
  Sqrt: (a = 0) => Math.sqrt(a),
  Pow: (a = 0, b = 0) => a ** b,
  Identity: (a = 0) => a,
};

const comparing: Readonly<Record<string, Numbers>> = {
  Equal: (a, b) => truth(a === b),
  Less: (a = 0, b = 0) => truth(a < b),
  Greater: (a = 0, b = 0) => truth(a > b),
  LessOrEqual: (a = 0, b = 0) => truth(a <= b),
  GreaterOrEqual: (a = 0, b = 0) => truth(a >= b),
  And: (a = 0, b = 0) => a & b,
  Or: (a = 0, b = 0) => a | b,
  Not: (a = 0) => 1 - a,
};

/** Runs a node whose inputs all follow from shapes and constants; `null` if that is left to the backend. */
export function onHost(call: Call): OnnxValue | null {
  const { op } = call.node;
  const inputs = call.inputs.flatMap((value) => value?.numbers ?? []);
  const [first] = inputs;
  if (first === undefined || inputs.length !== call.inputs.length) return null;
  const number = numeric[op];
  if (number !== undefined) return broadcast(inputs, first.dtype, number);
  const compared = comparing[op];
  if (compared !== undefined) return broadcast(inputs, "bool", compared);
  switch (op) {
    case "Div":
      return broadcast(
        inputs,
        first.dtype,
        first.dtype === "float32" ? (a = 0, b = 1) => a / b : (a = 0, b = 1) => truncated(a, b),
      );
    case "Mod":
      return call.number("fmod", 0) === 0 && first.dtype !== "float32"
        ? broadcast(inputs, first.dtype, (a = 0, b = 1) => a - b * Math.floor(a / b))
        : null;
    case "Cast": {
      const dtype = dtypeOf(call.number("to", 0));
      if (dtype === null) return null;
      const whole = dtype === "int32" || dtype === "int64";
      return broadcast(inputs, dtype, (a = 0) =>
        dtype === "bool" ? truth(a !== 0) : whole ? Math.trunc(a) : a,
      );
    }
    case "Where":
      return broadcast(inputs, inputs[1]?.dtype ?? first.dtype, (isFirst, a = 0, b = 0) =>
        isFirst === 0 ? b : a,
      );
    case "ReduceProd":
    case "ReduceSum":
    case "ReduceMax":
    case "ReduceMin":
      return first.shape.length === 1 && inputs.length === 1 ? reduced(call, op, first) : null;
    default:
      return null;
  }
}

const folds: Readonly<Record<string, (data: readonly number[]) => number>> = {
  ReduceProd: (data) => data.reduce((product, n) => product * n, 1),
  ReduceSum: (data) => data.reduce((total, n) => total + n, 0),
  ReduceMax: (data) => Math.max(...data),
  ReduceMin: (data) => Math.min(...data),
};

function reduced(call: Call, op: string, { dtype, data }: HostNumbers): OnnxValue {
  const shape = call.number("keepdims", 1) === 0 ? [] : [1];
  return OnnxValue.host(dtype, shape, [folds[op]?.(Array.from(data)) ?? 0]);
}

function broadcast(inputs: readonly HostNumbers[], dtype: OnnxDtype, run: Numbers): OnnxValue | null {
  const rank = Math.max(...inputs.map(({ shape }) => shape.length));
  const wide = inputs.map(({ shape }) => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
  const shape = Array.from({ length: rank }, (_, axis) =>
    wide.reduce((size, one) => (one[axis] === 1 ? size : (one[axis] as number)), 1),
  );
  if (sizeOf(shape) > largest) return null;
  if (wide.some((one) => one.some((size, axis) => size !== 1 && size !== shape[axis]))) return null;
  const data = Array.from({ length: sizeOf(shape) }, (_, index) => {
    const numbers = inputs.map(
      ({ data: from }, i) => from[indexIn(wide[i] as number[], shape, index)] as number,
    );
    const result = run(...numbers);
    return dtype === "float32" ? Math.fround(result) : result;
  });
  return OnnxValue.host(dtype, shape, data);
}

/** Where an element of a broadcast shape is in one that was broadcast to it. */
function indexIn(from: readonly number[], shape: readonly number[], index: number): number {
  let [rest, found, step] = [index, 0, 1];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    if (from[axis] !== 1) found += (rest % size) * step;
    step *= from[axis] as number;
    rest = Math.floor(rest / size);
  }
  return found;
}
