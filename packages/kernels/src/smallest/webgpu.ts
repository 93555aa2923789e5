import type { SmallestOp } from "@pellucid/core-train/ops";
import type { WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { defineWebgpuKernel, type WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { groupProgram } from "../webgpu/group-program.ts";

const width = 256;

/**
 * The indices of the smallest numbers of each row, none of them negative: a group finds the largest of these numbers, the most significant
 * bits first, and then collects them. It reads a row five times, where sorting takes `log² count` passes.
 */
export const smallest: readonly WebgpuKernel[] = [
  defineWebgpuKernel<SmallestOp>("PellucidSmallest", (backend, { x }, { count }) =>
    backend.runWebGPUProgram(programOf(x.shape[0], count), [x], "int32"),
  ),
];

const programOf = (rows: number, count: number): WebGPUProgram =>
  groupProgram({
    key: "pellucidSmallest",
    variableNames: ["x"],
    shape: [rows, count],
    groups: rows,
    width,
    declarations: `
      var<workgroup> bins : array<atomic<i32>, ${width}>;
      var<workgroup> prefix : u32;
      var<workgroup> wanted : i32;
      var<workgroup> below : atomic<i32>;
      var<workgroup> equal : atomic<i32>;`,
    body: `
      let columns = uniforms.xShape.y;
      let origin = i32(workgroupId.x) * columns;
      if (localIndex == 0u) { prefix = 0u; wanted = uniforms.outShape.y; }
      for (var shift = 24u; ; shift -= 8u) {
        atomicStore(&bins[localIndex], 0);
        workgroupBarrier();
        for (var j = i32(localIndex); j < columns; j += ${width}) {
          let bits = bitcast<u32>(x[origin + j]); // of numbers that are not negative, they are in the same order
          if (shift == 24u || (bits >> (shift + 8u)) == (prefix >> (shift + 8u))) {
            atomicAdd(&bins[(bits >> shift) & 255u], 1);
          }
        }
        workgroupBarrier();
        if (localIndex == 0u) {
          var bin = 0u;
          for (; bin < 255u; bin++) {
            let many = atomicLoad(&bins[bin]);
            if (many >= wanted) { break; }
            wanted -= many;
          }
          prefix |= bin << shift;
        }
        workgroupBarrier();
        if (shift == 0u) { break; }
      }
      // those below the last one come first, those like it fill up
      let room = uniforms.outShape.y - wanted;
      for (var j = i32(localIndex); j < columns; j += ${width}) {
        let bits = bitcast<u32>(x[origin + j]);
        var slot = uniforms.outShape.y;
        if (bits < prefix) { slot = atomicAdd(&below, 1); }
        if (bits == prefix) { slot = room + atomicAdd(&equal, 1); }
        if (slot < uniforms.outShape.y) { result[i32(workgroupId.x) * uniforms.outShape.y + slot] = j; }
      }`,
  });
