import type { EdgeDotOp, GatherSumOp, SegmentSoftmaxOp } from "@pellucid/core-train/ops";
import { defineWebgpuKernel, type WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";

/**
 * Sums over the edges of a graph and the products of their ends, one invocation for each number; softmax over the edges of each target, one for each
 * target and head. All go through edges in their order.
 */
export const gatherSum: readonly WebgpuKernel[] = [
  defineWebgpuKernel<GatherSumOp>("PellucidGatherSum", (backend, { x, weight, ptr, column, edge }) => {
    const [features, rows, isWeighted] = [x.shape[1], ptr.shape[0] - 1, weight.shape[0] > 0];
    const program = flatProgram(
      `pellucidGatherSum${isWeighted}`,
      ["x", "ptr", "column", ...(isWeighted ? ["edge", "weight"] : [])],
      [rows, features],
      `
      let features = uniforms.xShape.y;
      let row = index / features;
      let feature = index % features;
      ${isWeighted ? "let heads = uniforms.weightShape.y; let head = feature / (features / heads);" : ""}
      var total = 0.0;
      for (var k = ptr[row]; k < ptr[row + 1]; k++) {
        let value = x[column[k] * features + feature];
        total += ${isWeighted ? "weight[edge[k] * heads + head] * value" : "value"};
      }
      result[index] = total;`,
    );
    return backend.runWebGPUProgram(
      program,
      [x, ptr, column, ...(isWeighted ? [edge, weight] : [])],
      "float32",
    );
  }),
  defineWebgpuKernel<EdgeDotOp>("PellucidEdgeDot", (backend, { a, b, target, source }, { heads }) => {
    const program = flatProgram(
      "pellucidEdgeDot",
      ["a", "b", "targets", "sources"],
      [target.shape[0], heads],
      `
      let features = uniforms.aShape.y;
      let heads = uniforms.outShape.y;
      let edge = index / heads;
      let width = features / heads;
      let start = (index % heads) * width;
      let left = targets[edge] * features + start;
      let right = sources[edge] * features + start;
      var total = 0.0;
      for (var k = 0; k < width; k++) { total += a[left + k] * b[right + k]; }
      result[index] = total;`,
    );
    return backend.runWebGPUProgram(program, [a, b, target, source], "float32");
  }),
  defineWebgpuKernel<SegmentSoftmaxOp>("PellucidSegmentSoftmax", (backend, { x, ptr, edge }) => {
    const [rows, heads] = [ptr.shape[0] - 1, x.shape[1]];
    const program = flatProgram(
      "pellucidSegmentSoftmax",
      ["x", "ptr", "edge"],
      x.shape,
      `
      let heads = uniforms.xShape.y;
      let row = index / heads;
      let head = index % heads;
      let first = ptr[row];
      let last = ptr[row + 1];
      if (first < last) {
        var highest = x[edge[first] * heads + head];
        for (var k = first + 1; k < last; k++) { highest = max(highest, x[edge[k] * heads + head]); }
        var total = 1e-16;
        for (var k = first; k < last; k++) { total += exp(x[edge[k] * heads + head] - highest); }
        for (var k = first; k < last; k++) {
          let at = edge[k] * heads + head;
          result[at] = exp(x[at] - highest) / total;
        }
      }`,
      { count: rows * heads, text: "(uniforms.ptrShape - 1) * uniforms.xShape.y" },
    );
    return backend.runWebGPUProgram(program, [x, ptr, edge], "float32");
  }),
];
