import { Transform } from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";
import { fromCpu } from "../from-cpu/from-cpu.ts";
import { transformEach } from "./each.ts";

/** tfjs-node has none: the CPU backend's, image by image. */
export const transform: readonly ComposedKernel[] = transformEach.map((each) => ({
  ...each,
  make: () => each.make(fromCpu(Transform).make(undefined)),
}));
