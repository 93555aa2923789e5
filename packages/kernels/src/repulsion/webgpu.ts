import type { RepulsionOp } from "@pellucid/core-train/ops";
import type { WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { defineWebgpuKernel, type WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { groupProgram } from "../webgpu/group-program.ts";

/** Points of a tile: a group reads them once, and each of its invocations compares its own point with all of them. */
const width = 128;

/** The repulsion among points, from every pair of them, with memory for the points alone. */
export const repulsion: readonly WebgpuKernel[] = [
  defineWebgpuKernel<RepulsionOp>("PellucidRepulsion", (backend, { y }) =>
    backend.runWebGPUProgram(programOf(y.shape), [y], "float32"),
  ),
];

function programOf(shape: readonly number[]): WebGPUProgram {
  const [points = 0, dimensions = 0] = shape;
  const coordinates = Array.from({ length: dimensions }, (_, c) => c);
  const vector = `vec${dimensions}<f32>`;
  return groupProgram({
    key: `pellucidRepulsion${dimensions}`,
    variableNames: ["y"],
    shape: [points, dimensions + 1],
    groups: Math.ceil(points / width),
    width,
    declarations: `
      var<workgroup> tile : array<${vector}, ${width}>;
      fn at(point : i32) -> ${vector} {
        let i = min(point, uniforms.yShape.x - 1) * ${dimensions};
        return ${vector}(${coordinates.map((c) => `y[i + ${c}]`).join(", ")});
      }`,
    body: `
      let points = uniforms.yShape.x;
      let here = at(index);
      var force = ${vector}(0.0);
      var total = 0.0;
      for (var start = 0; start < points; start += ${width}) {
        tile[localIndex] = at(start + i32(localIndex));
        workgroupBarrier();
        let many = min(${width}, points - start);
        var tileForce = ${vector}(0.0); // sums of sums round less
        var tileTotal = 0.0;
        for (var k = 0; k < many; k++) {
          let apart = here - tile[k];
          let q = select(1.0 / (1.0 + dot(apart, apart)), 0.0, start + k == index);
          tileTotal += q;
          tileForce += q * q * apart;
        }
        force += tileForce;
        total += tileTotal;
        workgroupBarrier();
      }
      if (index < points) {
        let to = index * ${dimensions + 1};
        ${coordinates.map((c) => `result[to + ${c}] = force[${c}];`).join(" ")}
        result[to + ${dimensions}] = total;
      }`,
  });
}
