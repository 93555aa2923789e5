import type { Defect, Scope } from "./defect.ts";
import { missingGradients } from "./missing-gradients.ts";
import { onCpu } from "./on-cpu.ts";
import { onWasm } from "./on-wasm.ts";
import { onWebgpu } from "./on-webgpu.ts";
import { secondGradients } from "./second-gradients.ts";
import { wrongGradients } from "./wrong-gradients.ts";

/** All of them, by scope. */
export const defects: Readonly<Record<Scope, readonly Defect[]>> = {
  core: [...missingGradients, ...wrongGradients, ...secondGradients],
  cpu: onCpu,
  wasm: onWasm,
  webgpu: onWebgpu,
};
