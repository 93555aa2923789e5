import type { RepulsionFieldOp } from "@pellucid/core-train/ops";
import type { WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { fill, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineWebgpuKernel, type WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";
import { groupProgram } from "../webgpu/group-program.ts";
import { fourier } from "./fourier.ts";

/**
 * The repulsion among points of a plane as a field: points are spread over a grid, the grid is convolved with `q`, `q² x` and `q² y`
 * by Fourier transforms, and each point reads what comes out where it is, less what comes from itself.
 */
export const repulsionField: readonly WebgpuKernel[] = [
  defineWebgpuKernel<RepulsionFieldOp>("PellucidRepulsionField", (backend, { y, waves }) => {
    const held: TensorInfo[] = [];
    const run = (program: WebGPUProgram, inputs: TensorInfo[], scale?: number) => {
      const uniforms = scale === undefined ? [] : [{ type: "float32", data: [scale] }];
      const output = backend.runWebGPUProgram(program, inputs, "float32", uniforms);
      held.push(output);
      return output;
    };
    const [points] = y.shape;
    const [period] = waves.shape; // twice the grid, so that the convolution does not wrap around
    const nodes = period / 2;
    const scale = 2 ** Math.floor(30 - Math.log2(points));
    const frame = run(frameOf(nodes), [y]);
    const empty = fill([nodes, nodes], 0, "int32");
    const spreading = [{ type: "float32", data: [scale] }];
    const mass = backend.runWebGPUProgram(spreadOver(points, nodes), [y, frame], "int32", spreading, empty);
    const rows = run(fourier("sources", 3, period), [waves, mass, frame], 1 / scale);
    const spectra = run(fourier("lines", 3, period), [waves, rows]);
    const back = run(fourier("products", 2, period), [waves, spectra]);
    const field = run(fourier("lines back", 2, period), [waves, back]);
    const found = run(readAt(points), [y, frame, field]);
    for (const tensor of held) if (tensor !== found) backend.disposeData(tensor.dataId);
    empty.dispose();
    return found;
  }),
];

/** Points between two nodes, and the four around them by Lagrange's cubic polynomials. */
const weights = `
  fn cell(point : i32) -> vec2<f32> {
    return (vec2<f32>(y[2 * point], y[2 * point + 1]) - vec2<f32>(frame[0], frame[1])) / frame[2];
  }
  fn weightsAt(t : f32) -> vec4<f32> {
    let up = t + 1.0;
    let down = t - 1.0;
    let far = t - 2.0;
    return vec4<f32>(-t * down * far / 6.0, up * down * far / 2.0, -up * t * far / 2.0, up * t * down / 6.0);
  }`;

/** Where the grid begins and how far its nodes are from each other: it grows with the map. */
const frameOf = (nodes: number): WebGPUProgram =>
  groupProgram({
    key: `pellucidFieldFrame${nodes}`,
    variableNames: ["y"],
    shape: [3],
    groups: 1,
    width: 256,
    declarations: "var<workgroup> low : array<vec2<f32>, 256>; var<workgroup> high : array<vec2<f32>, 256>;",
    body: `
      let first = vec2<f32>(y[0], y[1]);
      var least = first;
      var most = first;
      for (var i = i32(localIndex); i < uniforms.yShape.x; i += 256) {
        let here = vec2<f32>(y[2 * i], y[2 * i + 1]);
        least = min(least, here);
        most = max(most, here);
      }
      low[localIndex] = least;
      high[localIndex] = most;
      workgroupBarrier();
      for (var half = 128u; half > 0u; half /= 2u) {
        if (localIndex < half) {
          low[localIndex] = min(low[localIndex], low[localIndex + half]);
          high[localIndex] = max(high[localIndex], high[localIndex + half]);
        }
        workgroupBarrier();
      }
      if (localIndex == 0u) {
        let extent = high[0] - low[0];
        let apart = max(max(extent.x, extent.y), 1e-6) / ${nodes - 5}.0;
        result[0] = low[0].x - 1.5 * apart;
        result[1] = low[0].y - 1.5 * apart;
        result[2] = apart;
      }`,
  });

/** In integers, whose sum does not depend on the order. */
const spreadOver = (points: number, nodes: number): WebGPUProgram =>
  groupProgram({
    key: "pellucidFieldSpread",
    variableNames: ["y", "frame"],
    shape: [nodes, nodes],
    groups: Math.ceil(points / 64),
    width: 64,
    atomic: true,
    uniforms: "scale : f32,",
    declarations: weights,
    body: `
      if (index < uniforms.yShape.x) {
        let at = cell(index);
        let node = vec2<i32>(floor(at));
        let part = at - floor(at);
        let across = weightsAt(part.x);
        let down = weightsAt(part.y);
        for (var r = 0; r < 4; r++) {
          for (var c = 0; c < 4; c++) {
            let to = (node.y + r - 1) * uniforms.outShape.y + node.x + c - 1;
            atomicAdd(&result[to], i32(round(down[r] * across[c] * uniforms.scale)));
          }
        }
      }`,
  });

/** The field at each point, without the point's own share, which comes over the same nodes. */
const readAt = (points: number): WebGPUProgram => {
  const program = flatProgram(
    "pellucidFieldRead",
    ["y", "frame", "field"],
    [points, 3],
    `
      if (index < uniforms.yShape.x) {
        let period = uniforms.fieldShape.y;
        let plane = period * period;
        let at = cell(index);
        let node = vec2<i32>(floor(at));
        let part = at - floor(at);
        let across = weightsAt(part.x);
        let down = weightsAt(part.y);
        var found = vec3<f32>(0.0);
        for (var r = 0; r < 4; r++) {
          for (var c = 0; c < 4; c++) {
            let origin = (node.y + r - 1) * period + node.x + c - 1;
            let push = vec2<f32>(field[2 * (plane + origin)], field[2 * (plane + origin) + 1]);
            found += down[r] * across[c] * vec3<f32>(push, field[2 * origin]);
          }
        }
        found /= f32(plane);
        let area = frame[2] * frame[2];
        for (var r = -3; r <= 3; r++) {
          for (var c = -3; c <= 3; c++) {
            found.z -= likeness(down, r) * likeness(across, c) / (1.0 + area * f32(r * r + c * c));
          }
        }
        result[3 * index] = found.x;
        result[3 * index + 1] = found.y;
        result[3 * index + 2] = found.z;
      }`,
  );
  const functions = `${weights}
    fn likeness(w : vec4<f32>, shift : i32) -> f32 {
      var sum = 0.0;
      for (var k = max(0, -shift); k < min(4, 4 - shift); k++) { sum += w[k] * w[k + shift]; }
      return sum;
    }`;
  return { ...program, getUserCode: () => `${functions}\n${program.getUserCode()}` };
};
