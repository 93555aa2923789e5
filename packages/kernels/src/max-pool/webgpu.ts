import type { WebGPUBackend, WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { type KernelFunc, MaxPool, MaxPool3D, type TensorInfo } from "@tensorflow/tfjs-core";
import { flatProgram } from "../webgpu/flat-program.ts";
import type { WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { type Pooling2d, pooling2dWindow, type Pooling3d, pooling3dWindow } from "../wasm/pooling.ts";
import type { Window } from "../wasm/window.ts";

/**
 * Max pooling over images and volumes. tfjs' own kernels leave the result for NaN to the GPU; here, as in
 * PyTorch, a window with a NaN gives NaN. A window that covers only padding gives −∞.
 */
export const maxPool: readonly WebgpuKernel[] = [
  pooling<Pooling2d>(MaxPool, pooling2dWindow),
  pooling<Pooling3d>(MaxPool3D, pooling3dWindow),
];

function pooling<Attributes>(
  kernelName: string,
  windowOf: (shape: number[], attributes: Attributes) => Window,
): WebgpuKernel {
  const kernel: KernelFunc = (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const backend = call.backend as WebGPUBackend;
    const window = windowOf(x.shape, call.attrs as object as Attributes);
    const { batch, outDepth, outHeight, outWidth, outChannels } = window;
    const spatial = x.shape.length === 5 ? [outDepth, outHeight, outWidth] : [outHeight, outWidth];
    const shape = [batch, ...spatial, outChannels];
    if (shape.includes(0)) return backend.makeTensorInfo(shape, "float32", new Float32Array(0));
    const uniforms = Object.values<number>({ ...window }).map((value) => ({ type: "int32", data: [value] }));
    return backend.runWebGPUProgram(programOf(shape), [x], "float32", uniforms);
  };
  return { kernelName, make: () => kernel };
}

/** In the order of {@link Window}. */
const names =
  "batch inDepth inHeight inWidth channels filterDepth filterHeight filterWidth outDepth outHeight outWidth outChannels strideDepth strideHeight strideWidth dilationDepth dilationHeight dilationWidth front top left groups".split(
    " ",
  );

const programOf = (shape: readonly number[]): WebGPUProgram => ({
  ...flatProgram(
    "pellucidMaxPool",
    ["x"],
    shape,
    `
      let channel = index % uniforms.channels;
      var rest = index / uniforms.channels;
      let q = rest % uniforms.outWidth * uniforms.strideWidth - uniforms.left;
      rest = rest / uniforms.outWidth;
      let r = rest % uniforms.outHeight * uniforms.strideHeight - uniforms.top;
      rest = rest / uniforms.outHeight;
      let d = rest % uniforms.outDepth * uniforms.strideDepth - uniforms.front;
      let image = rest / uniforms.outDepth * uniforms.inDepth;
      var best = 0xff800000u; // −∞, in bits, since a shader need not know NaN
      for (var i = 0; i < uniforms.filterDepth; i++) {
        let plane = d + i * uniforms.dilationDepth;
        if (plane < 0 || plane >= uniforms.inDepth) { continue; }
        for (var j = 0; j < uniforms.filterHeight; j++) {
          let row = r + j * uniforms.dilationHeight;
          if (row < 0 || row >= uniforms.inHeight) { continue; }
          let line = ((image + plane) * uniforms.inHeight + row) * uniforms.inWidth;
          for (var k = 0; k < uniforms.filterWidth; k++) {
            let column = q + k * uniforms.dilationWidth;
            if (column < 0 || column >= uniforms.inWidth) { continue; }
            let bits = bitcast<u32>(x[(line + column) * uniforms.channels + channel]);
            let isBestNaN = (best & 0x7fffffffu) > 0x7f800000u;
            let isNaN = (bits & 0x7fffffffu) > 0x7f800000u;
            let isLarger = bitcast<f32>(bits) > bitcast<f32>(best);
            if (isNaN || (!isBestNaN && isLarger)) { best = bits; }
          }
        }
      }
      result[index] = bitcast<f32>(best);`,
  ),
  uniforms: names.map((name) => `${name} : i32,`).join(" "),
});
