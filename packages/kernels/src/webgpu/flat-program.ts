import type { WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";

/** Invocations of a group, and the most groups along one axis that every GPU has. */
const [width, most] = [64, 65535];

/** How often a shader runs, where that is not once for each number of its output. */
export interface Invocations {
  /** As the host knows it. */
  readonly count: number;
  /** The same in the shader's language. */
  readonly text: string;
}

/**
 * A shader that runs `body` once for each number of its output, or as often as `invocations` says; `index` counts them. Its text may depend on
 * nothing but `key` and the ranks and types of its inputs: by those alone tfjs finds it again.
 */
export function flatProgram(
  key: string,
  variableNames: string[],
  shape: readonly number[],
  body: string,
  invocations: Invocations = { count: shape.reduce((product, n) => product * n, 1), text: "uniforms.size" },
): WebGPUProgram {
  const groups = Math.ceil(invocations.count / width);
  const down = Math.ceil(groups / most);
  return {
    variableNames,
    outputShape: [...shape],
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(groups / down), down, 1],
    workgroupSize: [width, 1, 1],
    shaderKey: key,
    size: true,
    getUserCode: () => `
      ${mainOf}
        if (index < ${invocations.text}) { ${body} }
      }`,
  };
}

/** How tfjs' own shaders begin; it computes `index` from the invocation. */
const mainOf = "fn main(index : i32) {";
