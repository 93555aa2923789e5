import { embedding, pad, sizeOf, takeAlongAxis } from "@pellucid/core-train";
import {
  add,
  cast,
  concat,
  equal,
  expandDims,
  gather,
  gatherND,
  greater,
  less,
  onesLike,
  type Rank,
  range,
  reshape,
  reverse,
  scalar,
  scatterND,
  slice,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tile,
  where,
} from "@tensorflow/tfjs-core";
import { alongAxes } from "../along-axes.ts";
import type { OnnxOp, OnnxOps } from "../call.ts";
import { inOrder, OnnxValue } from "../onnx-value.ts";
import { axesOf } from "./shape.ts";

/** Indices from 0: negative ones count from the end. */
function fromStart(indices: OnnxValue, size: number): Tensor {
  const { numbers } = indices;
  if (numbers !== null) {
    const data = Array.from(numbers.data, (n) => (n < 0 ? n + size : n));
    return OnnxValue.host("int64", numbers.shape, data).tensor;
  }
  const { tensor: x } = indices;
  return where(less(x, 0), add(x, scalar(size, "int32")), x);
}

const lookUp: OnnxOp = (call) => {
  const [x, indices] = [call.input(0), call.input(1)];
  const axis = call.axis(call.number("axis", 0), x.rank);
  const size = x.shape[axis] as number;
  const { numbers } = indices;
  call.refuse(
    numbers === null || Array.from(numbers.data).every((n) => n >= -size && n < size),
    `its indices are not all from ${-size} to ${size - 1}`,
  );
  if (x.numbers !== null && numbers !== null && x.rank === 1)
    return OnnxValue.host(
      x.numbers.dtype,
      numbers.shape,
      Array.from(numbers.data, (n) => x.numbers?.data[n < 0 ? n + size : n] ?? 0),
    );
  if (x.rank === 2 && axis === 0 && x.dtype === "float32" && numbers === null)
    return OnnxValue.of(embedding(fromStart(indices, size), x.tensor as Tensor2D));
  return OnnxValue.of(gather(x.tensor, fromStart(indices, size), axis));
};

const lookUpEach: OnnxOp = (call) => {
  const x = call.input(0);
  const axis = call.axis(call.number("axis", 0), x.rank);
  const indices = fromStart(call.input(1), x.shape[axis] as number);
  const fits = inOrder(x.rank).every((i) => i === axis || indices.shape[i] === x.shape[i]);
  call.refuse(fits, `its indices are [${indices.shape.join(", ")}] for [${x.shape.join(", ")}]`);
  return OnnxValue.of(takeAlongAxis(x.tensor, indices, axis));
};

/** With batches, the number of the example is one more index. */
const lookUpPositions: OnnxOp = (call) => {
  const [x, indices] = [call.input(0), call.input(1).tensor];
  const batch = call.number("batch_dims", 0);
  if (batch === 0) return OnnxValue.of(gatherND(x.tensor, indices));
  const count = sizeOf(x.shape.slice(0, batch));
  const inner = indices.shape.slice(batch, -1);
  const last = indices.shape.at(-1) ?? 1;
  const each = sizeOf(inner);
  const flat = reshape<Rank.R3>(indices, [count, each, last]);
  const example = tile(reshape(range(0, count, 1, "int32"), [count, 1, 1]), [1, each, 1]);
  const found = gatherND(reshape(x.tensor, [count, ...x.shape.slice(batch)]), concat([example, flat], 2));
  return OnnxValue.of(reshape(found, [...x.shape.slice(0, batch), ...inner, ...x.shape.slice(batch + last)]));
};

const scatterPositions: OnnxOp = (call) => {
  const data = call.input(0).tensor;
  const [indices, updates] = [call.input(1).tensor, call.input(2).tensor];
  const reduction = call.text("reduction", "none", ["none", "add"]);
  const shape = data.shape as number[];
  const scattered = scatterND(indices, updates, shape);
  if (reduction === "add") return OnnxValue.of(add(data, scattered));
  const isNew = greater(scatterND(indices, onesLike(updates), shape), 0);
  return OnnxValue.of(where(isNew, scattered, data));
};

const oneHot: OnnxOp = (call) => {
  const indices = call.input(0);
  const [depth = 0] = call.integers(1);
  const [off = 0, on = 1] = call.integers(2);
  const { dtype } = call.numbers(2);
  const axis = call.axis(call.number("axis", -1), indices.rank + 1);
  call.checkSize([...indices.shape, depth]);
  const rank = indices.rank + 1;
  const classes = reshape(
    range(0, depth, 1, "int32"),
    inOrder(rank).map((i) => (i === axis ? depth : 1)),
  );
  const ids = cast(fromStart(indices, depth), "int32");
  const isClass = cast(equal(expandDims(ids, axis), classes), dtype === "float32" ? "float32" : "int32");
  const [low, high] = [off, on].map((n) => OnnxValue.host(dtype, [], [n]).tensor) as [Tensor, Tensor];
  return OnnxValue.of(where(greater(isClass, 0), high, low));
};

/** From where to where, and in which steps, along one axis. */
function bounds(start: number, end: number, step: number, size: number): readonly number[] {
  const within = (n: number, low: number, high: number): number =>
    Math.max(low, Math.min(high, n < 0 ? n + size : n));
  const [from, to] =
    step > 0
      ? [within(start, 0, size), within(end, 0, size)]
      : [within(start, -1, size - 1), end < -size ? -1 : within(end, -1, size - 1)];
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);
}

const cutOut: OnnxOp = (call) => {
  const value = call.input(0);
  const [starts, ends] = [call.integers(1), call.integers(2)];
  const asked = call.optional(3) === null ? inOrder(starts.length) : call.integers(3);
  const axes = asked.map((axis) => call.axis(axis, value.rank));
  const steps = call.optional(4) === null ? axes.map(() => 1) : call.integers(4);
  call.refuse(
    steps.every((step) => step !== 0),
    "its step is 0",
  );
  const kept = axes.map((axis, i) =>
    bounds(starts[i] as number, ends[i] as number, steps[i] as number, value.shape[axis] as number),
  );
  const { numbers } = value;
  if (numbers !== null && value.rank === 1 && axes.length === 1) {
    const found = (kept[0] ?? []).map((at) => numbers.data[at] as number);
    return OnnxValue.host(numbers.dtype, [found.length], found);
  }
  return alongAxes(value, (x, axisOf) =>
    axes.reduce<Tensor>((y, axis, i) => along(y, axisOf(axis), kept[i] ?? [], steps[i] as number), x),
  );
};

function along(x: Tensor, axis: number, kept: readonly number[], step: number): Tensor {
  const size = x.shape[axis] as number;
  const [first = 0] = kept;
  if (step === 1) {
    const begin = x.shape.map((_: number, i: number) => (i === axis ? first : 0));
    const sizes = x.shape.map((n: number, i: number) => (i === axis ? kept.length : n));
    return kept.length === size ? x : slice(x, begin, sizes);
  }
  if (step === -1 && kept.length === size) return reverse(x, axis);
  return gather(x, tensor1d([...kept], "int32"), axis);
}

const joined: OnnxOp = (call) => {
  const values = call.inputs.map((_, i) => call.input(i));
  const rank = values[0]?.rank ?? 0;
  const axis = call.axis(call.number("axis", 0), rank);
  const numbers = values.flatMap((value) => value.numbers ?? []);
  if (numbers.length === values.length && rank === 1) {
    const data = numbers.flatMap((one) => Array.from(one.data));
    return OnnxValue.host(numbers[0]?.dtype ?? "int64", [data.length], data);
  }
  const own = inOrder(rank);
  const { axes } = values.find((value) => value.axes.join() !== own.join()) ?? { axes: own };
  return OnnxValue.of(
    concat(
      values.map((value) => value.permuted(axes)),
      axes.indexOf(axis),
    ),
    axes,
  );
};

const modes = { constant: "constant", reflect: "reflect", edge: "replicate", wrap: "circular" } as const;

const padded: OnnxOp = (call) => {
  const value = call.input(0);
  const { rank, shape } = value;
  const pads = call.integers(1);
  const axes = axesOf(call, 3, rank) ?? inOrder(rank);
  const mode = modes[call.text("mode", "constant", ["constant", "reflect", "edge", "wrap"])];
  call.refuse(pads.length === 2 * axes.length, "its pads are not two for each axis");
  const sides = inOrder(rank).map((axis): [number, number] => {
    const at = axes.indexOf(axis);
    return at < 0 ? [0, 0] : [pads[at] ?? 0, pads[at + axes.length] ?? 0];
  });
  call.checkSize(shape.map((size, axis) => size + (sides[axis]?.[0] ?? 0) + (sides[axis]?.[1] ?? 0)));
  const fill = call.optional(2) === null ? 0 : (call.numbers(2).data[0] ?? 0);
  return alongAxes(value, (x, axisOf) => {
    const turned = new Array<[number, number]>(rank);
    for (const [axis, pair] of sides.entries()) turned[axisOf(axis)] = pair;
    return pad(x, turned, { mode, value: fill });
  });
};

/** What is above or below a diagonal of the last two axes; the rest is 0. */
const triangle: OnnxOp = (call) => {
  const value = call.input(0);
  const [rows = 0, columns = 0] = value.shape.slice(-2);
  const k = call.optional(1) === null ? 0 : (call.integers(1)[0] ?? 0);
  const isUpper = call.number("upper", 1) === 1;
  const kept = Array.from({ length: rows * columns }, (_, i) => {
    const above = (i % columns) - Math.floor(i / columns);
    return (isUpper ? above >= k : above <= k) ? 1 : 0;
  });
  const mask = OnnxValue.host("bool", [rows, columns], kept).tensor;
  const { tensor: x } = value;
  return OnnxValue.of(where(mask, x, OnnxValue.host(value.dtype, [], [0]).tensor));
};

/** The ops that look up, cut out, join and pad. */
export const indexingOps: OnnxOps = {
  Concat: joined,
  Gather: lookUp,
  GatherElements: lookUpEach,
  GatherND: lookUpPositions,
  OneHot: oneHot,
  Pad: padded,
  ScatterND: scatterPositions,
  Slice: cutOut,
  Trilu: triangle,
};
