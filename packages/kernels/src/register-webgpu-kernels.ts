import { getBackend } from "@tensorflow/tfjs-core";
import { bitwiseAnd } from "./bitwise-and/webgpu.ts";
import { broadcast } from "./broadcast/webgpu.ts";
import { cast } from "./cast/webgpu.ts";
import { complexParts } from "./complex/webgpu.ts";
import { type ComposedKernel, registerComposedKernels } from "./composed/define-composed-kernel.ts";
import { cumulative } from "./cumsum/webgpu.ts";
import { webgpuFromCpu } from "./from-cpu/kernels.ts";
import { broadcastMatMul } from "./mat-mul/composed.ts";
import { padV2 } from "./pad/webgpu.ts";
import { prod } from "./prod/webgpu.ts";
import { repulsion } from "./repulsion/webgpu.ts";
import { repulsionField } from "./repulsion-field/webgpu.ts";
import { select } from "./select/webgpu.ts";
import { smallest } from "./smallest/webgpu.ts";
import { stridedSlice } from "./strided-slice/composed.ts";
import { transformShared } from "./transform/webgpu.ts";
import { tile } from "./tile/webgpu.ts";
import { tsneMove } from "./tsne-move/webgpu.ts";
import { tsneSlope } from "./tsne-slope/webgpu.ts";

const kernels: readonly ComposedKernel[] = [
  ...bitwiseAnd,
  ...broadcast,
  ...broadcastMatMul,
  ...cast,
  ...complexParts,
  ...cumulative,
  ...padV2,
  ...prod,
  ...repulsion,
  ...repulsionField,
  ...select,
  ...smallest,
  ...stridedSlice,
  ...tile,
  transformShared,
  ...tsneMove,
  ...tsneSlope,
  ...webgpuFromCpu,
];

/**
 * Gives tfjs' WebGPU backend, which must be the active one, right kernels in place of those that are wrong. Calling it
 * again changes nothing.
 *
 * @throws RangeError if another backend is active
 */
export function registerWebgpuKernels(): void {
  if (getBackend() !== "webgpu") {
    throw new RangeError(
      `registerWebgpuKernels: the active backend is ${getBackend()}, expected webgpu. Await setBackend("webgpu") first.`,
    );
  }
  registerComposedKernels("webgpu", kernels);
}
