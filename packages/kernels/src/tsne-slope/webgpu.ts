import type { WebGPUBackend, WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { sum, type Tensor, type TensorInfo, tidy } from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";

/** The slope of t-SNE, where each point walks over its row of neighbors. */
export const tsneSlope: readonly ComposedKernel[] = [
  {
    kernelName: "PellucidTsneSlope",
    make: () =>
      function composed(call) {
        const { y, repulsion, starts, columns, values } = call.inputs as Record<string, Tensor>;
        const { exaggeration } = call.attrs as { exaggeration: number };
        const inputs = [y, repulsion, starts, columns, values] as Tensor[];
        const totals = tidy(() => sum(repulsion as Tensor, 0));
        const slope = (call.backend as WebGPUBackend).runWebGPUProgram(
          programOf((y as Tensor).shape),
          [...inputs, totals] satisfies TensorInfo[],
          "float32",
          [{ type: "float32", data: [exaggeration] }],
        );
        totals.dispose();
        return slope;
      },
  },
];

function programOf(shape: readonly number[]): WebGPUProgram {
  const dimensions = shape[1] as number;
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
    ...flatProgram(`pellucidTsneSlope${dimensions}`, names, shape, body),
    uniforms: "exaggeration : f32,",
  };
}
