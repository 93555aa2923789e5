import type { TsneMoveOp } from "@pellucid/core-train/ops";
import type { WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { defineWebgpuKernel, type WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";

/** A step of t-SNE: points, speeds and gains at once. */
export const tsneMove: readonly WebgpuKernel[] = [
  defineWebgpuKernel<TsneMoveOp>(
    "PellucidTsneMove",
    (backend, { state, gradient }, { learningRate, momentum }) =>
      backend.runWebGPUProgram(programOf(state.shape), [state, gradient], "float32", [
        { type: "float32", data: [learningRate] },
        { type: "float32", data: [momentum] },
      ]),
  ),
];

const programOf = (shape: readonly number[]): WebGPUProgram => ({
  ...flatProgram(
    "pellucidTsneMove",
    ["state", "gradient"],
    shape,
    `
      let many = uniforms.size / 3;
      if (index < many) {
        let speed = state[many + index];
        let gain = state[2 * many + index];
        let isTurned = gradient[index] * speed < 0.0;
        let grown = max(0.01, select(gain * 0.8, gain + 0.2, isTurned));
        let next = uniforms.momentum * speed - uniforms.learningRate * grown * gradient[index];
        result[index] = state[index] + next;
        result[many + index] = next;
        result[2 * many + index] = grown;
      }`,
  ),
  uniforms: "learningRate : f32, momentum : f32,",
});
