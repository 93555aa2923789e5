import type { EdgeDotOp, GatherSumOp } from "@pellucid/core-train/ops";
import { defineWebgpuKernel, type WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";

/** Sums over the edges of a graph, and the products of their ends: one invocation for each number, in the order of the edges. */
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
];
