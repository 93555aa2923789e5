import { topk } from "@pellucid/core-train";
import * as tf from "@tensorflow/tfjs-core";
import { toTensor } from "./drawing.ts";
import type { fuzzed } from "./fuzzed-ops.ts";

/** {@link fuzzed}: products, segments, and what reads or writes at indices. */
export const fuzzedMath: typeof fuzzed = {
  expandDims: (draw) => {
    const rank = draw.below(5);
    const axis = draw.axis(rank + 1);
    return {
      title: `expandDims at ${axis}`,
      inputs: [draw.make(draw.shape(rank), draw.dtype())],
      run: (x) => tf.expandDims(x, axis),
    };
  },
  broadcastTo: (draw) => {
    const shape = draw.shape(1 + draw.below(4));
    return {
      title: `broadcastTo [${shape.join()}]`,
      inputs: [draw.make(draw.part(shape), draw.dtype())],
      run: (x) => tf.broadcastTo(x as tf.Tensor, shape as [number]),
    };
  },
  cast: (draw) => {
    const to = draw.dtype();
    return {
      title: `cast to ${to}`,
      inputs: [draw.make(draw.shape(draw.below(4)), draw.dtype())],
      run: (x) => tf.cast(x, to),
    };
  },
  matMul: (draw) => {
    const batch = draw.shape(draw.below(3));
    const [rows, depth, columns] = [draw.size(), draw.size(), draw.size()];
    const [transposeA, transposeB] = [draw.happens(0.5), draw.happens(0.5)];
    const a = transposeA ? [depth, rows] : [rows, depth];
    const b = transposeB ? [columns, depth] : [depth, columns];
    return {
      title: `matMul${transposeA ? ", first transposed" : ""}${transposeB ? ", second transposed" : ""}`,
      inputs: [draw.make([...draw.part(batch), ...a]), draw.make([...draw.part(batch), ...b])],
      run: (x, y) => tf.matMul(x as tf.Tensor, y as tf.Tensor, transposeA, transposeB),
    };
  },
  topk: (draw) => {
    const shape = draw.filled(1 + draw.below(3));
    const k = 1 + draw.below(shape.at(-1) ?? 1);
    return {
      title: `topk of ${k}`,
      inputs: [draw.make(shape, draw.of<"float32" | "int32">("float32", "int32"))],
      run: (x) => topk(x, k).values,
    };
  },
  unsortedSegmentSum: (draw) => {
    const shape = draw.filled(1 + draw.below(3));
    const count = 1 + draw.below(5);
    const segments = draw.indices(shape.slice(0, 1), count + 1);
    return {
      title: `unsortedSegmentSum into ${count}`,
      inputs: [draw.make(shape, draw.of<"float32" | "int32">("float32", "int32"))],
      run: (x) => tf.unsortedSegmentSum(x, toTensor(segments) as tf.Tensor1D, count),
    };
  },
  gatherND: (draw) => {
    const shape = draw.filled(1 + draw.below(3));
    const depth = 1 + draw.below(shape.length);
    const indices = draw.indices([1 + draw.below(4), depth], ...shape.slice(0, depth));
    return {
      title: `gatherND of [${indices.shape.join()}]`,
      inputs: [draw.make(shape, draw.of<"float32" | "int32">("float32", "int32"))],
      run: (x) => tf.gatherND(x, toTensor(indices)),
    };
  },
  scatterND: (draw) => {
    const shape = draw.filled(1 + draw.below(3));
    const depth = 1 + draw.below(shape.length);
    const indices = draw.indices([1 + draw.below(4), depth], ...shape.slice(0, depth));
    const updates = [...indices.shape.slice(0, 1), ...shape.slice(depth)];
    return {
      title: `scatterND into [${shape.join()}] at [${indices.shape.join()}]`,
      inputs: [draw.make(updates, draw.of<"float32" | "int32">("float32", "int32"))],
      run: (x) => tf.scatterND(toTensor(indices), x, shape as [number]),
    };
  },
  einsum: (draw) => {
    const sizes: Readonly<Record<string, number>> = { i: draw.size(), j: draw.size(), k: draw.size() };
    const equation = draw.of("ij,jk->ik", "ij,kj->ik", "ij,ij->i", "ij->ji", "ij->j", "ij,jk,ik->k");
    return {
      title: `einsum ${equation}`,
      inputs: (equation.split("->")[0] as string)
        .split(",")
        .map((axes) => draw.make(axes.split("").map((axis) => sizes[axis] as number))),
      run: (...all) => tf.einsum(equation, ...all),
    };
  },
  addN: (draw) => {
    const shape = draw.shape(draw.below(5));
    return {
      title: "addN",
      inputs: [draw.make(shape), draw.make(shape), draw.make(shape)],
      run: (...all) => tf.addN(all),
    };
  },
  dot: (draw) => {
    const size = draw.size();
    return { title: "dot", inputs: [draw.make([size]), draw.make([size])], run: (a, b) => tf.dot(a, b) };
  },
  outerProduct: (draw) => ({
    title: "outerProduct",
    inputs: [draw.make([draw.size()]), draw.make([draw.size()])],
    run: (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
  }),
};
