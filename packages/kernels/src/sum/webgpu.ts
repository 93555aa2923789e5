import type { WebGPUBackend, WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { type KernelFunc, Mean, Sum, type TensorInfo } from "@tensorflow/tfjs-core";
import { flatProgram } from "../webgpu/flat-program.ts";
import type { WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { type Run, runsOf, type SumAttributes } from "./runs.ts";

/** How many numbers one invocation adds. */
const CHUNK = 32;

/**
 * Sums and means by a tree of partial sums. tfjs' own give each of 512 invocations a part, which it adds one by one, so that a million numbers lose
 * two digits; and add integers as floats.
 */
export const sum: readonly WebgpuKernel[] = [Sum, Mean].map((kernelName) => ({
  kernelName,
  make: (builtIn): KernelFunc =>
    function composed(call) {
      const { x } = call.inputs as { x: TensorInfo };
      const isOurs = x.dtype === "float32" || (x.dtype === "int32" && kernelName === Sum);
      if (!isOurs && builtIn !== undefined) return builtIn(call);
      const backend = call.backend as WebGPUBackend;
      const { runs, count, shape } = runsOf(x, call.attrs as object as SumAttributes);
      if (runs.length === 0 || count === 0) {
        if (count > 0) {
          backend.incRef(x.dataId);
          return { dataId: x.dataId, shape, dtype: x.dtype };
        }
        const size = shape.reduce((product, length) => product * length, 1);
        const values = new Float32Array(size).fill(kernelName === Mean ? NaN : 0);
        return backend.makeTensorInfo(shape, x.dtype, x.dtype === "int32" ? Int32Array.from(values) : values);
      }
      let sums = x;
      for (const [i, run] of runs.entries()) {
        const isLast = i === runs.length - 1;
        sums = sumOf(backend, sums, sums !== x, run, isLast && kernelName === Mean ? count : 1);
      }
      return { ...sums, shape };
    },
}));

/** `Σ x / divisor` over rows, level by level. */
function sumOf(
  backend: WebGPUBackend,
  x: TensorInfo,
  isOwned: boolean,
  { tables, rows, columns }: Run,
  divisor: number,
): TensorInfo {
  let [level, left, owned] = [x, rows, isOwned];
  do {
    const parts = Math.ceil(left / CHUNK);
    const program = partialSums(tables, parts, columns, x.dtype === "int32" ? "i32" : "f32");
    const view = { ...level, shape: [tables, left, columns] };
    const uniforms = [{ type: "float32", data: [parts === 1 ? divisor : 1] }];
    const sums = backend.runWebGPUProgram(program, [view], x.dtype, uniforms);
    if (owned) backend.disposeData(level.dataId);
    [level, left, owned] = [sums, parts, true];
  } while (left > 1);
  return level;
}

/** Adds `CHUNK` rows that are as many apart as there are partial sums. */
const partialSums = (tables: number, parts: number, columns: number, type: "f32" | "i32"): WebGPUProgram => ({
  ...flatProgram(
    `pellucidPartialSums${type}`,
    ["x"],
    [tables, parts, columns],
    `
      let rows = uniforms.xShape.y;
      let columns = uniforms.xShape.z;
      let parts = uniforms.outShape.y;
      let first = (index / columns) % parts;
      let start = (index / columns / parts) * rows * columns + index % columns;
      var sum = ${type}(0);
      for (var k = 0; k < ${CHUNK}; k += 4) {
        var four = vec4<${type}>(0);
        for (var j = 0; j < 4; j++) {
          let row = first + (k + j) * parts;
          if (row < rows) { four[j] = x[start + row * columns]; }
        }
        sum += (four.x + four.y) + (four.z + four.w);
      }
      ${type === "f32" ? "result[index] = sum / uniforms.divisor;" : "result[index] = sum;"}`,
  ),
  uniforms: "divisor : f32,",
});
