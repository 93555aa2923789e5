import type { TsneGradientOp } from "@pellucid/core-train/ops";
import type { WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { engine, Sum, type Tensor } from "@tensorflow/tfjs-core";
import { defineWebgpuKernel, type WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";
import { sizeAlong } from "../size-along.ts";

/** The gradient of t-SNE, where each point visits its row of neighbors. */
export const tsneGradient: readonly WebgpuKernel[] = [
  defineWebgpuKernel<TsneGradientOp>(
    "PellucidTsneGradient",
    (backend, { y, repulsion, starts, columns, values }, { exaggeration }) => {
      const totals = engine().runKernel(
        Sum,
        { x: repulsion as Tensor },
        { axis: [0], keepDims: false },
      ) as Tensor;
      const gradient = backend.runWebGPUProgram(
        programOf(y.shape),
        [y, repulsion, starts, columns, values, totals],
        "float32",
        [{ type: "float32", data: [exaggeration] }],
      );
      totals.dispose();
      return gradient;
    },
  ),
];

function programOf(shape: readonly number[]): WebGPUProgram {
  const dimensions = sizeAlong(shape, 1);
  const coordinates = Array.from({ length: dimensions }, (_, c) => c);
  const vector = `vec${dimensions}<f32>`;
  const at = (point: string) => `${vector}(${coordinates.map((c) => `y[${point} + ${c}]`).join(", ")})`;
  const body = `
    if (index < uniforms.yShape.x) {
      let here = ${at(`index * ${dimensions}`)};
      var pull = ${vector}(0.0);
      for (var e = starts[index]; e < starts[index + 1]; e++) {
        let other = columns[e] * ${dimensions};
        let apart = here - ${at("other")};
        pull += values[e] / (1.0 + dot(apart, apart)) * apart;
      }
      let z = totals[${dimensions}];
      let to = index * ${dimensions};
      let origin = index * ${dimensions + 1};
      ${coordinates
        .map(
          (c) =>
            `result[to + ${c}] = 4.0 * (uniforms.exaggeration * pull[${c}] - repulsion[origin + ${c}] / z);`,
        )
        .join("\n")}
    }`;
  const names = ["y", "repulsion", "starts", "columns", "values", "totals"];
  return {
    ...flatProgram(`pellucidTsneGradient${dimensions}`, names, shape, body),
    uniforms: "exaggeration : f32,",
  };
}
