import type { WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";

/** A shader whose invocations work together. */
export interface GroupProgram {
  /** Its text may depend on nothing but this, and the ranks and types of its inputs. */
  readonly key: string;
  readonly variableNames: string[];
  readonly shape: readonly number[];
  /** At most 65,535, so that they lie along one axis. */
  readonly groups: number;
  /** Invocations of a group. */
  readonly width: number;
  /** What is shared, and functions. */
  readonly declarations: string;
  /** Runs in each invocation, `index` counts them all. */
  readonly body: string;
  readonly uniforms?: string;
  readonly atomic?: boolean;
}

/** A shader of groups of invocations that share memory and wait for each other. */
export function groupProgram(program: GroupProgram): WebGPUProgram {
  const { key, variableNames, shape, groups, width, declarations, body, uniforms, atomic } = program;
  return {
    variableNames,
    outputShape: [...shape],
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [groups, 1, 1],
    workgroupSize: [width, 1, 1],
    shaderKey: key,
    ...(uniforms === undefined ? {} : { uniforms }),
    ...(atomic === undefined ? {} : { atomic }),
    getUserCode: () => `
      ${declarations}
      ${mainOf}
        ${body}
      }`,
  };
}

/** How tfjs' own shaders begin; it replaces `index` by the number of the invocation. */
const mainOf = "fn main(index : i32) {";
