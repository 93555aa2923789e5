import type { WebGPUBackend, WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";

/** A step of t-SNE: points, speeds and gains at once. */
export const tsneMove: readonly ComposedKernel[] = [
  {
    kernelName: "PellucidTsneMove",
    make: () =>
      function composed(call) {
        const { state, slope } = call.inputs as { state: TensorInfo; slope: TensorInfo };
        const { learningRate, momentum } = call.attrs as { learningRate: number; momentum: number };
        const backend = call.backend as WebGPUBackend;
        return backend.runWebGPUProgram(programOf(state.shape), [state, slope], "float32", [
          { type: "float32", data: [learningRate] },
          { type: "float32", data: [momentum] },
        ]);
      },
  },
];

const programOf = (shape: readonly number[]): WebGPUProgram => ({
  ...flatProgram(
    "pellucidTsneMove",
    ["state", "slope"],
    shape,
    `
      let many = uniforms.size / 3;
      if (index < many) {
        let speed = state[many + index];
        let gain = state[2 * many + index];
        let isTurned = slope[index] * speed < 0.0;
        let grown = max(0.01, select(gain * 0.8, gain + 0.2, isTurned));
        let next = uniforms.momentum * speed - uniforms.learningRate * grown * slope[index];
        result[index] = state[index] + next;
        result[many + index] = next;
        result[2 * many + index] = grown;
      }`,
  ),
  uniforms: "learningRate : f32, momentum : f32,",
});
