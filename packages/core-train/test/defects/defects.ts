import type { Defect, Place } from "./defect.ts";
import { missingGradients } from "./missing-gradients.ts";
import { onCpu } from "./on-cpu.ts";
import { onWasm } from "./on-wasm.ts";
import { onWebgpu } from "./on-webgpu.ts";
import { secondGradients } from "./second-gradients.ts";
import { wrongGradients } from "./wrong-gradients.ts";

/** All of them, by place. */
export const defects: Readonly<Record<Place, readonly Defect[]>> = {
  core: [...missingGradients, ...wrongGradients, ...secondGradients],
  cpu: onCpu,
  wasm: onWasm,
  webgpu: onWebgpu,
};
