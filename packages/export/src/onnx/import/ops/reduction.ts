import { abs, amax, amin, cumsum, logSoftmax, logSumExp, prod, softmax, topk } from "@pellucid/core-train";
import {
  argMax,
  argMin,
  cast,
  expandDims,
  log,
  mean,
  reverse,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { alongAxes } from "../along-axes.ts";
import type { OnnxOp, OnnxOps } from "../call.ts";
import { inOrder, OnnxValue } from "../onnx-value.ts";
import { axesOf } from "./shape.ts";

type Reduction = (x: Tensor, axes: number[], keep: boolean) => Tensor;

/** A reduction in the order of axes in which its input is there, if the axes stay or only one order of the others is left. */
function reduce(run: Reduction): OnnxOp {
  return (call) => {
    const value = call.input(0);
    const { rank } = value;
    const found = axesOf(call, 1, rank) ?? [];
    if (found.length === 0 && call.number("noop_with_empty_axes", 0) === 1) return value;
    const axes = found.length === 0 ? inOrder(rank) : found;
    const keep = call.number("keepdims", 1) === 1;
    const left = value.axes.filter((axis) => !axes.includes(axis));
    const isSorted = left.every((axis, i) => i === 0 || axis > (left[i - 1] as number));
    if (keep) return alongAxes(value, (x, axisOf) => run(x, axes.map(axisOf), true));
    if (!isSorted) return OnnxValue.of(run(value.tensor, [...axes], false));
    return OnnxValue.of(
      run(
        value.permuted(value.axes),
        axes.map((axis) => value.axes.indexOf(axis)),
        false,
      ),
    );
  };
}

const product: Reduction = (x, axes, keep) =>
  axes.toSorted((a, b) => b - a).reduce((y, axis) => prod(y, axis, keep), x);

function alongOne(run: (x: Tensor, axis: number) => Tensor, otherwise: number): OnnxOp {
  return (call) => {
    const value = call.input(0);
    const axis = call.axis(call.number("axis", otherwise), value.rank);
    return alongAxes(value, (x, axisOf) => run(x, axisOf(axis)));
  };
}

function argument(run: (x: Tensor, axis: number) => Tensor): OnnxOp {
  return (call) => {
    call.refuse(call.number("select_last_index", 0) === 0, "it selects the last index");
    const value = call.input(0);
    const axis = call.axis(call.number("axis", 0), value.rank);
    const found = cast(run(value.tensor, axis), "int32");
    return OnnxValue.of(call.number("keepdims", 1) === 1 ? expandDims(found, axis) : found);
  };
}

const runningSum: OnnxOp = (call) => {
  const value = call.input(0);
  const axis = call.axis(call.integers(1)[0] ?? 0, value.rank);
  const isReverse = call.number("reverse", 0) === 1;
  const turn = (x: Tensor): Tensor => (isReverse ? reverse(x, axis) : x);
  const { tensor: x } = value;
  const found = turn(cumsum(turn(x), axis));
  return OnnxValue.of(call.number("exclusive", 0) === 1 ? sub(found, x) : found);
};

const largest: OnnxOp = (call) => {
  const value = call.input(0);
  const [k = 0] = call.integers(1);
  const axis = call.axis(call.number("axis", -1), value.rank);
  const { values, indices } = topk(value.tensor, k, axis, call.number("largest", 1) === 1);
  return [OnnxValue.of(values), OnnxValue.of(indices)];
};

/** The ops that reduce axes, or work along one. */
export const reductionOps: OnnxOps = {
  ReduceL1: reduce((x, axes, keep) => sum(abs(x), axes, keep)),
  ReduceL2: reduce((x, axes, keep) => sqrt(sum(square(x), axes, keep))),
  ReduceLogSum: reduce((x, axes, keep) => log(sum(x, axes, keep))),
  ReduceLogSumExp: reduce((x, axes, keep) => logSumExp(x, axes, keep)),
  ReduceMax: reduce((x, axes, keep) => amax(x, axes, keep)),
  ReduceMean: reduce((x, axes, keep) => mean(x, axes, keep)),
  ReduceMin: reduce((x, axes, keep) => amin(x, axes, keep)),
  ReduceProd: reduce(product),
  ReduceSum: reduce((x, axes, keep) => sum(x, axes, keep)),
  ReduceSumSquare: reduce((x, axes, keep) => sum(square(x), axes, keep)),
  Softmax: alongOne((x, axis) => softmax(x, axis), -1),
  LogSoftmax: alongOne((x, axis) => logSoftmax(x, axis), -1),
  ArgMax: argument((x, axis) => argMax(x, axis)),
  ArgMin: argument((x, axis) => argMin(x, axis)),
  CumSum: runningSum,
  TopK: largest,
};
