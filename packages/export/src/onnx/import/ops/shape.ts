import { sizeOf } from "@pellucid/core-train";
import { broadcastTo, range, reshape, split, type Tensor, tile } from "@tensorflow/tfjs-core";
import { alongAxes } from "../along-axes.ts";
import type { Call, OnnxOp, OnnxOps } from "../call.ts";
import { inOrder, OnnxValue } from "../onnx-value.ts";
import { isTensor } from "../without-constants.ts";

/** A value of another shape, with the same numbers in the file's order. */
function reshaped(call: Call, shape: readonly number[]): OnnxValue {
  const { numbers, shape: from, tensor } = lazily(call.input(0));
  call.refuse(
    sizeOf(from) === sizeOf(shape) && shape.every((size) => size >= 0),
    `it would make [${from.join(", ")}] to [${shape.join(", ")}]`,
  );
  if (numbers !== null) return OnnxValue.host(numbers.dtype, shape, numbers.data);
  return OnnxValue.of(reshape(tensor(), [...shape]));
}

const lazily = (value: OnnxValue) => ({
  numbers: value.numbers,
  shape: value.shape,
  tensor: () => value.tensor,
});

const reshapeTo: OnnxOp = (call) => {
  const { shape } = call.input(0);
  const asked = call.integers(1);
  const keeps = call.number("allowzero", 0) === 0;
  const target = asked.map((size, axis) => (size === 0 && keeps ? (shape[axis] ?? 0) : size));
  const others = sizeOf(target.filter((size) => size !== -1));
  return reshaped(
    call,
    target.map((size) => (size === -1 ? sizeOf(shape) / others : size)),
  );
};

/** Axes from an input, or in older files from an attribute; `null` if there are none. */
export function axesOf(call: Call, input: number, rank: number): readonly number[] | null {
  const axes = call.optional(input) === null ? call.attribute("axes") : call.integers(input);
  if (axes === undefined) return null;
  return (axes as readonly number[]).map((axis) => call.axis(axis, rank));
}

const unsqueeze: OnnxOp = (call) => {
  const { shape } = call.input(0);
  const count = (call.optional(1) === null ? call.list("axes") : call.integers(1)).length;
  const axes = new Set(axesOf(call, 1, shape.length + count));
  const rest = [...shape];
  return reshaped(
    call,
    inOrder(shape.length + count).map((axis) => (axes.has(axis) ? 1 : (rest.shift() ?? 1))),
  );
};

const squeeze: OnnxOp = (call) => {
  const { shape } = call.input(0);
  const axes = axesOf(call, 1, shape.length);
  return reshaped(
    call,
    shape.filter((size, axis) => (axes === null ? size !== 1 : !axes.includes(axis))),
  );
};

const flatten: OnnxOp = (call) => {
  const { shape } = call.input(0);
  const axis = call.number("axis", 1);
  const at = axis < 0 ? axis + shape.length : axis;
  return reshaped(call, [sizeOf(shape.slice(0, at)), sizeOf(shape.slice(at))]);
};

const transposed: OnnxOp = (call) => {
  const x = call.input(0);
  const perm = call.list("perm", inOrder(x.rank).toReversed());
  const isOne = perm.toSorted((a, b) => a - b).join() === inOrder(x.rank).join();
  call.refuse(isOne, `its perm is [${perm.join(", ")}]`);
  return x.transposed(perm);
};

const shapeOf: OnnxOp = (call) => {
  const { shape } = call.input(0);
  const end = call.attribute("end") === undefined ? shape.length : call.number("end", 0);
  const found = shape.slice(call.number("start", 0), end);
  return OnnxValue.host("int64", [found.length], found);
};

const constant: OnnxOp = (call) => {
  for (const name of ["value_float", "value_floats", "value_int", "value_ints"]) {
    const value = call.attribute(name);
    if (value === undefined) continue;
    const data = [value].flat() as number[];
    return OnnxValue.host(
      name.startsWith("value_f") ? "float32" : "int64",
      Array.isArray(value) ? [data.length] : [],
      data,
    );
  }
  throw call.error("it has no number");
};

/** What small numbers are made on the host, and larger ones by the backend. */
const small = 4096;

const constantOfShape: OnnxOp = (call) => {
  const shape = call.checkSize(call.integers(0));
  const value = call.attribute("value");
  const { dtype, data } = isTensor(value) ? value : { dtype: "float32" as const, data: [0] };
  const one = OnnxValue.host(dtype, [], [data[0] ?? 0]);
  if (sizeOf(shape) <= small && dtype !== "float32")
    return OnnxValue.host(dtype, shape, new Array<number>(sizeOf(shape)).fill(data[0] ?? 0));
  return OnnxValue.of(broadcastTo(one.tensor, [...shape]));
};

const numbersInSteps: OnnxOp = (call) => {
  const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map((i) => call.numbers(i).data[0]);
  const { dtype } = call.numbers(0);
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  call.checkSize([length]);
  if (length > small)
    return OnnxValue.of(range(start, limit, delta, dtype === "float32" ? "float32" : "int32"));
  return OnnxValue.host(
    dtype,
    [length],
    Array.from({ length }, (_, i) => start + i * delta),
  );
};

const expand: OnnxOp = (call) => {
  const x = call.input(0);
  const asked = call.integers(1);
  const rank = Math.max(x.rank, asked.length);
  const [from, to] = [x.shape, asked].map((shape) => [
    ...new Array<number>(rank - shape.length).fill(1),
    ...shape,
  ]) as [number[], number[]];
  const shape = from.map((size, axis) => (size === 1 ? (to[axis] as number) : size));
  call.checkSize(shape);
  const fits = from.every((size, axis) => size === 1 || to[axis] === 1 || to[axis] === size);
  call.refuse(fits, `it would make [${x.shape.join(", ")}] to [${asked.join(", ")}]`);
  if (x.numbers !== null && sizeOf(from) === 1 && sizeOf(shape) <= small)
    return OnnxValue.host(
      x.numbers.dtype,
      shape,
      new Array<number>(sizeOf(shape)).fill(x.numbers.data[0] ?? 0),
    );
  return OnnxValue.of(broadcastTo(reshape(x.tensor, from), shape));
};

const repeated: OnnxOp = (call) => {
  const { shape } = call.input(0);
  const times = call.integers(1);
  call.refuse(times.length === shape.length, "its repeats are not one for each axis");
  call.checkSize(shape.map((size, axis) => size * (times[axis] as number)));
  return alongAxes(call.input(0), (x, axisOf) => {
    const turned = new Array<number>(times.length);
    for (const [axis, n] of times.entries()) turned[axisOf(axis)] = n;
    return tile(x, turned);
  });
};

const parts: OnnxOp = (call) => {
  const value = call.input(0);
  const axis = call.axis(call.number("axis", 0), value.rank);
  const size = value.shape[axis] as number;
  const count = call.number("num_outputs", call.node.outputs.length);
  const each = Math.ceil(size / count);
  const sizes =
    call.optional(1) === null
      ? Array.from({ length: count }, (_, i) => Math.max(0, Math.min(each, size - i * each)))
      : call.integers(1);
  call.refuse(
    sizes.every((n) => n >= 0) && sizes.reduce((sum, n) => sum + n, 0) === size,
    `it splits ${size} into ${sizes.join(", ")}`,
  );
  const { axes } = value;
  const at = axes.indexOf(axis);
  const found: Tensor[] = split(value.permuted(axes), [...sizes], at);
  return found.map((part) => OnnxValue.of(part, axes));
};

/** The ops that read, set and change shapes. */
export const shapeOps: OnnxOps = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Expand: expand,
  Flatten: flatten,
  Range: numbersInSteps,
  Reshape: reshapeTo,
  Shape: shapeOf,
  Size: (call) => OnnxValue.host("int64", [], [sizeOf(call.input(0).shape)]),
  Split: parts,
  Squeeze: squeeze,
  Tile: repeated,
  Transpose: transposed,
  Unsqueeze: unsqueeze,
};
